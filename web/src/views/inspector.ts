/** One block of an agent: what it does, its values, and what it takes and gives. */

import type { App } from "../app.ts";
import type { Agent, AgentNode, Blocks, Kind } from "../agent/read.ts";
import { h, said } from "../dom.ts";
import { shown } from "../json.ts";
import type { Json } from "../json.ts";
import type { Requirements } from "../types.ts";
import { joined, providerTitle } from "../words.ts";
import { button, copyButton } from "./parts.ts";

const KINDS: Record<Kind, string> = {
  input: "Asks the person who runs the agent",
  output: "Gives a result to the person",
  trigger: "Starts the agent by itself",
  decision: "Decides which way to go",
  agent: "Runs another agent",
  action: "",
};
const LONG = 160;

interface Inspected {
  agent: Agent;
  node: AgentNode;
  blocks: Blocks;
  needs: Requirements;
  select(id: string | null): void;
}

export function inspector(app: App, { agent, node, blocks, needs, select }: Inspected): HTMLElement {
  const block = blocks.get(node.blockId);
  // What the agent needs names the one account that a block uses; the block itself names all that would do.
  const named = needs.credentials.filter((entry) => block && entry.blocks.includes(block.name)).map((entry) => entry.provider);
  const needed = named.length > 0 ? named : (block?.providers ?? []);
  const titles = new Map(agent.nodes.map((other) => [other.id, other.title]));
  const jump = (id: string): HTMLElement => button(said(titles.get(id) ?? id), () => select(id), { class: "button link" });
  const takes = agent.links.filter((link) => link.to === node.id);
  const gives = agent.links.filter((link) => link.from === node.id);
  const section = (title: string, ...rest: (HTMLElement | null)[]): HTMLElement => h("section", {}, h("h3", {}, title), rest);
  return h("section", { class: "inspector card", "aria-label": `Block ${node.title}` },
    h("div", { class: "inspector-head" },
      h("div", {}, h("h2", { dir: "auto" }, node.title), h("p", { class: "fine" }, node.block)),
      button("✕", () => select(null), { class: "tool", "aria-label": "Close", title: "Close" })),
    block?.description ? h("p", { dir: "auto" }, block.description) : null,
    KINDS[node.kind] ? h("p", { class: "fine" }, KINDS[node.kind]) : null,
    needed.length > 0 ? h("p", { class: "needs" }, named.length === 0 && needed.length > 1 ? "Needs an account of one of " : "Needs an account of ", h("strong", {}, joined(needed.map(providerTitle)))) : null,
    node.values.length > 0 ? section("Values", h("dl", { class: "values" }, node.values.map(([name, value]) =>
      h("div", {}, h("dt", {}, said(name)), h("dd", { dir: "auto" }, valueShown(value)))))) : null,
    takes.length > 0 ? section("Takes", h("ul", { class: "links" }, takes.map((link) =>
      h("li", {}, h("code", {}, said(link.input)), " from ", jump(link.from), " (", h("code", {}, said(link.output)), ")")))) : null,
    gives.length > 0 ? section("Gives", h("ul", { class: "links" }, gives.map((link) =>
      h("li", {}, h("code", {}, said(link.output)), " to ", jump(link.to), " (", h("code", {}, said(link.input)), ")")))) : null,
    h("details", { class: "more" }, h("summary", {}, "As JSON"), h("pre", { tabindex: 0 }, formatted(node.whole)),
      copyButton(app, "Copy", () => formatted(node.whole))));
}

function formatted(value: Json): string {
  return JSON.stringify(value, null, 2);
}

/** Long values are folded. */
function valueShown(value: Json): HTMLElement | string {
  const words = value === null ? "–" : shown(value);
  if (words.length <= LONG) return words;
  return h("details", {}, h("summary", { dir: "auto" }, `${words.slice(0, LONG)}…`), h("pre", { dir: "auto", tabindex: 0 }, words));
}
