/** The agents that the caller keeps. */

import type { App } from "../app.ts";
import { asFailure } from "../api/http.ts";
import { fill, h, said } from "../dom.ts";
import { hashOf } from "../places.ts";
import type { Head } from "../types.ts";
import { ago, counted, shortened } from "../words.ts";
import { button, busy, link, problem, slot } from "./parts.ts";

/** Typing goes on until it stops for so long. */
const STILL = 300;
const LONGEST_Q = 200;

export function libraryView(app: App, signal: AbortSignal): HTMLElement {
  const list = h("ul", { class: "agents" });
  const state = slot({ "aria-live": "polite" });
  const search = h("input", { type: "search", id: "search", dir: "auto", maxlength: LONGEST_Q, placeholder: "Words of its name or description" });
  let current = new AbortController();

  const load = async (cursor: string | null): Promise<void> => {
    current.abort();
    const mine = new AbortController();
    current = mine;
    const q = search.value.trim();
    state.show(busy("Loading …"));
    try {
      const { items, next } = await app.calls.agents(q, cursor, AbortSignal.any([signal, mine.signal]));
      if (cursor === null) fill(list);
      list.append(...items.map((head) => row(app, head)));
      const none = list.children.length === 0 && next === null;
      state.show(none && (q ? h("p", { class: "empty" }, "No agent has these words in its name or description.") : nothing()),
        next !== null && button("Show more", () => void load(next)));
      if (q) app.say(none ? "Nothing found" : `${counted(list.children.length, "agent")} found`);
    } catch (cause) {
      if (!signal.aborted && !mine.signal.aborted) state.show(problem(app, asFailure(cause), () => void load(cursor)));
    }
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void load(null), STILL);
  });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  void load(null);
  return h("div", { class: "column" }, h("h1", { tabindex: -1 }, "My agents"),
    h("form", { class: "search", role: "search", onsubmit: (event: Event) => {
      event.preventDefault();
      void load(null);
    } }, h("label", { for: "search" }, "Search"), search), list, state.element);
}

function nothing(): HTMLElement {
  return h("div", { class: "empty card" }, h("h2", {}, "No agents yet"), h("p", {}, "Make one from a goal and save it: it is kept here with all of its versions."),
    h("div", { class: "actions" }, link("Make an agent", "#/", { class: "button primary" })));
}

function row(app: App, head: Head): HTMLElement {
  const item = h("li", { class: "card" });
  const answer = slot({ "aria-live": "polite" });
  const draw = (): void => {
    const remove = button("Delete", () => void attempt(() => app.calls.remove(head.id), drawDeleted), { class: "button small danger", "aria-label": `Delete ${head.name}` });
    fill(item, h("div", { class: "agent-head" }, h("h2", {}, link(said(head.name || "Agent without a name"), hashOf({ name: "agent", id: head.id }))), remove),
      head.description && head.description !== head.name ? h("p", { dir: "auto" }, shortened(head.description, 200)) : null,
      h("p", { class: "fine" }, `Version ${head.version} · ${counted(head.nodeCount, "block")} · ${ago(head.updatedAt, Date.now())}`, head.forkedFrom ? " · a copy" : ""),
      answer.element);
  };
  const drawDeleted = (): void => {
    const undo = button("Undo", () => void attempt(() => app.calls.undelete(head.id), () => {
      draw();
      item.querySelector<HTMLElement>("a")?.focus();
      app.say("It is back");
    }), { class: "button small" });
    fill(item, h("p", { class: "deleted" }, "Deleted: ", said(head.name), ". You can have it back for 30 days. ", undo), answer.element);
    undo.focus();
    app.say(`${head.name} is deleted`);
  };
  const attempt = async (act: () => Promise<void>, then: () => void): Promise<void> => {
    answer.show(busy("One moment …"));
    try {
      await act();
      answer.show();
      then();
    } catch (cause) {
      answer.show(problem(app, asFailure(cause), () => void attempt(act, then)));
    }
  };
  draw();
  return item;
}
