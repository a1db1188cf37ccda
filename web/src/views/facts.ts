/** What is told of steps and agents: what they do, what is missing, and what they need. */

import { h, said } from "../dom.ts";
import type { Facts, LeftOut, Requirements } from "../types.ts";
import { blockTitle, counted, joined, providerTitle, schedule } from "../words.ts";
import { quote } from "./parts.ts";

/** Part of the wish that is not there: said before anything else, for it is what one would trip over later. */
export function leftOut(parts: readonly LeftOut[]): HTMLElement | null {
  if (parts.length === 0) return null;
  return h("section", { class: "left-out", "aria-label": "Left out" },
    h("h2", {}, parts.length === 1 ? "One thing is left out" : `${parts.length} things are left out`),
    h("ul", {}, parts.map((part) => h("li", { dir: "auto" }, quote(part.text), " ", said(part.message)))),
    h("p", { class: "fine" }, "The rest is built as you asked. To have this as well, say it in other words."));
}

export function explanation(words: string): HTMLElement | null {
  return words ? h("p", { class: "explanation", dir: "auto" }, words) : null;
}

export function requirements(needs: Requirements): HTMLElement {
  const rows: HTMLElement[] = [];
  const row = (title: string, ...what: (HTMLElement | string)[]): void => {
    rows.push(h("div", {}, h("dt", {}, title), h("dd", {}, what)));
  };
  if (needs.credentials.length > 0) {
    row(`Connect ${counted(needs.credentials.length, "account")}`, h("ul", {}, needs.credentials.map(({ provider, blocks }) =>
      h("li", {}, h("strong", {}, providerTitle(provider)), blocks.length > 0 ? ` for ${joined(blocks.map(blockTitle))}` : ""))));
  }
  if (needs.inputs.length > 0) {
    row("Give when it runs", h("ul", {}, needs.inputs.map((input) => h("li", { dir: "auto" },
      h("strong", {}, said(input.name)), input.description ? [": ", said(input.description)] : "",
      h("span", { class: "fine" }, ` ${[input.type === "any" ? "" : input.type, input.required ? "" : "optional"].filter(Boolean).join(", ")}`)))));
  }
  if (needs.trigger) row("Starts by itself", said(needs.trigger.description || blockTitle(needs.trigger.block)));
  if (needs.schedule) {
    row("Schedule", `${schedule(needs.schedule)}${needs.timezone ? ` (${needs.timezone})` : ""}`, " ", h("code", {}, needs.schedule));
  }
  return h("section", { class: "requirements", "aria-label": "What it needs" }, h("h2", {}, "Before it runs"),
    rows.length > 0 ? h("dl", {}, rows) : h("p", {}, "Nothing to connect and nothing to fill in."));
}

export function facts(told: Facts): (HTMLElement | null)[] {
  return [leftOut(told.leftOut), explanation(told.explanation), requirements(told.requirements)];
}
