/** The picture of an agent: blocks as buttons over wires as SVG; panned, zoomed and walked through by mouse, finger or keys. */

import { fill, h, svg } from "../dom.ts";
import type { Kind } from "../agent/read.ts";
import type { Mark } from "../agent/changes.ts";
import { SIGNS, VERBS } from "../agent/changes.ts";
import { fitted, opening, revealing, zoomed } from "./camera.ts";
import type { Camera } from "./camera.ts";
import { followGestures } from "./gestures.ts";
import { BLOCK, bestLayout, rows } from "./layout.ts";
import type { Layout, Point, Size, Wire } from "./layout.ts";
import { neighbour } from "./walk.ts";

export interface DrawnBlock {
  id: string;
  title: string;
  block: string;
  kind: Kind;
  mark?: Mark | undefined;
}

export interface DrawnWire extends Wire {
  /** What the wire says, if that matters: "yes", "no". */
  says?: string | undefined;
  mark?: Mark | undefined;
}

export interface Drawing {
  blocks: DrawnBlock[];
  wires: DrawnWire[];
  /** The wires are not known yet. */
  growing?: boolean;
}

export interface GraphView {
  element: HTMLElement;
  show(drawing: Drawing): void;
  /** Null: none. */
  select(id: string | null): void;
  fit(): void;
}

/** Of bigger pictures nothing moves by itself: that would not be smooth. */
const LIVELY = 80;
const ZOOM = 1.25;
const KIND_NAMES: Record<Kind, string> = {
  input: "asks for", output: "gives", trigger: "starts the agent", decision: "decides", agent: "runs an agent", action: "",
};

