// How soon the page can be used. Runs before the other tests, so that the function that serves it has not started yet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heading, processorTime, tab } from "./browser.mjs";

const USABLE_MS = 1000;

/** From the navigation until one can type, on the wall, in ms: scripts have run and the page is painted. */
async function usable(page) {
  await heading(page, "What should your agent do?").waitFor();
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  return page.evaluate(() => {
    const [{ domContentLoadedEventEnd }] = performance.getEntriesByType("navigation");
    const [{ startTime }] = performance.getEntriesByName("first-contentful-paint");
    return Math.max(domContentLoadedEventEnd, startTime);
  });
}

test("the page can be used within a second of its address being opened", async (t) => {
  const page = await tab(t);
  const cold = await usable(page);
  const spent = await processorTime(page);
  const before = await spent();
  await page.reload();
  const warm = await usable(page);
  const work = await spent() - before;
  t.diagnostic(`usable after ${cold.toFixed(0)} ms on the wall if its function has to start, ${warm.toFixed(0)} ms if not`);
  t.diagnostic(`${work.toFixed(0)} ms of processor time`);
  assert.ok(work > 0 && work < USABLE_MS, `${work} ms`);
});
