/** Where the blocks of an agent stand, and the ways of the wires between them. */

import { layered } from "./layers.ts";
import type { Cell } from "./layers.ts";

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** From left to right, or from top to bottom. */
export type Direction = "LR" | "TB";

export interface Layout extends Size {
  direction: Direction;
  /** The upper left corner of each block, by its id. */
  places: Map<string, Point>;
  /** The `d` of a path for each wire, in the order in which they were given. */
  ways: string[];
}

export interface Wire {
  from: string;
  to: string;
}

export const BLOCK: Size = { width: 224, height: 60 };
const MARGIN = 24;
const GAP = 28;
const WIRE = 14;
const BETWEEN_LAYERS: Record<Direction, number> = { LR: 72, TB: 52 };

/** `ids` in the order in which the blocks run. */
export function layout(ids: readonly string[], wires: readonly Wire[], direction: Direction): Layout {
  const numbers = new Map(ids.map((id, index) => [id, index]));
  const pairs = wires.map(({ from, to }) => [numbers.get(from) ?? 0, numbers.get(to) ?? 0] as const);
  const flat = direction === "LR";
  // Along the layers and across them.
  const [long, thick] = flat ? [BLOCK.width, BLOCK.height] : [BLOCK.height, BLOCK.width];
  const { blocks, crossed, layers } = layered(ids.length, pairs, { block: thick + GAP, wire: WIRE });
  const step = long + BETWEEN_LAYERS[direction];
  const cells = layers.flat();
  const least = cells.reduce((start, cell) => Math.min(start, cell.at - cell.room / 2), Infinity);
  const most = cells.reduce((end, cell) => Math.max(end, cell.at + cell.room / 2), -Infinity);
  const point = (along: number, across: number): Point => (flat ? { x: along, y: across } : { x: across, y: along });
  const start = (cell: Cell): number => MARGIN + cell.layer * step;
  const across = (cell: Cell): number => MARGIN + cell.at - least;
  const corner = (cell: Cell): Point => point(start(cell), across(cell) - thick / 2);
  const places = new Map(ids.map((id, index) => {
    const block = blocks[index];
    return [id, block ? corner(block) : { x: 0, y: 0 }];
  }));
  const ways = pairs.map(([from, to], index) => {
    const [first, last] = [blocks[from], blocks[to]];
    if (!first || !last) return "";
    if (first === last) return loop(corner(first));
    const back = last.layer < first.layer;
    const through = (crossed[index] ?? []).flatMap((cell) => {
      const ends = [point(start(cell), across(cell)), point(start(cell) + long, across(cell))];
      return back ? ends.toReversed() : ends;
    });
    return path([point(start(first) + long, across(first)), ...through, point(start(last), across(last))], flat);
  });
  if (cells.length === 0) return { direction, places, ways, width: 0, height: 0 };
  const [depth, breadth] = [layers.length * step - BETWEEN_LAYERS[direction] + 2 * MARGIN, most - least + 2 * MARGIN];
  const [width, height] = flat ? [depth, breadth] : [breadth, depth];
  return { direction, places, ways, width, height };
}

/** The layout that is seen largest in `room`. */
export function bestLayout(ids: readonly string[], wires: readonly Wire[], room: Size): Layout {
  const [down, across] = [layout(ids, wires, "TB"), layout(ids, wires, "LR")];
  const scale = (one: Layout): number => Math.min(room.width / one.width, room.height / one.height, 1);
  // On a phone one scrolls down by habit.
  return room.width > 520 && scale(across) > scale(down) ? across : down;
}

/** Blocks that have no wires yet, in rows: an agent while it is made. */
export function rows(ids: readonly string[], room: Size): Layout {
  const [width, height] = [BLOCK.width + GAP, BLOCK.height + GAP];
  const across = Math.max(1, Math.min(ids.length, Math.floor((room.width - MARGIN) / width)));
  const places = new Map(ids.map((id, index) => {
    return [id, { x: MARGIN + (index % across) * width, y: MARGIN + Math.floor(index / across) * height }];
  }));
  return { direction: "LR", places, ways: [], width: across * width + MARGIN, height: Math.ceil(ids.length / across) * height + MARGIN };
}

/** A smooth line through the points: between two of them it leaves and arrives along the layers. */
export function path(points: readonly Point[], flat: boolean): string {
  let line = "";
  points.forEach((point, index) => {
    const last = points[index - 1];
    if (!last) {
      line = `M${written(point)}`;
    } else if (flat ? last.y === point.y : last.x === point.x) {
      line += `L${written(point)}`;
    } else {
      const reach = Math.max(16, Math.abs(flat ? point.x - last.x : point.y - last.y) / 2);
      const [out, into] = flat
        ? [{ x: last.x + reach, y: last.y }, { x: point.x - reach, y: point.y }]
        : [{ x: last.x, y: last.y + reach }, { x: point.x, y: point.y - reach }];
      line += `C${written(out)} ${written(into)} ${written(point)}`;
    }
  });
  return line;
}

/** Of a block that feeds itself. */
function loop({ x, y }: Point): string {
  const right = x + BLOCK.width;
  return `M${written({ x: right, y: y + 20 })}C${right + 40},${y + 20} ${right - 40},${y - 40} ${written({ x: right - 40, y })}`;
}

function written({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
