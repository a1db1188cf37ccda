// From a goal to a kept agent, as somebody does who has never seen the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { API_KEY, GOAL, changed, entered, giveKey, heading, made, picture, press, steps, tab } from "./browser.mjs";

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

  const explained = await page.locator(".explanation").textContent();
  await press(page, "Save to my agents");
  await page.getByText("Version 1", { exact: true }).waitFor();
  assert.equal(await page.locator(".explanation").textContent(), explained, "a kept agent is told in other words");
  await changed(page, "Rename it to Evening digest");
  await press(page, "Keep");
  await page.getByText("Version 2", { exact: true }).waitFor();

  await page.getByRole("link", { name: "History" }).click();
  await heading(page, /^History of/).waitFor();
  const words = await page.locator(".versions .quote").allTextContents();
  assert.deepEqual(words.map((wish) => wish.includes("Evening digest") || wish.includes(GOAL)), [true, true], "a history without the person's words");
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
  await page.getByRole("button", { name: "Enter your key" }).waitFor();
  await heading(page, "What should your agent do?").waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(API_KEY));
});

test("a person writes a goal before any key is asked for; a wrong key is told, and the right one goes on with the goal", async (t) => {
  const page = await tab(t);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.getByText("An agent is a chain of ready-made blocks").waitFor();
  const goal = page.getByLabel("What should your agent do?");
  await press(page, GOAL);
  assert.equal(await goal.inputValue(), GOAL, "an example is not taken");
  await picture(page, "welcome");
  await press(page, "Show me the steps");
  assert.deepEqual(asked, []);
  await giveKey(page, "not-a-key-of-this-stack");
  await page.getByText("This key was not accepted.").waitFor();
  assert.equal(await goal.inputValue(), GOAL);
  await goal.fill("Translate a text into French");
  await giveKey(page);
  await heading(page, /^This takes \d+ steps$/).waitFor();
  await page.locator(".your-goal").getByText("Translate a text into French").waitFor();
});

test("an address of an agent asks for the key, then leads there; without one there is a way back to the goal", async (t) => {
  const page = await tab(t);
  await page.getByLabel("What should your agent do?").fill("Half a goal");
  await page.getByRole("link", { name: "My agents", exact: true }).click();
  await page.getByLabel("API key", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Make", exact: true }).click();
  assert.equal(await page.getByLabel("What should your agent do?").inputValue(), "Half a goal");
  await press(page, "Enter your key");
  await page.getByRole("link", { name: "Make", exact: true }).click();
  await heading(page, "What should your agent do?").waitFor();
  await page.getByRole("link", { name: "My agents", exact: true }).click();
  await giveKey(page);
  await heading(page, "My agents").waitFor();
});
