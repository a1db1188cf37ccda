import assert from "node:assert/strict";
import { test } from "node:test";

import { Failure } from "../src/api/failure.ts";
import { watch } from "../src/api/watch.ts";
import type { Line } from "../src/api/watch.ts";
import { failed, json, service, stream } from "./fake.ts";
import type { Asked, Script } from "./fake.ts";

const event = (seq: number, type: string) => ({ seq, type, at: "2026-11-22T10:30:00.000Z", attempt: 1 });
const never = () => new Promise<void>(() => undefined);
const atOnce = async () => undefined;

async function watched(script: Script, pause: (ms: number) => Promise<void> = never): Promise<{ seen: number[]; lines: Line[]; asked: Asked[] }> {
  const { http, asked } = service(script);
  const seen: number[] = [];
  const lines: Line[] = [];
  await watch(http, "op 1", { signal: new AbortController().signal, pause, show: ({ seq }) => seen.push(seq), line: (line) => lines.push(line) });
  return { seen, lines, asked };
}

test("what happens is seen as it happens, with the key in a header and not in the address", async () => {
  const { seen, lines, asked } = await watched([stream([event(1, "accepted"), event(2, "started"), event(3, "completed")])]);
  assert.deepEqual([seen, lines], [[1, 2, 3], ["stream"]]);
  assert.equal(asked[0]?.path, "/v1/operations/op%201/events?after=0");
  assert.equal(asked[0]?.headers.get("x-api-key"), "key-1");
});

test("a stream that is cut goes on where it was, and nothing is seen twice", async () => {
  const { seen, asked } = await watched([stream([event(1, "accepted")]), stream([event(1, "accepted"), event(2, "completed")])], atOnceButSilence);
  assert.deepEqual(seen, [1, 2]);
  assert.equal(asked[1]?.path, "/v1/operations/op%201/events?after=1");
});

/** Lets every wait pass at once, but for that for a silent stream. */
async function atOnceButSilence(ms: number): Promise<void> {
  if (ms > 10_000) await never();
}

test("without streams the page asks again and again", async () => {
  const { seen, lines, asked } = await watched([
    failed(406, "not_acceptable", false),
    json(200, { status: "running", events: [event(1, "accepted")], next: 1 }),
    json(200, { status: "completed", events: [event(2, "completed")], next: 2 }),
  ]);
  assert.deepEqual([seen, lines], [[1, 2], ["polling", "polling"]]);
  assert.equal(asked[2]?.path, "/v1/operations/op%201/events?after=1&wait=15");
});

test("a proxy that holds the stream back does not hold the page back", async () => {
  const { seen } = await watched([stream([], "silent"), json(200, { status: "completed", events: [event(1, "completed")], next: 1 })], atOnce);
  assert.deepEqual(seen, [1]);
});

test("a connection that breaks is made again; it is said meanwhile", async () => {
  const { seen, lines } = await watched([new TypeError("network"), failed(503, "service_unavailable", true, { "retry-after": "7" }), stream([event(1, "completed")])], atOnceButSilence);
  assert.deepEqual([seen, lines], [[1], ["lost", "lost", "stream"]]);
});

test("the service says how long to wait, and the page does", async () => {
  const waits: number[] = [];
  await watched([failed(429, "rate_limit", true, { "retry-after": "9" }), stream([event(1, "cancelled")])], async (ms) => {
    waits.push(ms);
    if (ms > 10_000) await never();
  });
  assert.ok(waits.includes(9000), String(waits));
});

test("all was seen before a reload: the page does not wait for more", async () => {
  const { seen } = await watched([new Response(null, { status: 204 }), json(200, { status: "completed", events: [], next: 0 })]);
  assert.deepEqual(seen, []);
});

test("work that nobody knows is not waited for", async () => {
  await assert.rejects(watched([failed(404, "not_found", false)]), (cause) => cause instanceof Failure && cause.type === "not_found");
});

test("events of kinds that are newer than the page do no harm", async () => {
  const { seen } = await watched([stream([{ strange: true }, event(1, "sung"), event(2, "completed")])]);
  assert.deepEqual(seen, [1, 2]);
});
