/** An agent of the library, in its newest version. */

import type { App } from "../app.ts";
import type { KeptAgent } from "../api/calls.ts";
import { asFailure } from "../api/http.ts";
import { fill, focusHeading, focusOn, h } from "../dom.ts";
import { hashOf } from "../places.ts";
import { ago, counted, newId } from "../words.ts";
import { button, busy, link, problem, slot } from "./parts.ts";
import { workbench } from "./workbench.ts";

export function agentView(app: App, signal: AbortSignal, id: string): HTMLElement {
  const holder = h("div", { class: "whole" });
  const load = async (): Promise<void> => {
    fill(holder, busy("Loading the agent …"));
    try {
      const [kept, blocks] = await Promise.all([app.calls.agent(id, signal), app.blocks()]);
      if (signal.aborted) return;
      const { id: own, version, etag } = kept;
      fill(holder, workbench(app, {
        agent: kept.agent, facts: kept.facts, kept: { id: own, version, etag }, head: () => head(app, kept, holder),
      }, blocks, signal));
      focusHeading(holder);
    } catch (cause) {
      if (!signal.aborted) fill(holder, h("div", { class: "column" }, problem(app, asFailure(cause), () => void load())));
    }
  };
  void load();
  return holder;
}

function head(app: App, kept: KeptAgent, holder: HTMLElement): HTMLElement {
  const answer = slot({ "aria-live": "polite" });
  const forkKey = newId();
  const attempt = async (words: string, act: () => Promise<void>): Promise<void> => {
    answer.show(busy(words));
    try {
      await act();
    } catch (cause) {
      answer.show(problem(app, asFailure(cause), () => void attempt(words, act)));
    }
  };
  const fork = async (): Promise<void> => {
    const copy = await app.calls.fork(kept.id, forkKey);
    app.say("This is the copy");
    app.go({ name: "agent", id: copy.id });
  };
  const remove = async (): Promise<void> => {
    await app.calls.remove(kept.id);
    fill(holder, deleted(app, kept));
    focusOn(holder.querySelector("h1") ?? holder);
  };
  return h("header", { class: "subject" },
    h("h1", { tabindex: -1, dir: "auto" }, kept.name || "Agent without a name"),
    h("p", { class: "fine" }, h("span", { class: "badge" }, `Version ${kept.version}`), ` saved ${ago(kept.updatedAt, Date.now())}, ${counted(kept.nodeCount, "block")}`,
      kept.forkedFrom && [", a copy of ", link("another agent", hashOf({ name: "agent", id: kept.forkedFrom.id }))]),
    kept.description && kept.description !== kept.name ? h("p", { dir: "auto" }, kept.description) : null,
    h("div", { class: "actions" },
      link("History", hashOf({ name: "history", id: kept.id }), { class: "button" }),
      button("Make a copy", () => void attempt("Making a copy …", fork)),
      button("Delete", () => void attempt("Deleting …", remove), { class: "button danger" })),
    answer.element);
}

function deleted(app: App, kept: KeptAgent): HTMLElement {
  const answer = slot({ "aria-live": "polite" });
  const undo = async (): Promise<void> => {
    try {
      await app.calls.undelete(kept.id);
      app.say("It is back");
      app.refresh();
    } catch (cause) {
      answer.show(problem(app, asFailure(cause), () => void undo()));
    }
  };
  return h("div", { class: "column" }, h("h1", { tabindex: -1, dir: "auto" }, `“${kept.name}” is deleted`),
    h("p", {}, "You can have it back for 30 days, with all of its versions."),
    h("div", { class: "actions" }, button("Undo", () => void undo(), { class: "button primary" }), link("To my agents", "#/agents", { class: "button" })), answer.element);
}
