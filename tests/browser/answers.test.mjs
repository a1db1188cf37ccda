// What the API may answer instead of steps: questions, suggestions, and each class of error that a person can meet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { entered, heading, press } from "./browser.mjs";

const ERROR_TYPES = JSON.parse(process.env.ERROR_TYPES);
const DECOMPOSE = "**/decompose";

async function asked(page, goal) {
  await page.getByLabel("What should your agent do?").fill(goal);
  await press(page, "Show me the steps");
}

test("questions are answered in a form, and the answers reach the generator", async (t) => {
  const page = await entered(t);
  const sent = [];
  await page.route(DECOMPOSE, async (route) => {
    sent.push(route.request().postDataJSON());
    if (sent.length > 1) return route.continue();
    return route.fulfill({ json: {
      type: "clarifying_questions", message: "I need some more information.", session_id: null,
      questions: [{ question: "Which page?", keyword: "url", example: "https://example.com" }],
    } });
  });
  await asked(page, "Summarise a web page");
  await page.getByLabel("Which page?").fill("https://example.com/news");
  await press(page, "Answer");
  await heading(page, /^This takes \d+ steps$/).waitFor();
  assert.match(JSON.stringify(sent[1]), /https:\/\/example\.com\/news/);
});

test("a goal that is too vague gets a suggestion, which is taken by a click", async (t) => {
  const page = await entered(t);
  await asked(page, "help me");
  const card = page.locator("[data-result=vague_goal]");
  await card.waitFor();
  await card.getByRole("button", { name: "Take this instead" }).click();
  await heading(page, /^This takes \d+ steps$/).waitFor();
});

test("what is left out of a plan is shown beside it", async (t) => {
  const page = await entered(t);
  await asked(page, "Summarise a web page, e-mail the summary and fax it to my aunt");
  await heading(page, /^This takes \d+ steps$/).waitFor();
  await page.locator(".left-out").getByText("fax").first().waitFor();
});

test("each error says what has happened, whether trying again helps, and the number for the operator", async (t) => {
  const page = await entered(t);
  for (const { error_type, status, retryable, message } of ERROR_TYPES) {
    await page.route(DECOMPOSE, (route) => route.fulfill({ status, json: {
      type: "error", message, error: error_type, error_type, retryable, details: {}, session_id: null, request_id: `request-${error_type}`,
    } }));
    await asked(page, "Summarise a web page");
    const shown = page.locator(`[data-error=${error_type}]`);
    await shown.waitFor();
    assert.ok((await shown.textContent()).includes(message), error_type);
    assert.ok((await shown.textContent()).includes(`request-${error_type}`), error_type);
    assert.equal(await shown.getByRole("button", { name: /^Try again/ }).count(), retryable ? 1 : 0, error_type);
    await page.unroute(DECOMPOSE);
  }
});

test("trying again waits for as long as the API says, and then helps", async (t) => {
  const page = await entered(t);
  await page.route(DECOMPOSE, (route) => route.fulfill({ status: 429, headers: { "Retry-After": "1" }, json: {
    type: "error", message: "Too many.", error: "rate_limit", error_type: "rate_limit", retryable: true, details: {}, request_id: "r",
  } }), { times: 1 });
  await asked(page, "Summarise a web page");
  assert.ok(await page.getByRole("button", { name: "Try again in 1 s" }).isDisabled());
  await press(page, "Try again");
  await heading(page, /^This takes \d+ steps$/).waitFor();
});

test("an answer that is not the API's, and none at all, are told as such", async (t) => {
  const page = await entered(t);
  await page.route(DECOMPOSE, (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" }));
  await asked(page, "Summarise a web page");
  await page.locator("[data-error=unexpected_answer]").waitFor();
  await page.unroute(DECOMPOSE);
  await page.route(DECOMPOSE, (route) => route.abort());
  await asked(page, "Summarise a web page");
  await page.locator("[data-error=unreachable]").waitFor();
});
