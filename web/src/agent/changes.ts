/** What differs between two agents, as `patch` tells it (section 4 of the contract), and how it is said to a person. */

import { isObject, list, object, same, shown, text } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Change } from "../types.ts";
import type { Blocks } from "./read.ts";
import { readAgent } from "./read.ts";

export type Mark = "added" | "removed" | "changed";

/** Where something stands in the picture is not a change. */
const POSITION = "position";

function byId(items: Json): Map<string, JsonObject> {
  return new Map(list(items).filter(isObject).map((item) => [text(item["id"]), item]));
}

/** A link is met by its four ends, which tell it apart whatever its id is. */
export function endsOf(link: JsonObject): string {
  return ["source_id", "source_name", "sink_id", "sink_name"].map((key) => text(link[key])).join("\n");
}

function byEnds(items: Json): Map<string, JsonObject> {
  return new Map(list(items).filter(isObject).map((item) => [endsOf(item), item]));
}

export function differences(before: JsonObject, after: JsonObject, blocks: Blocks): Change[] {
  const changes: Change[] = [];
  const add = (change: Partial<Change> & Pick<Change, "op" | "what">): void => {
    changes.push({ id: null, name: null, path: null, before: null, after: null, ...change });
  };
  const field = (what: Change["what"], id: string | null, name: string, path: string, one: Json, other: Json): void => {
    if (same(one, other)) return;
    add({ op: one === null ? "added" : other === null ? "removed" : "changed", what, id, name, path, before: one, after: other });
  };
  for (const key of keysOf(before, after)) {
    if (key === "nodes" || key === "links" || key === "version") continue;
    field("agent", null, text(after["name"]), key, before[key] ?? null, after[key] ?? null);
  }
  const titles = new Map([before, after].flatMap((agent) => readAgent(agent, blocks).nodes.map((node) => [node.id, node.title])));
  const [nodesBefore, nodesAfter] = [byId(before["nodes"] ?? null), byId(after["nodes"] ?? null)];
  for (const [id, node] of nodesBefore) {
    const now = nodesAfter.get(id);
    const name = titles.get(id) ?? "";
    if (!now) add({ op: "removed", what: "node", id, name });
    else for (const [path, one, other] of fieldsOf(node, now)) field("value", id, name, path, one, other);
  }
  for (const id of nodesAfter.keys()) if (!nodesBefore.has(id)) add({ op: "added", what: "node", id, name: titles.get(id) ?? "" });
  const [linksBefore, linksAfter] = [byEnds(before["links"] ?? null), byEnds(after["links"] ?? null)];
  const link = (op: "added" | "removed", whole: JsonObject): void => {
    const title = (key: string): string => titles.get(text(whole[key])) ?? text(whole[key]);
    const name = `${title("source_id")} · ${text(whole["source_name"])} → ${title("sink_id")} · ${text(whole["sink_name"])}`;
    add({ op, what: "link", id: text(whole["id"]) || null, name });
  };
  for (const [ends, whole] of linksBefore) if (!linksAfter.has(ends)) link("removed", whole);
  for (const [ends, whole] of linksAfter) if (!linksBefore.has(ends)) link("added", whole);
  return changes;
}

function keysOf(one: JsonObject, other: JsonObject): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** The fields of a node that may differ, one by one: those of its values and of its metadata each for itself. */
function* fieldsOf(one: JsonObject, other: JsonObject): Generator<[string, Json, Json]> {
  for (const key of keysOf(one, other)) {
    if (key === "id") continue;
    if (key === "input_default" || key === "metadata") {
      const [before, after] = [object(one[key]), object(other[key])];
      for (const name of keysOf(before, after)) {
        if (key === "metadata" && name === POSITION) continue;
        yield [key === "metadata" ? `metadata.${name}` : name, before[name] ?? null, after[name] ?? null];
      }
    } else {
      yield [key, one[key] ?? null, other[key] ?? null];
    }
  }
}

export interface Marked {
  /** Both agents in one: what was removed is in it, too. */
  union: JsonObject;
  nodes: Map<string, Mark>;
  /** By `endsOf`. */
  links: Map<string, Mark>;
}

export function marked(before: JsonObject, after: JsonObject): Marked {
  const nodes = new Map<string, Mark>();
  const links = new Map<string, Mark>();
  const [nodesBefore, nodesAfter] = [byId(before["nodes"] ?? null), byId(after["nodes"] ?? null)];
  for (const [id, node] of nodesAfter) {
    const old = nodesBefore.get(id);
    if (!old) nodes.set(id, "added");
    else if ([...fieldsOf(old, node)].some(([, one, other]) => !same(one, other))) nodes.set(id, "changed");
  }
  const gone = [...nodesBefore].filter(([id]) => !nodesAfter.has(id));
  for (const [id] of gone) nodes.set(id, "removed");
  const [linksBefore, linksAfter] = [byEnds(before["links"] ?? null), byEnds(after["links"] ?? null)];
  const cut = [...linksBefore].filter(([ends]) => !linksAfter.has(ends));
  for (const ends of linksAfter.keys()) if (!linksBefore.has(ends)) links.set(ends, "added");
  for (const [ends] of cut) links.set(ends, "removed");
  const union = {
    ...after,
    nodes: [...nodesAfter.values(), ...gone.map(([, node]) => node)],
    links: [...linksAfter.values(), ...cut.map(([, link]) => link)],
  };
  return { union, nodes, links };
}

export const SIGNS: Record<Mark, string> = { added: "+", removed: "−", changed: "~" };
export const VERBS: Record<Mark, string> = { added: "Added", removed: "Removed", changed: "Changed" };

const FIELDS: Record<string, string> = {
  name: "name",
  description: "description",
  recommended_schedule_cron: "schedule",
  recommended_schedule_timezone: "time zone of the schedule",
  "metadata.customized_name": "title",
  block_id: "block",
};

/** What a change is about: "step “Post to Slack”". */
export function subject(change: Change): string {
  const path = change.path?.replace(/^input_default\./, "") ?? "";
  const name = change.name ?? "";
  switch (change.what) {
    case "node":
      return path ? `${FIELDS[path] ?? path} of step “${name}”` : `step “${name}”`;
    case "link":
      return `link ${name}`;
    case "value":
      return `${FIELDS[path] ?? path} of step “${name}”`;
    case "agent":
      return `${FIELDS[path] ?? path} of the agent`;
  }
}

/** The value before or after, cut; empty if there is none. */
export function valueOf(value: Json): string {
  return value === null ? "" : shown(value);
}
