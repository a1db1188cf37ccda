/** Reads what the API answers. A generator may be anybody's: whatever is missing or of another shape counts as empty. */

import { isObject, list, number, object, text } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Change, Facts, Head, Kept, Outcome, Requirements, Story } from "../types.ts";
import { Failure } from "./failure.ts";

function orNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function requirementsOf(value: unknown): Requirements {
  const told = object(value);
  const trigger = told["trigger"];
  return {
    credentials: list(told["credentials"]).map((entry) => ({
      provider: text(object(entry)["provider"]),
      blocks: list(object(entry)["blocks"]).map((block) => text(block)),
    })),
    inputs: list(told["inputs"]).map((entry) => ({
      name: text(object(entry)["name"]),
      description: text(object(entry)["description"]),
      type: text(object(entry)["type"], "any"),
      required: object(entry)["required"] === true,
    })),
    schedule: orNull(told["schedule"]),
    timezone: orNull(told["timezone"]),
    trigger: isObject(trigger) ? { block: text(trigger["block"]), description: text(trigger["description"]) } : null,
  };
}

export function factsOf(body: JsonObject): Facts {
  const leftOut = list(body["left_out"]).map((entry) => ({
    text: text(object(entry)["text"]),
    reason: text(object(entry)["reason"]),
    message: text(object(entry)["message"]),
  }));
  return { leftOut, requirements: requirementsOf(body["requirements"]), explanation: text(body["explanation"]) };
}

function changesOf(value: unknown): Change[] {
  return list(value).map((entry) => {
    const told = object(entry);
    return {
      op: text(told["op"], "changed") as Change["op"],
      what: text(told["what"], "agent") as Change["what"],
      id: orNull(told["id"]),
      name: orNull(told["name"]),
      path: orNull(told["path"]),
      before: told["before"] ?? null,
      after: told["after"] ?? null,
    };
  });
}

/** The result of decompose, generate or patch, in a request or from an operation. */
export function outcomeOf(value: Json): Outcome {
  const body = object(value);
  const type = text(body["type"]);
  const message = text(body["message"]);
  switch (type) {
    case "instructions":
      return { type, whole: body, facts: factsOf(body) };
    case "clarifying_questions": {
      const questions = list(body["questions"]).map((entry) => ({
        question: text(object(entry)["question"]),
        keyword: text(object(entry)["keyword"]),
        example: orNull(object(entry)["example"]),
      }));
      return { type, message, questions };
    }
    case "vague_goal":
    case "unachievable_goal":
      return { type, message, reason: orNull(body["reason"]), suggestion: orNull(body["suggested_goal"]) };
    case "agent_preview":
      if (isObject(body["agent_json"])) {
        const [agent, changes] = [body["agent_json"], changesOf(body["changes"])];
        return { type, message, agent, facts: factsOf(body), changes, summary: text(body["summary"]) };
      }
  }
  // A generator that completes an operation by itself may send anything; an agent is all that can be shown.
  const bare = isObject(body["agent_json"]) ? body["agent_json"] : body;
  if (Array.isArray(bare["nodes"])) {
    return { type: "agent_preview", message: "", agent: bare, facts: factsOf(body), changes: [], summary: "" };
  }
  throw new Failure("unexpected_answer", "The work has ended, but not with an agent that can be shown.");
}

export function keptOf(body: JsonObject): Kept {
  return { id: text(body["id"]), version: number(body["version"]), etag: text(body["etag"]) };
}

export function headOf(value: Json): Head {
  const told = object(value);
  const fork = told["forked_from"];
  return {
    ...keptOf(told),
    name: text(told["name"]),
    description: text(told["description"]),
    nodeCount: number(told["node_count"]),
    updatedAt: text(told["updated_at"]),
    forkedFrom: isObject(fork) ? { id: text(fork["agent_id"]), version: number(fork["version"]) } : null,
  };
}

export function storyOf(value: Json): Story {
  const told = object(value);
  return {
    version: number(told["version"]),
    etag: text(told["etag"]),
    name: text(told["name"]),
    nodeCount: number(told["node_count"]),
    createdAt: text(told["created_at"]),
    origin: text(told["origin"]),
    wish: orNull(told["wish"]),
    restored: told["restored"] === null || told["restored"] === undefined ? null : number(told["restored"]),
    changes: changesOf(told["changes"]),
    moreChanges: number(told["more_changes"]),
    summary: orNull(told["summary"]),
  };
}
