/** How an agent came to be what it is: its versions, what each has changed, and the way back to any of them. */

import type { App } from "../app.ts";
import type { KeptAgent } from "../api/calls.ts";
import { asFailure } from "../api/http.ts";
import { differences } from "../agent/changes.ts";
import { readAgent } from "../agent/read.ts";
import type { Blocks } from "../agent/read.ts";
import { fill, focusHeading, h, said } from "../dom.ts";
import { drawingOf, drawingOfChange } from "../graph/drawing.ts";
import { createGraph } from "../graph/view.ts";
import { hashOf } from "../places.ts";
import type { JsonObject } from "../json.ts";
import type { Kept, Story } from "../types.ts";
import { ago, counted } from "../words.ts";
import { changeList } from "./changes.ts";
import { button, busy, link, problem, quote, slot } from "./parts.ts";

const ORIGINS: Record<string, string> = {
  created: "Saved for the first time", replaced: "Changed", generated: "Made from a goal", patched: "Changed by words", restored: "Restored", forked: "Copied from another agent",
};

export function historyView(app: App, signal: AbortSignal, id: string): HTMLElement {
  const holder = h("div", { class: "whole" });
  const load = async (): Promise<void> => {
    fill(holder, busy("Loading the history …"));
    try {
      const [kept, page, blocks] = await Promise.all([app.calls.agent(id, signal), app.calls.versions(id, null, signal), app.blocks()]);
      if (signal.aborted) return;
      fill(holder, draw(app, signal, kept, page, blocks));
      focusHeading(holder);
    } catch (cause) {
      if (!signal.aborted) fill(holder, h("div", { class: "column" }, problem(app, asFailure(cause), () => void load())));
    }
  };
  void load();
  return holder;
}

type Versions = Awaited<ReturnType<App["calls"]["versions"]>>;

function draw(app: App, signal: AbortSignal, kept: KeptAgent, first: Versions, blocks: Blocks): HTMLElement {
  const graph = createGraph((id) => graph.select(id));
  const caption = slot({ class: "caption", role: "status" });
  const answer = slot({ "aria-live": "polite" });
  const list = h("ol", { class: "versions" });
  const more = slot();
  const bodies = new Map<number, Promise<JsonObject>>([[kept.version, Promise.resolve(kept.agent)]]);
  /** A version never changes: it is fetched once. */
  const body = (version: number): Promise<JsonObject> => {
    const known = bodies.get(version) ?? app.calls.version(kept.id, version, signal);
    bodies.set(version, known);
    known.catch(() => bodies.delete(version));
    return known;
  };
  const attempt = async (words: string, act: () => Promise<void>): Promise<void> => {
    answer.show(busy(words));
    try {
      await act();
      answer.show();
    } catch (cause) {
      const failure = asFailure(cause);
      if (signal.aborted) return;
      answer.show(problem(app, failure, () => void attempt(words, act)),
        failure.type === "version_conflict" && button("Load the history again", () => app.refresh(), { class: "button primary" }));
    }
  };
  /** `against` null: as it is, without marks. */
  const look = (version: number, against: number | null): void => void attempt("Loading the version …", async () => {
    const [after, before] = await Promise.all([body(version), against === null ? null : body(against)]);
    if (signal.aborted) return;
    graph.show(before ? drawingOfChange(before, after, blocks) : drawingOf(readAgent(after, blocks)));
    const changed = before ? ` against version ${against}: ${counted(differences(before, after, blocks).length, "change")}` : "";
    caption.show(`The picture shows version ${version}${changed}`);
    for (const item of list.children) item.classList.toggle("shown", item.getAttribute("data-version") === String(version));
  });
  const restore = (version: number): void => void attempt(`Restoring version ${version} …`, async () => {
    const { id, version: newest, etag } = kept;
    const made = await app.calls.restore({ id, version: newest, etag } satisfies Kept, version);
    app.say(`Version ${version} is back, as version ${made}`);
    app.go({ name: "agent", id });
  });
  const item = (story: Story): HTMLElement => h("li", { class: "card", "data-version": story.version },
    h("h2", {}, `Version ${story.version}`, story.version === kept.version && h("span", { class: "badge" }, "newest")),
    h("p", { class: "fine" }, `${ORIGINS[story.origin] ?? story.origin}${story.restored === null ? "" : ` from version ${story.restored}`}, ${ago(story.createdAt, Date.now())}, ${counted(story.nodeCount, "block")}`),
    story.wish && h("p", {}, quote(story.wish)),
    story.summary && h("p", { dir: "auto" }, story.summary),
    story.changes.length > 0 && h("details", { class: "more" }, h("summary", {}, counted(story.changes.length + story.moreChanges, "change")), changeList(story.changes, story.moreChanges)),
    h("div", { class: "actions" },
      button("Show it", () => look(story.version, null), { class: "button small" }),
      story.version > 1 && button("What it changed", () => look(story.version, story.version - 1), { class: "button small" }),
      story.version !== kept.version && button("Compare with the newest", () => look(kept.version, story.version), { class: "button small" }),
      story.version !== kept.version && button("Restore", () => restore(story.version), { class: "button small", "aria-label": `Restore version ${story.version}` })));
  const add = ({ items, next }: Versions): void => {
    list.append(...items.map(item));
    more.show(next !== null && button("Show older ones", () => void attempt("Loading …", async () => add(await app.calls.versions(kept.id, next, signal)))));
  };
  add(first);
  look(kept.version, kept.version > 1 ? kept.version - 1 : null);
  return h("div", { class: "bench" }, h("div", { class: "bench-graph" }, caption.element, graph.element),
    h("aside", { class: "panel", "aria-label": "History" }, h("header", { class: "subject" },
      h("h1", { tabindex: -1 }, "History of ", said(kept.name || "this agent")),
      h("p", {}, link("Back to the agent", hashOf({ name: "agent", id: kept.id })))), answer.element, list, more.element));
}
