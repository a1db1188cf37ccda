// With the keyboard alone, on a phone, in the dark, and for those who hear the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import axe from "axe-core";

import { API_KEY, API_URL, GOAL, changed, entered, giveKey, heading, heading2, picture, press, steps, tab } from "./browser.mjs";

/** Presses Tab until what has the focus fits. */
async function tabTo(page, selector, most = 60) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
  }
  assert.fail(`${selector} is not reached by Tab`);
}

test("an agent is made, looked at and changed without a mouse", async (t) => {
  const page = await tab(t);
  await tabTo(page, "#goal");
  await page.keyboard.type(GOAL);
  await page.keyboard.press("Control+Enter");
  await page.locator("#key:focus").waitFor();
  await page.keyboard.type(API_KEY);
  await page.keyboard.press("Enter");
  await heading(page, /^This takes \d+ steps$/).waitFor();
  await tabTo(page, ".sticky .primary");
  await page.keyboard.press("Enter");
  await page.getByText("Not saved yet").waitFor();
  await tabTo(page, ".block");
  const first = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await page.evaluate(() => document.activeElement.textContent), first, "arrow keys move nowhere");
  await page.keyboard.press("Enter");
  await page.locator(".inspector").waitFor();
  await tabTo(page, "#wish");
  await page.keyboard.type("Rename it to By hand");
  await page.keyboard.press("Control+Enter");
  await heading2(page, "Keep this change?").waitFor();
  await tabTo(page, ".proposal .primary");
  await page.keyboard.press("Enter");
  await heading(page, "By hand").waitFor();
});

test("on a phone nothing is wider than the screen", async (t) => {
  const page = await entered(t, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const fits = async (where) => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${where}: ${width} pixels`);
  };
  await fits("goal");
  await steps(page);
  await fits("steps");
  await press(page, "Make the agent");
  await page.getByText("Not saved yet").waitFor();
  await fits("agent");
  await picture(page, "phone");
  await page.goto(`${API_URL}/#/agents`);
  await heading(page, "My agents").waitFor();
  await fits("agents");
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious, ${colorScheme}`, async (t) => {
    const page = await tab(t, { colorScheme });
    const check = async (where) => {
      // Not a script of the page: its policy would forbid it.
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run());
      const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`), []);
    };
    await heading(page, "What should your agent do?").waitFor();
    await check("goal");
    await press(page, "Enter your key");
    await heading2(page, "First, your key").waitFor();
    await check("key");
    await giveKey(page);
    await steps(page);
    await check("steps");
    await press(page, "Make the agent");
    await page.getByText("Not saved yet").waitFor();
    await check("agent");
    await changed(page, "Add a step that posts the summary to Slack");
    await check("change");
    if (colorScheme === "dark") await picture(page, "dark");
    await page.goto(`${API_URL}/#/agents`);
    await heading(page, "My agents").waitFor();
    await check("agents");
  });
}
