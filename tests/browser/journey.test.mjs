// From a goal to a kept agent, as somebody does who has never seen the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { API_KEY, changed, entered, heading, heading2, made, picture, press, steps, tab } from "./browser.mjs";

test("a person makes an agent, changes it by words, keeps it, and goes back to an earlier version", async (t) => {
  const page = await entered(t);
  await made(page);
  assert.ok(await page.locator(".block").count() > 3);
  await page.getByRole("tab", { name: "About" }).waitFor();
  await picture(page, "agent");

  await changed(page, "Rename it to Daily page digest and add a step that posts the summary to Slack");
  assert.ok(await page.locator(".block.added").count() > 0, "what is new is not marked in the picture");
  await picture(page, "change");
  await press(page, "Keep");
  await heading(page, "Daily page digest").waitFor();

  await press(page, "Save to my agents");
  await page.getByText("Version 1", { exact: true }).waitFor();
  await changed(page, "Rename it to Evening digest");
  await press(page, "Keep");
  await page.getByText("Version 2", { exact: true }).waitFor();

  await page.getByRole("link", { name: "History" }).click();
  await heading(page, /^History of/).waitFor();
  await picture(page, "history");
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await page.getByText("Version 3", { exact: true }).waitFor();
  await heading(page, "Daily page digest").waitFor();

  await press(page, "Make a copy");
  await page.getByText("a copy of").waitFor();
  await press(page, "Delete");
  await heading(page, /is deleted$/).waitFor();
  await press(page, "Undo");
  await heading(page, "Daily page digest").waitFor();

  await page.getByRole("link", { name: "My agents", exact: true }).click();
  await page.getByLabel("Search").fill("digest");
  await page.getByRole("link", { name: "Daily page digest" }).first().waitFor();
  await picture(page, "library");
});

test("a person takes steps away, puts them in another order and in other words", async (t) => {
  const page = await entered(t);
  await steps(page);
  const rows = page.locator("ol.steps > li");
  const count = await rows.count();
  await page.getByRole("button", { name: `Remove step ${count}` }).click();
  assert.equal(await rows.count(), count - 1);
  const second = await page.getByLabel("Step 2", { exact: true }).inputValue();
  await page.getByRole("button", { name: "Move up step 2" }).click();
  assert.equal(await page.getByLabel("Step 1", { exact: true }).inputValue(), second);
  await page.getByLabel("Step 1", { exact: true }).fill("Translate the text into French");
  await press(page, "Undo all of it");
  assert.equal(await rows.count(), count);
  await picture(page, "steps");
});

test("the key stays in the tab: in no address, cookie or storage that outlives it", async (t) => {
  const page = await entered(t);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await made(page);
  const kept = await page.evaluate(() => ({
    session: JSON.stringify(sessionStorage), local: localStorage.length, cookie: document.cookie, address: location.href,
  }));
  assert.ok(kept.session.includes(API_KEY));
  assert.deepEqual([kept.local, kept.cookie], [0, ""]);
  assert.ok(!kept.address.includes(API_KEY) && !asked.some((url) => url.includes(API_KEY)));
  await press(page, "Forget the key");
  await heading2(page, "First, your key").waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(API_KEY));
});

test("a wrong key is told in words, and the right one helps", async (t) => {
  const page = await tab(t);
  await page.getByLabel("API key", { exact: true }).fill("not-a-key-of-this-stack");
  await press(page, "Continue");
  await page.getByText("This key was not accepted.").waitFor();
  await picture(page, "welcome");
  await page.getByLabel("API key", { exact: true }).fill(API_KEY);
  await press(page, "Continue");
  await heading(page, "What should your agent do?").waitFor();
});
