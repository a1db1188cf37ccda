/** An agent: its picture, what is told of it, and everything that one can do with it. */

import type { App } from "../app.ts";
import type { Facts } from "../types.ts";
import type { Agent, AgentNode, Blocks } from "../agent/read.ts";
import { readAgent } from "../agent/read.ts";
import { h, focusOn } from "../dom.ts";
import { drawingOf, drawingOfChange } from "../graph/drawing.ts";
import { createGraph } from "../graph/view.ts";
import type { JsonObject } from "../json.ts";
import type { Proposal } from "../state/desk.ts";
import { counted } from "../words.ts";
import { changePart } from "./change.ts";
import { decide } from "./decide.ts";
import { exportPart } from "./export.ts";
import { facts as factsPart } from "./facts.ts";
import { inspector } from "./inspector.ts";
import { button, slot } from "./parts.ts";
import type { Subject } from "./subject.ts";
import { tabs } from "./tabs.ts";

const ALL = 300;

export function workbench(app: App, subject: Subject, blocks: Blocks, signal: AbortSignal): HTMLElement {
  const detail = slot({ class: "detail", "aria-live": "off" });
  const work = slot({ class: "work" });
  const about = slot({ class: "about" });
  const remember = { open: 0 };
  /** What the picture shows: a proposal, when there is one. */
  let shown = subject.agent;
  let seen = readAgent(shown, blocks);

  const select = (id: string | null): void => {
    const node = seen.nodes.find((other) => other.id === id);
    graph.select(node?.id ?? null);
    detail.show(node && inspector(app, { agent: seen, node, blocks, needs: facts().requirements, select }));
    if (node) app.say(`${node.title}: details are shown beside the picture`);
  };
  const graph = createGraph(select);
  const look = (agent: JsonObject, before: JsonObject | null): void => {
    shown = agent;
    seen = readAgent(agent, blocks);
    graph.show(before ? drawingOfChange(before, agent, blocks) : drawingOf(seen));
    detail.show();
    drawAbout();
  };
  const facts = (): Facts => {
    const { proposal } = app.desk.get();
    return proposal && shown === proposal.after ? proposal.facts : subject.facts;
  };
  const drawAbout = (): void => {
    about.show(tabs("About the agent", [
      { title: "About", draw: () => h("div", {}, factsPart(facts())) },
      { title: `Blocks (${seen.nodes.length})`, draw: () => blockList(seen, select) },
      { title: "Export", draw: () => exportPart(app, seen, shown, shown === subject.agent ? subject.kept : null) },
    ], remember));
  };
  const drawWork = (): void => {
    const { proposal } = app.desk.get();
    if (proposal && proposal.of?.id === subject.kept?.id) {
      look(proposal.after, proposal.before);
      const deciding = decide(app, subject, proposal, { blocks, look, done, signal });
      work.show(deciding);
      focusOn(deciding.querySelector<HTMLElement>("h2") ?? deciding);
      return;
    }
    look(subject.agent, null);
    const { agent, kept } = subject;
    work.show(changePart(app, { agent, kept, signal, proposed: (next: Proposal) => {
      app.desk.update({ proposal: next });
      drawWork();
      app.say("The change is ready. Keep it or discard it.");
    } }).element);
  };
  const done = (): void => {
    if (!signal.aborted) drawWork();
  };
  drawWork();
  return h("div", { class: "bench" }, h("div", { class: "bench-graph" }, graph.element),
    h("aside", { class: "panel", "aria-label": "The agent" }, subject.head(seen), detail.element, work.element, about.element));
}

/** The same as the picture, as a list. */
function blockList(agent: Agent, select: (id: string) => void): HTMLElement {
  const row = (node: AgentNode): HTMLElement => h("li", {}, button(h("span", { dir: "auto" }, node.title), () => select(node.id), { class: "button link" }),
    h("span", { class: "fine" }, node.block === node.title ? "" : ` ${node.block}`));
  const rest = agent.nodes.length - ALL;
  return h("div", {}, h("ol", { class: "block-list" }, agent.nodes.slice(0, ALL).map(row)),
    rest > 0 && h("p", { class: "fine" }, `and ${counted(rest, "more block")}`));
}
