// Agents that are large, and agents whose names mean harm.

import assert from "node:assert/strict";
import { test } from "node:test";

import { API_URL, entered, heading, keep, passing, picture, processorTime } from "./browser.mjs";

const SUMMARISE = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";
const BLOCKS = 300;
const DRAWN_MS = 1000;
const MOVES = 60;
// 60 frames a second.
const FRAME_MS = 1000 / 60;

/** One text, summarised again and again along many ways. */
function large() {
  const agent = passing("Large");
  const middle = BLOCKS - agent.nodes.length;
  const { links: [end], nodes } = agent;
  for (let at = 0; at < middle; at += 1) {
    const from = at < 10 ? "in" : `n${Math.floor(at / 2) - 5}`;
    nodes.push({ id: `n${at}`, block_id: SUMMARISE, input_default: {}, metadata: { customized_name: `Summary ${at}` } });
    const isInput = from === "in";
    agent.links.push({ id: `l${at}`, source_id: from, source_name: isInput ? "result" : "summary", sink_id: `n${at}`, sink_name: "text", is_static: isInput });
  }
  Object.assign(end, { source_id: `n${middle - 1}`, source_name: "summary", is_static: false });
  return agent;
}

/** Opens a place; returns how long it takes on the wall until all blocks of the agent are drawn, in ms. */
function opened(page, hash) {
  return page.evaluate(async ([hash, blocks]) => {
    const frame = () => new Promise(requestAnimationFrame);
    location.hash = "#/agents";
    while (document.querySelector(".block")) await frame();
    const began = performance.now();
    location.hash = hash;
    while (document.querySelectorAll(".block").length < blocks) await frame();
    await frame();
    return performance.now() - began;
  }, [hash, BLOCKS]);
}

test("an agent of 300 blocks is drawn in a second, and moves smoothly", async (t) => {
  const id = await keep(large());
  const page = await entered(t);
  const spent = await processorTime(page);
  const before = await spent();
  await page.goto(`${API_URL}/#/agents/${id}`);
  await page.locator(".block").nth(BLOCKS - 1).waitFor();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const drawn = await spent() - before;
  t.diagnostic(`drawn in ${drawn.toFixed(0)} ms of processor time`);
  assert.ok(drawn < DRAWN_MS, `${drawn} ms`);
  await picture(page, "large");

  const walls = [];
  for (let time = 0; time < 3; time += 1) walls.push((await opened(page, `#/agents/${id}`)).toFixed(0));
  t.diagnostic(`from its link to its picture: ${walls.join(", ")} ms on the wall`);

  const box = await page.locator(".bench-graph").boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  const still = await spent();
  for (let move = 1; move <= MOVES; move += 1) {
    await page.mouse.move(middle.x - move * 4, middle.y - move * 2);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const frame = (await spent() - still) / MOVES;
  await page.mouse.up();
  t.diagnostic(`${frame.toFixed(1)} ms of processor time for each frame while it is moved`);
  assert.ok(frame < FRAME_MS, `${frame} ms`);
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
