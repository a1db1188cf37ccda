import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, same, shown, stringify } from "../src/json.ts";
import { hashOf, placeOf } from "../src/places.ts";
import type { Place } from "../src/places.ts";
import { deskOf, EMPTY } from "../src/state/desk.ts";
import { faultOf, tab } from "../src/state/tab.ts";
import { ago, blockTitle, elapsed, newId, schedule, shortened } from "../src/words.ts";

class Memory {
  readonly items = new Map<string, string>();
  full = false;
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.items.set(name, value);
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
}

test("every place is found again by its address", () => {
  const places: Place[] = [
    { name: "make" }, { name: "making", operation: "a/b:c" }, { name: "draft" }, { name: "agents" }, { name: "agent", id: "x y" }, { name: "history", id: "ü" },
  ];
  for (const place of places) assert.deepEqual(placeOf(hashOf(place)), place);
  for (const strange of ["", "#", "#/nowhere", "#/agents/%E0%A4%A", "#/making/"]) assert.ok(placeOf(strange).name);
});

test("a key is forgotten when the person says so", () => {
  const memory = new Memory();
  tab(memory).keepCredentials({ key: "k", token: "" });
  assert.deepEqual(tab(memory).credentials(), { key: "k", token: "" });
  tab(memory).keepCredentials(null);
  assert.equal(tab(memory).credentials(), null);
  assert.equal(memory.items.size, 0);
});

test("an agent that is too big for the tab's memory does not leave an old one there", () => {
  const memory = new Memory();
  assert.ok(tab(memory).keepDesk({ ...EMPTY, goal: "old" }));
  memory.full = true;
  assert.equal(tab(memory).keepDesk({ ...EMPTY, goal: "new" }), false);
  assert.equal(deskOf(tab(memory).desk()).goal, "");
});

test("what is no desk is an empty one", () => {
  for (const strange of ["7", "[]", "{", '{"draft":{"agent":3},"plan":[],"proposal":"x","job":1}']) {
    const memory = new Memory();
    memory.items.set("agent-generator.desk", strange);
    assert.deepEqual(deskOf(tab(memory).desk()), EMPTY, strange);
  }
});

test("a key that cannot be sent in a header is told before it is sent", () => {
  assert.equal(faultOf("abcDEF123-_.~"), null);
  for (const bad of ["a b", "schlüssel", "a\nb"]) assert.ok(faultOf(bad), bad);
});

test("two values are the same whatever the order of their keys", () => {
  assert.ok(same({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, {}] }));
  for (const [one, other] of [[[1], [1, 2]], [{ a: 1 }, { a: "1" }], [[], {}], [0, null], ["", null]] as const) assert.ok(!same(one, other));
  assert.ok(!same(parse("1.0"), parse("1.00")) && same(parse("1.0"), parse("1.0")));
});

test("numbers are shown as they were written", () => {
  assert.equal(shown(parse("12345678901234567890")), "12345678901234567890");
  assert.equal(stringify(parse('{"a": 1.50}')), '{"a":1.50}');
});

test("names of blocks are words", () => {
  for (const [name, title] of [
    ["ExtractWebsiteContentBlock", "Extract website content"], ["AITextSummarizerBlock", "AI text summarizer"], ["GetRedditPostsBlock", "Get reddit posts"],
    ["SendWebRequestBlock", "Send web request"], ["Block", "Block"], ["ReadRSSFeedBlock", "Read RSS feed"],
  ] as const) assert.equal(blockTitle(name), title);
});

test("schedules that people use are words, others stay as they are", () => {
  for (const [cron, words] of [
    ["0 8 * * *", "Every day at 8:00"], ["30 17 * * 1-5", "Every weekday at 17:30"], ["0 9 * * 1,5", "Every Monday and Friday at 9:00"], ["*/15 * * * *", "Every 15 minutes"],
    ["0 * * * *", "Every hour"], ["5 6 1 * *", "On day 1 of every month at 6:05"], ["0 0 1 1 *", "0 0 1 1 *"], ["1,2 3 * * *", "1,2 3 * * *"], ["nonsense", "nonsense"],
  ] as const) assert.equal(schedule(cron), words);
});

test("times are told as people tell them", () => {
  const now = Date.parse("2026-11-22T10:30:00.000Z");
  const before = (seconds: number): string => ago(new Date(now - seconds * 1000).toISOString(), now);
  assert.deepEqual([before(3), before(60), before(7200), before(86_400 * 2)], ["just now", "1 minute ago", "2 hours ago", "2 days ago"]);
  assert.match(before(86_400 * 30), /2026/);
  assert.equal(ago("never", now), "never");
  assert.deepEqual([elapsed(-5), elapsed(432), elapsed(12_400), elapsed(125_000)], ["0.0 s", "0.4 s", "12 s", "2 min 5 s"]);
});

test("a text is cut between characters", () => {
  assert.equal(shortened("👍👍👍👍", 3), "👍👍…");
  assert.equal(shortened("  a\n b ", 9), "a b");
});

test("ids are UUIDs, each another", () => {
  const ids = new Set(Array.from({ length: 100 }, newId));
  assert.equal(ids.size, 100);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
