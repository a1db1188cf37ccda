import assert from "node:assert/strict";
import { test } from "node:test";

import { calls } from "../src/api/calls.ts";
import { Failure } from "../src/api/failure.ts";
import { run } from "../src/jobs/run.ts";
import type { Outcome } from "../src/types.ts";
import { failed, json, service, stream } from "./fake.ts";
import type { Asked, Script } from "./fake.ts";

const job = { operation: "op-1", task: "task-1", tool: "generate" as const, wish: "", startedAt: "" };
const end = (type: string) => stream([{ seq: 1, type, at: "" }]);
const agent = { type: "agent_preview", message: "", agent_json: { name: "A", nodes: [] } };
const completed = json.bind(null, 200, { status: "completed", result: agent });

async function ran(fresh: boolean, script: Script): Promise<{ outcome: Outcome | null; asked: Asked[] }> {
  const { http, asked } = service(script);
  const api = calls(http);
  const signal = new AbortController().signal;
  const send = () => api.generate({ description: "a goal" }, { operation: job.operation, task: job.task }, signal);
  const outcome = await run(api, job, { signal, send, fresh, show: () => undefined, pause: () => new Promise(() => undefined) });
  return { outcome, asked };
}

test("an agent is begun with ids of the page, so that a repeat makes no second one", async () => {
  const { outcome, asked } = await ran(true, [json(202, { type: "operation_started", operation_id: "op-1" }), end("completed"), completed()]);
  assert.equal(outcome?.type, "agent_preview");
  assert.deepEqual(JSON.parse(asked[0]?.body ?? ""), { description: "a goal", operation_id: "op-1", task_id: "task-1" });
  assert.equal(asked[0]?.headers.get("prefer"), "respond-async");
});

test("a stack without work in the background answers at once", async () => {
  const { outcome } = await ran(true, [json(200, agent)]);
  assert.equal(outcome?.type, "agent_preview");
});

test("after a reload the work is found again, and not begun again", async () => {
  const { asked } = await ran(false, [end("completed"), completed()]);
  assert.deepEqual(asked.map(({ method }) => method), ["GET", "GET"]);
});

test("a page that was closed before its request arrived sends it after the reload", async () => {
  const { outcome } = await ran(false, [failed(404, "not_found", false), json(202, {}), end("completed"), completed()]);
  assert.equal(outcome?.type, "agent_preview");
});

test("cancelled work has no outcome", async () => {
  assert.equal((await ran(true, [json(202, {}), end("cancelled"), json(200, { status: "cancelled" })])).outcome, null);
});

test("work that failed tells why", async () => {
  const error = { type: "error", message: "It took too long.", error_type: "timeout", retryable: true, request_id: "r-9" };
  await assert.rejects(ran(true, [json(202, {}), end("failed"), json(200, { status: "failed", error })]), (cause) =>
    cause instanceof Failure && cause.type === "timeout" && cause.message === "It took too long." && cause.requestId === "r-9");
});

test("a generator that completes its work with something else is told as a failure", async () => {
  const script = [json(202, {}), end("completed"), json(200, { status: "completed", result: { status: "completed" } })];
  await assert.rejects(ran(true, script), (cause) => cause instanceof Failure && cause.type === "unexpected_answer");
});
