import assert from "node:assert/strict";
import { test } from "node:test";

import { list, object } from "../src/json.ts";
import type { Json, JsonObject } from "../src/json.ts";
import { added, blanks, blockOf, instructions, moved, planOf, removed, reworded } from "../src/plan/steps.ts";
import type { Plan } from "../src/plan/steps.ts";
import { deskOf, EMPTY, remembered } from "../src/state/desk.ts";

function step(description: string, block: string, ...sources: [number, string][]): JsonObject {
  const inputs = sources.map(([step, output]) => ({ name: "text", value: `${output} of step ${step} (x)`, source: { step, output } }));
  return { description, action: description, block_name: block, block_id: `id-${block}`, inputs };
}

const whole: JsonObject = {
  type: "instructions", message: "m", extra: 1,
  steps: [
    { ...step("Ask", "Ask"), agent: { name: "N", recommended_schedule_cron: "0 8 * * *" } },
    step("Read", "Read", [1, "result"]), step("Sum up", "Sum", [2, "content"]), step("Mail", "Mail", [3, "summary"]),
  ],
};
const key = (plan: Plan, index: number): string => plan.steps[index]?.key ?? "";
const stepsOf = (plan: Plan): JsonObject[] => list(instructions(plan)["steps"]).map(object);
const sources = (step: JsonObject | undefined): Json[] => list(step?.["inputs"]).map((input) => object(input)["source"] ?? null);

test("steps that nobody touched go back exactly as they came", () => {
  assert.equal(instructions(planOf(whole)), whole);
});

test("what takes from a removed step takes what that one took", () => {
  const plan = planOf(whole);
  const [ask, read, mail] = stepsOf(removed(plan, key(plan, 2)));
  assert.deepEqual(sources(mail), [{ step: 2, output: "content" }]);
  assert.equal(mail?.["step_number"], 3);
  assert.deepEqual([ask?.["block_id"], read?.["block_id"], mail?.["block_id"]], ["id-Ask", "id-Read", "id-Mail"]);
});

test("the name and the schedule stay when the first step is removed", () => {
  const plan = planOf(whole);
  const [read, ...rest] = stepsOf(removed(plan, key(plan, 0)));
  assert.deepEqual(read?.["agent"], { name: "N", recommended_schedule_cron: "0 8 * * *" });
  assert.ok(rest.every((step) => step["agent"] === undefined));
  // Nothing is left to take from: the generator looks for the block's input itself.
  assert.deepEqual([sources(read), read?.["block_id"], read?.["block_name"]], [[], undefined, "Read"]);
});

test("a step that was moved before what it takes from is planned anew", () => {
  const plan = planOf(whole);
  const steps = stepsOf(moved(plan, key(plan, 3), -1));
  assert.deepEqual(steps.map((step) => step["description"]), ["Ask", "Read", "Mail", "Sum up"]);
  assert.deepEqual([sources(steps[2]), steps[2]?.["block_id"]], [[], undefined]);
  assert.deepEqual(sources(steps[3]), [{ step: 2, output: "content" }]);
});

test("a reworded step has its new words alone, and its block back with the old words", () => {
  const plan = planOf(whole);
  const other = reworded(plan, key(plan, 2), "Translate into French");
  assert.deepEqual(stepsOf(other)[2], { step_number: 3, description: "Translate into French" });
  assert.equal(blockOf(other.steps[2] ?? assert.fail()), "");
  const back = reworded(other, key(plan, 2), "Sum up");
  assert.equal(blockOf(back.steps[2] ?? assert.fail()), "Sum");
});

test("a step in words does not find what a later step asks for before it", () => {
  const steps = [step("Ask feed", "Ask"), step("Ask channel", "Ask"), step("Read", "Read", [1, "result"]), step("Sum up", "Sum", [3, "content"]), step("Post", "Post", [2, "result"], [4, "summary"])];
  const plan = planOf({ ...whole, steps });
  const sent = stepsOf(reworded(plan, key(plan, 3), "Translate it"));
  assert.deepEqual(sent.map((step) => step["description"]), ["Ask feed", "Read", "Translate it", "Ask channel", "Post"]);
  assert.deepEqual(sources(sent[4]), [{ step: 4, output: "result" }, { step: 3, output: "summary" }]);
});

test("a step can be added; one that says nothing is found", () => {
  const plan = added(planOf(whole), "new");
  assert.deepEqual(blanks(plan).map((step) => step.key), ["new"]);
  const steps = stepsOf(reworded(plan, "new", " Post it to Slack "));
  assert.deepEqual(steps[4], { step_number: 5, description: "Post it to Slack" });
});

test("a step at an end stays when it is moved further", () => {
  const plan = planOf(whole);
  assert.equal(moved(plan, key(plan, 0), -1), plan);
  assert.equal(moved(plan, key(plan, 3), 1), plan);
});

test("steps of another generator may be sentences", () => {
  const plan = planOf({ steps: ["Read the feed", { action: "Post" }, 7] });
  assert.deepEqual(plan.steps.map((step) => step.words), ["Read the feed", "Post", ""]);
  assert.deepEqual(list(instructions(removed(plan, key(plan, 2)))["steps"]), ["Read the feed", { action: "Post", step_number: 2 }]);
});

test("edited steps are still there after the page is loaded again", () => {
  const plan = planOf(whole);
  const edited = reworded(removed(plan, key(plan, 2)), key(plan, 1), "Read it aloud");
  const memory = JSON.parse(JSON.stringify(remembered({ ...EMPTY, plan: edited }))) as JsonObject;
  assert.deepEqual(instructions(deskOf(memory).plan ?? assert.fail()), instructions(edited));
});
