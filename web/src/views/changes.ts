/** A list of changes: what was added, removed and changed. */

import { SIGNS, VERBS, subject, valueOf } from "../agent/changes.ts";
import { h, said } from "../dom.ts";
import type { Change } from "../types.ts";
import { counted, shortened } from "../words.ts";

/** More are counted, not shown. */
const MOST = 100;
const LONGEST = 200;
const ORDER: Change["op"][] = ["added", "changed", "removed"];

export function changeList(changes: readonly Change[], more = 0): HTMLElement {
  const sorted = ORDER.flatMap((op) => changes.filter((change) => change.op === op));
  if (sorted.length === 0) return h("p", { class: "fine" }, "Nothing differs.");
  const rest = sorted.length - MOST + more;
  return h("div", {}, h("ul", { class: "changes" }, sorted.slice(0, MOST).map(row)),
    rest > 0 && h("p", { class: "fine" }, `and ${counted(rest, "more change")}`));
}

function row(change: Change): HTMLElement {
  const [before, after] = [change.before, change.after].map((value) => shortened(valueOf(value ?? null), LONGEST));
  // A node or a link as JSON says nothing to a person that its name does not.
  const values = change.what === "value" || change.what === "agent"
    ? h("div", { class: "values", dir: "auto" }, before && h("del", {}, before), before && after && " → ", after && h("ins", {}, after)) : null;
  return h("li", { class: change.op }, h("span", { class: "mark", "aria-hidden": "true" }, SIGNS[change.op]),
    h("div", {}, h("span", { class: "offscreen" }, `${VERBS[change.op]}: `), said(subject(change)), values));
}
