/** Somebody else has saved: both versions, what each has changed, and every way out. Nothing is lost by any of them. */

import type { App } from "../app.ts";
import type { KeptAgent } from "../api/calls.ts";
import { differences } from "../agent/changes.ts";
import type { Blocks } from "../agent/read.ts";
import { h } from "../dom.ts";
import type { JsonObject } from "../json.ts";
import { counted } from "../words.ts";
import { changeList } from "./changes.ts";
import { button, slot } from "./parts.ts";

export interface Conflict {
  /** What both began with, and its number. */
  base: JsonObject;
  version: number;
  mine: JsonObject;
  wish: string;
  theirs: KeptAgent;
  /** Shows one of them, marked against `base`, in the picture. */
  look(after: JsonObject): void;
  mergeInto(): void;
  saveCopy(): void;
  overwrite(): void;
  takeTheirs(): void;
}

export function conflictPart(app: App, conflict: Conflict, blocks: Blocks): { element: HTMLElement; answer: ReturnType<typeof slot> } {
  const { base, version, mine, theirs, wish } = conflict;
  const answer = slot({ "aria-live": "polite" });
  const side = (title: string, after: JsonObject, words: string): HTMLElement => {
    const changes = differences(base, after, blocks);
    return h("section", { class: "side" }, h("h3", {}, title), h("p", { class: "fine" }, words),
      button("Show in the picture", () => {
        conflict.look(after);
        app.say(`The picture shows ${title.toLowerCase()}`);
      }, { class: "button small" }),
      h("details", { class: "more" }, h("summary", {}, counted(changes.length, "change"), ` against version ${version}`), changeList(changes)));
  };
  const choice = (label: string, words: string, act: () => void, primary = false): HTMLElement =>
    h("li", {}, button(label, act, { class: primary ? "button primary" : "button" }), h("span", { class: "fine" }, words));
  const element = h("section", { class: "conflict card", "aria-label": "Somebody else has saved meanwhile", "data-error": "version_conflict" },
    h("h2", { tabindex: -1 }, "Somebody else has saved meanwhile"),
    h("p", {}, `You changed version ${version}. The newest is version ${theirs.version} now. Nothing is lost: compare the two, then choose.`),
    h("div", { class: "sides" },
      side("Your version", mine, "Not saved yet."),
      side(`Version ${theirs.version}`, theirs.agent, "Saved by somebody else.")),
    h("ul", { class: "choices" },
      wish ? choice("Make my change in theirs", "Asks for the same change once more, in the newest version.", conflict.mergeInto, true) : null,
      choice("Save mine as a copy", "A new agent; theirs stays as it is.", conflict.saveCopy, !wish),
      choice("Replace theirs with mine", `Version ${theirs.version} stays in the history.`, conflict.overwrite),
      choice("Drop mine", "Goes on with theirs.", conflict.takeTheirs)),
    answer.element);
  return { element, answer };
}
