// Agents that are large, and agents whose names mean harm.

import assert from "node:assert/strict";
import { test } from "node:test";

import { API_URL, entered, heading, keep, passing, picture } from "./browser.mjs";

const SUMMARISE = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";
const BLOCKS = 300;
const DRAWN_MS = 1000;
// A frame at 20 a second, on a machine that does other things as well.
const FRAME_MS = 50;

/** One text, summarised again and again along many ways. */
function large() {
  const agent = passing("Large");
  const middle = BLOCKS - agent.nodes.length;
  const { links: [end], nodes } = agent;
  for (let at = 0; at < middle; at += 1) {
    const from = at < 10 ? "in" : `n${Math.floor(at / 2) - 5}`;
    nodes.push({ id: `n${at}`, block_id: SUMMARISE, input_default: {}, metadata: { customized_name: `Summary ${at}` } });
    agent.links.push({ id: `l${at}`, source_id: from, source_name: from === "in" ? "result" : "summary", sink_id: `n${at}`, sink_name: "text", is_static: false });
  }
  Object.assign(end, { source_id: `n${middle - 1}`, source_name: "summary" });
  return agent;
}

test("an agent of 300 blocks is drawn in a second, and moves smoothly", async (t) => {
  const id = await keep(large());
  const page = await entered(t);
  const drawn = await page.evaluate(async ([id, count]) => {
    const before = performance.now();
    location.hash = `#/agents/${id}`;
    while (document.querySelectorAll(".block").length < count) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const answered = performance.getEntriesByType("resource").filter(({ responseEnd }) => responseEnd > before).map(({ responseEnd }) => responseEnd);
    return performance.now() - Math.max(before, ...answered);
  }, [id, BLOCKS]);
  t.diagnostic(`drawn ${drawn.toFixed(0)} ms after the answer`);
  assert.ok(drawn < DRAWN_MS, `${drawn} ms`);

  const box = await page.locator(".bench-graph").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    window.frames_ = [];
    const note = (at) => {
      window.frames_.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await page.mouse.down();
  for (let step = 0; step < 60; step += 1) await page.mouse.move(box.x + box.width / 2 - step * 5, box.y + box.height / 2 - step * 2);
  await page.mouse.up();
  const median = await page.evaluate(() => {
    const gaps = window.frames_.slice(1).map((at, index) => at - window.frames_[index]).sort((a, b) => a - b);
    return gaps[Math.floor(gaps.length / 2)];
  });
  t.diagnostic(`median frame while panning ${median.toFixed(1)} ms`);
  assert.ok(median < FRAME_MS, `${median} ms`);
  await picture(page, "large");
});

test("names that are markup are shown as text, and run nothing", async (t) => {
  const name = `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>`;
  const id = await keep(passing(name, name));
  const page = await entered(t);
  await page.goto(`${API_URL}/#/agents/${id}`);
  await heading(page, name).waitFor();
  await page.locator(".block").first().click();
  await page.getByRole("region", { name: `Block ${name}` }).waitFor();
  for (const place of [`/#/agents/${id}/history`, "/#/agents"]) {
    await page.goto(API_URL + place);
    await page.getByText("onerror").first().waitFor();
  }
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await page.locator("img").count(), 0);
});

test("a name in Arabic reads from right to left, and the page around it does not", async (t) => {
  const name = "ملخص يومي للأخبار";
  const id = await keep(passing(name, name));
  const page = await entered(t);
  await page.goto(`${API_URL}/#/agents/${id}`);
  await heading(page, name).waitFor();
  const direction = (locator) => locator.evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction(heading(page, name)), "rtl");
  assert.equal(await direction(page.locator("body")), "ltr");
});
