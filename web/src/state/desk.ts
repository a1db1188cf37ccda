/** What lies on the desk: the goal, its steps, the agent that came of it, and a change that is not decided yet. */

import { isObject, list, number, object, text } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Change, Facts, Kept } from "../types.ts";
import type { Plan, Step } from "../plan/steps.ts";
import { requirementsOf } from "../api/answers.ts";

/** Work in the background: its id is known before it begins, so that a reload finds it whatever happens. */
export interface Job {
  operation: string;
  task: string;
  tool: "generate" | "patch";
  /** What is asked for: the goal, or the change. */
  wish: string;
  startedAt: string;
}

export interface Draft {
  agent: JsonObject;
  facts: Facts;
  /** The goal, and each change since, in the person's words. */
  wish: string;
  /** The same key keeps the same agent once. */
  saveKey: string;
  /** How it was made: times and words. */
  log: [string, string][];
}

/** A change that was made and waits for the person: `before` is what it was made of. */
export interface Proposal {
  wish: string;
  before: JsonObject;
  after: JsonObject;
  facts: Facts;
  changes: Change[];
  summary: string;
  /** The version that `before` is; null if it is the draft. */
  of: Kept | null;
}

export interface Desk {
  goal: string;
  /** Answers to questions about the goal. */
  context: string;
  plan: Plan | null;
  facts: Facts | null;
  job: Job | null;
  /** What the job works at: null is the draft, or a new agent. */
  jobOf: Kept | null;
  draft: Draft | null;
  proposal: Proposal | null;
}

export const EMPTY: Desk = {
  goal: "", context: "", plan: null, facts: null, job: null, jobOf: null, draft: null, proposal: null,
};

/** A desk out of the tab's memory, which an older version of the page may have written. */
export function deskOf(told: JsonObject): Desk {
  const draft = told["draft"];
  const plan = told["plan"];
  return {
    goal: text(told["goal"]),
    context: text(told["context"]),
    plan: isObject(plan) ? planFrom(plan) : null,
    facts: isObject(told["facts"]) ? factsFrom(told["facts"]) : null,
    job: isObject(told["job"]) ? jobFrom(told["job"]) : null,
    jobOf: isObject(told["jobOf"]) ? keptFrom(told["jobOf"]) : null,
    draft: isObject(draft) && isObject(draft["agent"])
      ? { agent: draft["agent"], facts: factsFrom(draft["facts"]), wish: text(draft["wish"]), saveKey: text(draft["saveKey"]), log: logFrom(draft["log"]) }
      : null,
    proposal: isObject(told["proposal"]) ? proposalFrom(told["proposal"]) : null,
  };
}

function planFrom(told: JsonObject): Plan {
  const whole = object(told["whole"]);
  const made = list(whole["steps"]);
  const steps = list(told["steps"]).map((step): Step => {
    const place = number(object(step)["place"], -1);
    return { key: text(object(step)["key"]), words: text(object(step)["words"]), made: made[place] ?? null };
  });
  return { whole, steps, edited: told["edited"] === true };
}

/** The desk as it is remembered: a step says which of the plan it was, for it is told apart by identity. */
export function remembered(desk: Desk): object {
  if (!desk.plan) return desk;
  const made = list(desk.plan.whole["steps"]);
  const steps = desk.plan.steps.map((step) => ({ key: step.key, words: step.words, place: step.made === null ? -1 : made.indexOf(step.made) }));
  return { ...desk, plan: { ...desk.plan, steps } };
}

function factsFrom(value: unknown): Facts {
  const told = object(value);
  const leftOut = list(told["leftOut"]).map((part) => ({
    text: text(object(part)["text"]), reason: text(object(part)["reason"]), message: text(object(part)["message"]),
  }));
  return { leftOut, requirements: requirementsOf(told["requirements"]), explanation: text(told["explanation"]) };
}

function logFrom(value: unknown): [string, string][] {
  return list(value).map((line) => [text(list(line)[0]), text(list(line)[1])]);
}

function jobFrom(told: JsonObject): Job {
  return {
    operation: text(told["operation"]),
    task: text(told["task"]),
    tool: told["tool"] === "patch" ? "patch" : "generate",
    wish: text(told["wish"]),
    startedAt: text(told["startedAt"]),
  };
}

function keptFrom(told: JsonObject): Kept {
  return { id: text(told["id"]), version: number(told["version"]), etag: text(told["etag"]) };
}

function proposalFrom(told: JsonObject): Proposal {
  return {
    wish: text(told["wish"]),
    before: object(told["before"]),
    after: object(told["after"]),
    facts: factsFrom(told["facts"]),
    changes: list(told["changes"]).filter(isObject) as unknown as Change[],
    summary: text(told["summary"]),
    of: isObject(told["of"]) ? keptFrom(told["of"]) : null,
  };
}
