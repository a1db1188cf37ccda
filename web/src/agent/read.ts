/** An agent as the page shows it. Its JSON may come from any generator: what does not fit is skipped, never thrown at. */

import type { Block } from "../api/calls.ts";
import { list, object, text } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { blockTitle } from "../words.ts";

/** What a node is for; the picture tells them apart by colour and sign. */
export type Kind = "input" | "output" | "trigger" | "decision" | "agent" | "action";

export interface AgentNode {
  id: string;
  title: string;
  /** The block's title, or "Unknown block". */
  block: string;
  blockId: string;
  kind: Kind;
  values: [string, Json][];
  whole: JsonObject;
}

export interface AgentLink {
  from: string;
  output: string;
  to: string;
  input: string;
}

export interface Agent {
  name: string;
  description: string;
  /** In the order in which they run. */
  nodes: AgentNode[];
  links: AgentLink[];
}

/** Blocks by their id. */
export type Blocks = ReadonlyMap<string, Block>;

export function readAgent(json: JsonObject, blocks: Blocks): Agent {
  const nodes = list(json["nodes"]).map((node) => readNode(object(node), blocks)).filter((node) => node.id !== "");
  const ids = new Set(nodes.map((node) => node.id));
  const links = list(json["links"]).map(readLink).filter((link) => ids.has(link.from) && ids.has(link.to));
  return { name: text(json["name"]), description: text(json["description"]), nodes: inOrder(nodes, links), links };
}

function readNode(node: JsonObject, blocks: Blocks): AgentNode {
  const blockId = text(node["block_id"]);
  const block = blocks.get(blockId);
  const defaults = object(node["input_default"]);
  const kind = kindOf(block);
  const own = text(object(node["metadata"])["customized_name"]).trim();
  const named = kind === "input" || kind === "output" ? text(defaults["name"]).trim() : "";
  const blockName = block ? blockTitle(block.name) : "Unknown block";
  const values = Object.entries(defaults).map(([name, value]): [string, Json] => [name, value ?? null]);
  return { id: text(node["id"]), title: own || named || blockName, block: blockName, blockId, kind, values, whole: node };
}

export function kindOf(block: Block | undefined): Kind {
  if (!block) return "action";
  if (block.kind === "Input") return "input";
  if (block.kind === "Output") return "output";
  if (block.kind.startsWith("Webhook")) return "trigger";
  if (block.kind === "Agent") return "agent";
  return /Condition/.test(block.name) ? "decision" : "action";
}

function readLink(link: Json): AgentLink {
  const told = object(link);
  const [from = "", output = "", to = "", input = ""] = ["source_id", "source_name", "sink_id", "sink_name"].map((key) => text(told[key]));
  return { from, output, to, input };
}

/** What gives comes before what takes; circles, and what is equal, stay as they were. */
function inOrder(nodes: AgentNode[], links: AgentLink[]): AgentNode[] {
  const waits = new Map(nodes.map((node) => [node.id, 0]));
  const feeds = new Map<string, string[]>();
  for (const { from, to } of links) {
    if (from === to) continue;
    waits.set(to, (waits.get(to) ?? 0) + 1);
    feeds.set(from, [...(feeds.get(from) ?? []), to]);
  }
  const left = new Map(nodes.map((node) => [node.id, node]));
  const ordered: AgentNode[] = [];
  let ready = nodes.filter((node) => waits.get(node.id) === 0);
  while (left.size > 0) {
    // A circle: break it at its first node.
    const [first] = left.values();
    if (ready.length === 0 && first) ready = [first];
    const next: AgentNode[] = [];
    for (const node of ready) {
      if (!left.delete(node.id)) continue;
      ordered.push(node);
      for (const to of feeds.get(node.id) ?? []) {
        const count = (waits.get(to) ?? 0) - 1;
        waits.set(to, count);
        const fed = left.get(to);
        if (count === 0 && fed) next.push(fed);
      }
    }
    ready = next;
  }
  return ordered;
}
