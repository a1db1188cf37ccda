/** What the picture shows of an agent, with the marks of a change if there is one. */

import type { Agent, AgentLink, Blocks } from "../agent/read.ts";
import { kindOf, readAgent } from "../agent/read.ts";
import { endsOf, marked } from "../agent/changes.ts";
import type { Mark, Marked } from "../agent/changes.ts";
import type { JsonObject } from "../json.ts";
import type { ProgressEvent } from "../types.ts";
import { blockTitle } from "../words.ts";
import type { Drawing, DrawnBlock, DrawnWire } from "./view.ts";

/** Outputs of a block that say which way it went. */
const WAYS: Record<string, string> = { yes_output: "yes", no_output: "no" };

export function drawingOf(agent: Agent, marks?: Marked): Drawing {
  const blocks = agent.nodes.map((node): DrawnBlock => ({
    id: node.id, title: node.title, block: node.block, kind: node.kind, mark: marks?.nodes.get(node.id),
  }));
  return { blocks, wires: wiresOf(agent.links, marks) };
}

/** One wire for all links between the same two blocks. */
function wiresOf(links: readonly AgentLink[], marks?: Marked): DrawnWire[] {
  const wires = new Map<string, DrawnWire & { marks: Set<Mark | undefined> }>();
  for (const link of links) {
    const says = WAYS[link.output];
    const key = [link.from, link.to, says ?? ""].join("\n");
    const ends = endsOf({ source_id: link.from, source_name: link.output, sink_id: link.to, sink_name: link.input });
    const mark = marks?.links.get(ends);
    const wire = wires.get(key);
    if (wire) wire.marks.add(mark);
    else wires.set(key, { from: link.from, to: link.to, says, marks: new Set([mark]) });
  }
  return [...wires.values()].map(({ marks: found, ...wire }) => ({ ...wire, mark: found.size === 1 ? [...found][0] : undefined }));
}

export function drawingOfChange(before: JsonObject, after: JsonObject, blocks: Blocks): Drawing {
  const marks = marked(before, after);
  return drawingOf(readAgent(marks.union, blocks), marks);
}

/** An agent while it is made: the blocks that have been told of so far. */
export function growing(events: readonly ProgressEvent[], blocks: Blocks): Drawing {
  const byName = new Map([...blocks.values()].map((block) => [block.name, block]));
  const found = new Map<string, DrawnBlock>();
  for (const event of events) {
    // What was made before a failure is made again.
    if (event.type === "started") found.clear();
    if (event.type !== "block_added" || !event.node) continue;
    const block = event.block ?? "";
    const known = byName.get(block) ?? byName.get(`${block}Block`);
    const title = blockTitle(block);
    found.set(event.node, { id: event.node, title: event.name || title, block: title, kind: kindOf(known) });
  }
  return { blocks: [...found.values()], wires: [], growing: true };
}
