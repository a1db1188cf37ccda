/** The steps of a plan as a person edits them, and the instructions that they become again. */

import { isObject, list, number, object, text } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { newId } from "../words.ts";

export interface Step {
  /** Of this page alone: it stays with the step when it moves. */
  key: string;
  words: string;
  /** As decompose wrote it; null if the person has added it. */
  made: Json;
}

export interface Plan {
  whole: JsonObject;
  steps: Step[];
  edited: boolean;
}

/** What belongs to the whole agent (name, schedule) is written into the first step. */
const WHOLE_AGENT = "agent";

function wordsOf(step: Json): string {
  if (typeof step === "string") return step;
  const told = object(step);
  return [told["description"], told["action"], told["name"]].map((words) => text(words)).find(Boolean) ?? "";
}

export function planOf(whole: JsonObject): Plan {
  const steps = list(whole["steps"]).map((made) => ({ key: newId(), words: wordsOf(made), made }));
  return { whole, steps, edited: false };
}

export function removed(plan: Plan, key: string): Plan {
  return { ...plan, edited: true, steps: plan.steps.filter((step) => step.key !== key) };
}

/** Moves a step by `by` places; the plan itself if there is no such place. */
export function moved(plan: Plan, key: string, by: number): Plan {
  const from = plan.steps.findIndex((step) => step.key === key);
  const step = plan.steps[from];
  if (!step || from + by < 0 || from + by >= plan.steps.length) return plan;
  const steps = plan.steps.filter((other) => other !== step);
  steps.splice(from + by, 0, step);
  return { ...plan, edited: true, steps };
}

export function reworded(plan: Plan, key: string, words: string): Plan {
  if (plan.steps.find((step) => step.key === key)?.words === words) return plan;
  return { ...plan, edited: true, steps: plan.steps.map((step) => (step.key === key ? { ...step, words } : step)) };
}

export function added(plan: Plan, key: string): Plan {
  return { ...plan, edited: true, steps: [...plan.steps, { key, words: "", made: null }] };
}

/** Steps that say nothing: they have to be filled or removed. */
export function blanks(plan: Plan): Step[] {
  return plan.steps.filter((step) => step.words.trim() === "");
}

/** The name of the block of a step; empty if the step is new or was reworded: the generator then chooses. */
export function blockOf(step: Step): string {
  return isReworded(step) ? "" : text(object(step.made)["block_name"]);
}

function isReworded(step: Step): boolean {
  return step.words.trim() !== wordsOf(step.made).trim();
}

/** What generate takes. An untouched plan goes back as it came. */
export function instructions(plan: Plan): JsonObject {
  if (!plan.edited) return plan.whole;
  const made = list(plan.whole["steps"]);
  const agent = object(made[0])[WHOLE_AGENT];
  const sent = plan.steps.some((step) => step.made === null || isReworded(step)) ? lateAsking(plan.steps, made) : plan.steps;
  const places = new Map(sent.flatMap((step, index) => (step.made === null ? [] : [[made.indexOf(step.made) + 1, index + 1]])));
  const steps = sent.map((step, index) => {
    const whole = stepOf(step, index + 1, made, places);
    return index === 0 && agent !== undefined && isObject(whole) ? { ...whole, [WHOLE_AGENT]: agent } : whole;
  });
  return { ...plan.whole, steps };
}

/**
 * What is asked of the person stands right before the step that takes it. Steps in words take what came before them: "translate
 * it" shall not find the channel of a later message there.
 */
function lateAsking(steps: readonly Step[], made: Json[]): Step[] {
  const takes = (step: Step): number[] => (isReworded(step) ? [] : sourcesOf(step.made));
  const feeds = (step: Step): boolean => steps.some((other) => takes(other).includes(made.indexOf(step.made) + 1));
  const asking = new Set(steps.filter((step) => !isReworded(step) && takes(step).length === 0 && feeds(step)));
  const placed = new Set<Step>();
  return [...steps].flatMap((step) => {
    if (asking.has(step)) return [];
    const before = [...asking].filter((other) => !placed.has(other) && takes(step).includes(made.indexOf(other.made) + 1));
    for (const other of before) placed.add(other);
    return [...before, step];
  });
}

/** The numbers of the steps that a step takes from. */
function sourcesOf(made: Json): number[] {
  return list(object(made)["inputs"]).map((input) => number(object(object(input)["source"])["step"])).filter((step) => step > 0);
}

/** A step of the edited plan: a new or reworded one has its words alone, so that the generator reads them. */
function stepOf(step: Step, place: number, made: Json[], places: Map<number, number>): Json {
  if (step.made === null || isReworded(step)) return { step_number: place, description: step.words.trim() };
  if (!isObject(step.made)) return step.made;
  const { [WHOLE_AGENT]: _, ...whole } = step.made;
  if (!Array.isArray(whole["inputs"])) return { ...whole, step_number: place };
  const inputs = list(whole["inputs"]).map((input) => rejoined(input, place, made, places));
  const kept = inputs.filter((input) => input !== null);
  // Without the id of its block the generator plans the step anew, and finds what the input may take.
  if (kept.length < inputs.length) delete whole["block_id"];
  return { ...whole, step_number: place, inputs: kept };
}

/**
 * An input that takes what another step gives, by that step's new number. If that step was removed, it takes what that one
 * took; null if there is nothing before it.
 */
function rejoined(input: Json, place: number, made: Json[], places: Map<number, number>): Json {
  const told = object(input);
  const source = object(told["source"]);
  if (told["source"] === undefined) return input;
  let [from, output] = [number(source["step"]), text(source["output"])];
  for (let left = made.length; left > 0; left -= 1) {
    const now = places.get(from);
    if (now !== undefined) {
      if (now >= place) return null;
      return { ...told, value: `${output} of step ${now}`, source: { ...source, step: now, output } };
    }
    const before = list(object(made[from - 1])["inputs"]).map((other) => object(object(other)["source"])).find((other) => number(other["step"]) > 0);
    if (!before) return null;
    [from, output] = [number(before["step"]), text(before["output"])];
  }
  return null;
}
