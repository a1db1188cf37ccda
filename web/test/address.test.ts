import assert from "node:assert/strict";
import { test } from "node:test";

import { addressFrom } from "../src/address.ts";

test("the page finds its API under any stage or base path", () => {
  for (const [script, api] of [
    ["https://x.test/v1/assets/main-AB.js", "https://x.test/v1/"],
    ["https://agents.example.com/assets/main-AB.js", "https://agents.example.com/"],
    ["http://127.0.0.1:4567/a/b/assets/main-AB.js", "http://127.0.0.1:4567/a/b/"],
  ] as const) {
    assert.equal(addressFrom(script, "").href, api);
  }
});

test("a page that is hosted elsewhere asks the API that it names", () => {
  const script = "https://pages.example.com/assets/main-AB.js";
  assert.equal(addressFrom(script, "https://x.test/v1").href, "https://x.test/v1/");
});
