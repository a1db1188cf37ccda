// Two people and one agent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { API_URL, api, changed, entered, heading, heading2, keep, passing, picture, press } from "./browser.mjs";

test("of two changes of one version none is lost: both are shown, and the person chooses", async (t) => {
  const page = await entered(t);
  const id = await keep(passing("Shared"));
  await page.goto(`${API_URL}/#/agents/${id}`);
  await heading(page, "Shared").waitFor();
  await changed(page, "Rename it to Mine");
  const { status } = await api("PUT", `/agents/${id}`, { agent_json: passing("Theirs") }, { "if-match": "*" });
  assert.equal(status, 200);
  await press(page, "Keep");
  await heading2(page, "Somebody else has saved meanwhile").waitFor();
  await page.getByRole("heading", { name: "Your version" }).waitFor();
  await page.getByRole("heading", { name: "Version 2" }).waitFor();
  await picture(page, "conflict");
  await press(page, "Replace theirs with mine");
  await page.getByText("Version 3", { exact: true }).waitFor();
  const history = await api("GET", `/agents/${id}/versions`);
  assert.deepEqual(history.body.versions.map(({ version }) => version), [3, 2, 1]);
});

test("an agent of somebody else, or of nobody, is not there", async (t) => {
  const page = await entered(t);
  await page.goto(`${API_URL}/#/agents/00000000-0000-4000-8000-000000000000`);
  await page.locator("[data-error=agent_not_found]").waitFor();
  await press(page, "To my agents");
  await heading(page, "My agents").waitFor();
});
