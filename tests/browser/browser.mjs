// What every test uses: a tab of its own in Chromium, and the API beside it.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

export const { API_URL, API_KEY, PICTURES } = process.env;
export const GOAL = "Summarise a web page and e-mail the summary";
const SECONDS = 20;
// The browser's own words for an answer that is an error; the tests look at those themselves.
const ANSWERS = /^Failed to load resource: /;

let browser;
before(async () => {
  // As root, which CI is, Chromium has no sandbox.
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
});
after(() => browser?.close());

/** A tab that ends with the test. The test fails if the page throws, complains, or asks anybody but its own origin. */
export async function tab(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(SECONDS * 1000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !ANSWERS.test(message.text())) complaints.push(message.text());
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(API_URL).origin && !["data:", "blob:"].includes(protocol)) complaints.push(`asked ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(`${API_URL}/`);
  return page;
}

export const heading = (page, name) => page.getByRole("heading", { name, level: 1 });
export const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

export async function giveKey(page, key = API_KEY) {
  await page.getByLabel("API key", { exact: true }).fill(key);
  await press(page, "Continue");
}

/** A tab whose person has given the key. */
export async function entered(t, options) {
  const page = await tab(t, options);
  await press(page, "Enter your key");
  await giveKey(page);
  await page.getByRole("button", { name: "Forget the key" }).waitFor();
  await heading(page, "What should your agent do?").waitFor();
  return page;
}

export async function steps(page, goal = GOAL) {
  await page.getByLabel("What should your agent do?").fill(goal);
  await press(page, "Show me the steps");
  await heading(page, /^This takes \d+ steps$/).waitFor();
}

export async function made(page, goal = GOAL) {
  await steps(page, goal);
  await press(page, "Make the agent");
  await page.getByText("Not saved yet").waitFor();
}

export async function changed(page, wish) {
  await page.getByLabel("What should be different?").fill(wish);
  await press(page, "Change it");
  await heading2(page, "Keep this change?").waitFor();
}

export const heading2 = (page, name) => page.getByRole("heading", { name, level: 2 });

/** Calls the API beside the page. */
export async function api(method, path, body, headers = {}) {
  const answer = await fetch(API_URL + path, {
    method,
    headers: { "x-api-key": API_KEY, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null };
}

/** Keeps an agent in the library; returns its id. */
export async function keep(agent) {
  const { status, body } = await api("POST", "/agents", { agent_json: agent });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/** An agent that the library takes: what goes in comes out. */
export function passing(name, title = "Text") {
  return {
    name, description: name,
    nodes: [
      { id: "in", block_id: "7fcd3bcb-8e1b-4e69-903d-32d3d4a92158", input_default: { name: title }, metadata: { customized_name: title } },
      { id: "out", block_id: "363ae599-353e-4804-937e-b2ee3cef3da4", input_default: { name: "Result" }, metadata: {} },
    ],
    links: [{ id: "l", source_id: "in", source_name: "result", sink_id: "out", sink_name: "value", is_static: true }],
  };
}

/** Processor time of the page's thread so far, in ms: it does not depend on what else the machine does. */
export async function processorTime(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
}

/** Keeps a picture of the page for people. */
export async function picture(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
