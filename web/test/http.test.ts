import assert from "node:assert/strict";
import { test } from "node:test";

import { calls } from "../src/api/calls.ts";
import { Failure, advice, failureOfOperation, mayBeOnItsWay } from "../src/api/failure.ts";
import { failed, json, service } from "./fake.ts";
import type { Script } from "./fake.ts";

async function failure(...script: Script): Promise<Failure> {
  const { http } = service(script);
  const cause: unknown = await http.ask("decompose", { method: "POST", body: {} }).then(() => null, (cause: unknown) => cause);
  assert.ok(cause instanceof Failure);
  return cause;
}

test("a failure keeps its message, its class, its number and the time to wait", async () => {
  const told = await failure(failed(429, "rate_limit", true, { "retry-after": "5" }));
  assert.deepEqual([told.message, told.type, told.requestId, told.retryable, told.retryAfter], ["It failed.", "rate_limit", "r-1", true, 5]);
});

test("the page of a proxy in place of an answer is told by its status, never shown", async () => {
  const page = "<html><script>alert(1)</script></html>";
  for (const [status, type, retryable] of [[502, "unexpected_answer", true], [403, "forbidden", false], [401, "unauthorized", false], [429, "rate_limit", true]] as const) {
    const told = await failure(new Response(page, { status }));
    assert.deepEqual([told.type, told.retryable], [type, retryable]);
    assert.ok(!told.message.includes("script"));
  }
});

test("no connection is a failure that may pass", async () => {
  const told = await failure(new TypeError("fetch failed"));
  assert.deepEqual([told.type, told.retryable], ["unreachable", true]);
});

test("an answer that breaks off is no connection, too", async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("reset")) });
  assert.equal((await failure(new Response(body))).type, "unreachable");
});

test("key and token go into headers; nothing of them into the address", async () => {
  const { http, asked } = service([json(200, {})], { key: "secret-key", token: "secret-token" });
  await http.ask("agents?q=x");
  assert.equal(asked[0]?.headers.get("x-api-key"), "secret-key");
  assert.equal(asked[0]?.headers.get("authorization"), "Bearer secret-token");
  assert.ok(!asked[0]?.path.includes("secret"));
});

test("numbers are sent back as they came", async () => {
  const body = '{"a":1.0,"b":12345678901234567890,"c":[1e3]}';
  const { http, asked } = service([new Response(body), json(200, {})]);
  const answer = await http.ask("agents/1");
  await http.ask("agents/1", { method: "PUT", body: answer.body });
  assert.equal(asked[1]?.body, body);
});

test("the words that an agent came of go into its history, as many of them as that has", async () => {
  const { http, asked } = service([json(201, {}), json(200, {}), json(200, {})]);
  await calls(http).keep({ name: "A" }, "key", "  Read a feed ");
  const kept = { id: "a", version: 1, etag: '"1-x"' };
  await calls(http).replace(kept, { name: "B" }, "👍".repeat(30_000));
  await calls(http).replace(kept, { name: "C" }, " ");
  const sent = asked.map(({ body }) => JSON.parse(body) as { wish?: string });
  assert.deepEqual(sent[0], { agent_json: { name: "A" }, wish: "Read a feed" });
  assert.equal(sent[1]?.wish, "👍".repeat(2_000));
  assert.deepEqual(sent[2], { agent_json: { name: "C" } });
});

test("a kept agent tells what it does and what it needs, as one that was just made", async () => {
  const requirements = { credentials: [{ provider: "slack", blocks: ["B"] }], inputs: [], schedule: "0 8 * * *", timezone: null, trigger: null };
  const { http } = service([json(200, { id: "a", agent_json: { nodes: [] }, explanation: "Reads a feed.", requirements })]);
  const { facts } = await calls(http).agent("a");
  assert.deepEqual([facts.explanation, facts.requirements.schedule, facts.leftOut], ["Reads a feed.", "0 8 * * *", []]);
});

test("whoever meets an error reads what to do next, also if it is new to the page", () => {
  for (const type of ["forbidden", "unauthorized", "quota_exceeded", "brand_new"]) {
    const { title, next } = advice(new Failure(type, "", { requestId: "r-1" }));
    assert.ok(title.length > 0 && next.length > 0, type);
  }
  assert.match(advice(new Failure("brand_new", "", { retryable: true })).next, /try again/);
});

test("only what may not have arrived is sent again as it was; work that has failed is begun anew", async () => {
  assert.ok(mayBeOnItsWay(await failure(new TypeError("fetch failed"))));
  assert.ok(mayBeOnItsWay(await failure(failed(429, "rate_limit", true))));
  for (const type of ["rate_limit", "timeout", "llm_timeout"]) {
    assert.ok(!mayBeOnItsWay(failureOfOperation({ type: "error", message: "It failed.", error_type: type, retryable: true })), type);
  }
});
