// Work that takes a while: watched, interrupted, found again, stopped.

import assert from "node:assert/strict";
import { test } from "node:test";

import { entered, press, steps } from "./browser.mjs";

const EVENTS = /\/operations\/[^/]+\/events/;
const STATUS = /\/operations\/[^/]+$/;

async function making(page) {
  await steps(page);
  await press(page, "Make the agent");
}

test("a person watches the blocks appear, as they are told by the stream", async (t) => {
  const page = await entered(t);
  const streams = [];
  page.on("response", (response) => {
    if (EVENTS.test(response.url())) streams.push(response.headers()["content-type"]);
  });
  await making(page);
  await page.getByText("Not saved yet").waitFor();
  assert.ok(streams.some((type) => type?.startsWith("text/event-stream")), String(streams));
});

test("a page that is loaded again in the middle finds its work", async (t) => {
  const page = await entered(t);
  // Nothing comes of the work, until it may.
  await page.route(EVENTS, (route) => route.abort());
  await page.route(STATUS, (route) => route.abort());
  await making(page);
  await page.getByText("The connection is interrupted.").waitFor();
  await page.reload();
  await page.getByText("The connection is interrupted.").waitFor();
  await page.unroute(EVENTS);
  await page.unroute(STATUS);
  await page.getByText("Not saved yet").waitFor();
});

test("where streams are blocked, the page asks again and again", async (t) => {
  const page = await entered(t);
  let polls = 0;
  await page.route(EVENTS, (route) => {
    if (route.request().headers()["accept"]?.includes("text/event-stream")) {
      return route.fulfill({ status: 406, json: { type: "error", message: "Off.", error: "not_acceptable", error_type: "not_acceptable", retryable: false, details: {} } });
    }
    polls += 1;
    return route.continue();
  });
  await making(page);
  await page.getByText("Not saved yet").waitFor();
  assert.ok(polls > 0);
});

test("work that is cancelled ends, and goal and steps are still there", async (t) => {
  const page = await entered(t);
  let cancelled = false;
  const entries = () => [
    { seq: 1, at: new Date().toISOString(), type: "accepted", attempt: 0 },
    ...(cancelled ? [{ seq: 2, at: new Date().toISOString(), type: "cancelled", attempt: 0 }] : []),
  ];
  // A worker that never begins.
  await page.route(EVENTS, (route) => {
    if (route.request().headers()["accept"]?.includes("text/event-stream")) return route.fulfill({ status: 406, json: { error_type: "not_acceptable", message: "Off.", retryable: false } });
    const after = Number(new URL(route.request().url()).searchParams.get("after") ?? 0);
    return route.fulfill({ json: { operation_id: "o", status: cancelled ? "cancelled" : "running", events: entries().filter(({ seq }) => seq > after), next: entries().length } });
  });
  await page.route(STATUS, (route) => route.fulfill({ json: { operation_id: "o", status: cancelled ? "cancelled" : "running" } }));
  await page.route(/\/cancel$/, (route) => {
    cancelled = true;
    return route.fulfill({ json: { operation_id: "o", status: "cancelled" } });
  });
  await making(page);
  await press(page, "Cancel");
  await page.getByRole("heading", { name: "Cancelled" }).waitFor();
  await press(page, "Back to the steps");
  await page.getByRole("heading", { name: /^This takes \d+ steps$/ }).waitFor();
});
