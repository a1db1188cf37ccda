import assert from "node:assert/strict";
import { test } from "node:test";

import { EventReader } from "../src/api/sse.ts";

const STREAM = 'retry: 2000\n\nid: 1\nevent: accepted\ndata: {"seq":1}\n\n: still here\n\nid: 2\r\nevent: text\r\ndata: one\r\ndata: two\r\n\r\n';

test("events arrive whole, however the network cuts them", () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...reader.push(STREAM.slice(at, at + size)));
    assert.deepEqual(events, [
      { id: "1", type: "accepted", data: '{"seq":1}' },
      { id: "2", type: "text", data: "one\ntwo" },
    ], `in pieces of ${size}`);
  }
});

test("an event that was cut off is not shown", () => {
  assert.deepEqual(new EventReader().push('id: 3\ndata: {"seq":3'), []);
});