export function createGraph(onSelect: (id: string | null) => void): GraphView {
  const wiring = svg("svg", { class: "wires", "aria-hidden": "true" });
  const blocks = h("div", { class: "blocks", role: "group", "aria-label": "Blocks of the agent. Arrow keys go from block to block." });
  const canvas = h("div", { class: "canvas" }, wiring, blocks);
  const empty = h("p", { class: "graph-empty" });
  const stage = h("div", { class: "stage" }, canvas, empty);
  const tool = (label: string, sign: string, act: () => void): HTMLElement =>
    h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: act }, sign);
  const element = h("section", { class: "graph", "aria-label": "Picture of the agent" }, stage, h("div", { class: "tools", role: "group", "aria-label": "View" },
    tool("Zoom in", "+", () => zoom(ZOOM)),
    tool("Zoom out", "−", () => zoom(1 / ZOOM)),
    tool("Show all of it", "⤢", () => fit()),
  ));

  let camera: Camera = { x: 0, y: 0, scale: 1 };
  let drawing: Drawing = { blocks: [], wires: [] };
  let placed: Layout | null = null;
  let selected: string | null = null;
  let untouched = true;
  const buttons = new Map<string, HTMLButtonElement>();

  const room = (): Size => ({ width: stage.clientWidth, height: stage.clientHeight });
  const look = (next: Camera): void => {
    camera = next;
    canvas.style.transform = `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})`;
  };
  const zoom = (factor: number, point?: Point): void => {
    untouched = false;
    look(zoomed(camera, factor, point ?? { x: room().width / 2, y: room().height / 2 }));
  };
  const fit = (): void => {
    untouched = true;
    if (placed) look(fitted(placed, room()));
  };
  followGestures(stage, {
    pan: (by) => {
      untouched = false;
      look({ ...camera, x: camera.x + by.x, y: camera.y + by.y });
    },
    zoom,
  });

  const reveal = (id: string): void => {
    const place = placed?.places.get(id);
    if (place) look(revealing(camera, { ...place, ...BLOCK }, room()));
  };
  const button = (id: string): HTMLButtonElement => h("button", {
    type: "button", tabindex: -1,
    onclick: () => onSelect(id),
    onfocus: () => reveal(id),
  });
  const describe = (element: HTMLButtonElement, block: DrawnBlock): void => {
    element.className = `block ${block.kind}${block.mark ? ` ${block.mark}` : ""}`;
    const named = block.title !== block.block;
    const unseen = (words: string): HTMLElement => h("span", { class: "offscreen" }, words);
    fill(element,
      block.mark && [h("span", { class: "mark", "aria-hidden": "true" }, SIGNS[block.mark]), unseen(`${VERBS[block.mark]}: `)],
      h("span", { class: named ? "title" : "title long", dir: "auto" }, block.title), named && h("span", { class: "kind", dir: "auto" }, block.block),
      KIND_NAMES[block.kind] && unseen(` ${KIND_NAMES[block.kind]}`));
    element.title = block.title;
  };

  const drawWires = (): void => {
    if (!placed) return;
    wiring.setAttribute("width", String(placed.width));
    wiring.setAttribute("height", String(placed.height));
    const ways = placed.ways;
    fill(wiring, arrows(), drawing.wires.flatMap((wire, index) => {
      const near = selected !== null && (wire.from === selected || wire.to === selected);
      const line = svg("path", { d: ways[index] ?? "", class: `wire${wire.mark ? ` ${wire.mark}` : ""}${near ? " near" : ""}` });
      const middle = wire.says && placed ? between(placed, wire) : null;
      return middle ? [line, svg("text", { x: middle.x, y: middle.y, class: "says" }, wire.says)] : [line];
    }));
  };

  const place = (): void => {
    // Not on the screen yet: the observer of its size comes back to this.
    if (room().width === 0) return;
    const ids = drawing.blocks.map((block) => block.id);
    // A picture that opens is there; only what comes later moves to its place.
    canvas.classList.toggle("lively", placed !== null && ids.length <= LIVELY);
    placed = drawing.growing ? rows(ids, room()) : bestLayout(ids, drawing.wires, room());
    for (const [id, point] of placed.places) {
      const element = buttons.get(id);
      if (element) element.style.transform = `translate(${point.x}px, ${point.y}px)`;
    }
    drawWires();
    if (untouched) look(drawing.growing ? fitted(placed, room()) : opening(placed, room()));
  };

  const show = (next: Drawing): void => {
    if (drawing.blocks.length === 0) untouched = true;
    drawing = next;
    const wanted = new Set(next.blocks.map((block) => block.id));
    for (const [id, old] of buttons) {
      if (wanted.has(id)) continue;
      old.remove();
      buttons.delete(id);
    }
    for (const block of next.blocks) {
      const element = buttons.get(block.id) ?? button(block.id);
      buttons.set(block.id, element);
      describe(element, block);
      if (element.parentElement !== blocks) blocks.append(element);
    }
    // In the order in which they run, for those who go through them by key.
    next.blocks.forEach((block, index) => {
      const element = buttons.get(block.id);
      if (element && blocks.children[index] !== element) blocks.insertBefore(element, blocks.children[index] ?? null);
    });
    empty.textContent = next.blocks.length > 0 ? "" : next.growing ? "The blocks appear here." : "This agent has no blocks.";
    place();
    select(selected !== null && wanted.has(selected) ? selected : null);
  };

  const select = (id: string | null): void => {
    selected = id;
    const stop = id ?? drawing.blocks[0]?.id;
    for (const [other, element] of buttons) {
      element.setAttribute("aria-pressed", String(other === id));
      element.tabIndex = other === stop ? 0 : -1;
    }
    drawWires();
    if (id) reveal(id);
  };

  blocks.addEventListener("keydown", (event) => {
    const from = [...buttons].find(([, element]) => element === document.activeElement)?.[0];
    if (!from || !placed || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(event.key, from, drawing, placed);
    if (event.key === "Escape") onSelect(null);
    else if (event.key === "+" || event.key === "=") zoom(ZOOM);
    else if (event.key === "-") zoom(1 / ZOOM);
    else if (event.key === "0") fit();
    else if (next) buttons.get(next)?.focus({ preventScroll: true });
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  });

  let shape = { width: 0, height: 0 };
  new ResizeObserver(() => {
    const now = room();
    if (now.width === 0 || (now.width === shape.width && now.height === shape.height)) return;
    shape = now;
    if (untouched || !placed) place();
  }).observe(stage);

  return { element, show, select, fit };
}

/** Where a wire says what it says: near its beginning. */
function between(placed: Layout, wire: Wire): Point | null {
  const [from, to] = [placed.places.get(wire.from), placed.places.get(wire.to)];
  if (!from || !to) return null;
  const flat = placed.direction === "LR";
  const start = flat ? { x: from.x + BLOCK.width, y: from.y + BLOCK.height / 2 } : { x: from.x + BLOCK.width / 2, y: from.y + BLOCK.height };
  const end = flat ? { x: to.x, y: to.y + BLOCK.height / 2 } : { x: to.x + BLOCK.width / 2, y: to.y };
  return { x: start.x + (end.x - start.x) * 0.35, y: start.y + (end.y - start.y) * 0.35 };
}

function arrows(): SVGDefsElement {
  const arrow = (id: string): SVGMarkerElement => svg("marker", {
    id: `arrow-${id}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse",
  }, svg("path", { d: "M0,0L8,4L0,8Z", class: `arrow ${id}` }));
  return svg("defs", {}, ["plain", "near", "added", "removed"].map(arrow));
}
