/** Work that goes on: what has happened, how long it has taken, and how to stop it. */

import type { App } from "../app.ts";
import type { Line } from "../api/watch.ts";
import { asFailure } from "../api/http.ts";
import { fill, h } from "../dom.ts";
import type { Job } from "../state/desk.ts";
import type { ProgressEvent } from "../types.ts";
import { elapsed } from "../words.ts";
import { closingWords, lineOf, summaryOf } from "../jobs/events.ts";
import { button, problem, slot } from "./parts.ts";

const LINES: Record<Line, string> = {
  stream: "Live",
  polling: "Live streams are not available here: asking every few seconds.",
  lost: "The connection is interrupted. The work goes on; trying to reach it again …",
};

export interface Progress {
  element: HTMLElement;
  show(event: ProgressEvent): void;
  line(line: Line): void;
  /** All that was shown so far. */
  events: readonly ProgressEvent[];
  /** The same as times and words. */
  lines: readonly [string, string][];
}

export function createProgress(app: App, job: Job, title: string, signal: AbortSignal): Progress {
  const events: ProgressEvent[] = [];
  const lines: [string, string][] = [];
  const clock = h("span", { class: "clock" });
  const log = h("ol", { class: "log", "aria-label": "What has happened", tabindex: 0 });
  const words = h("p", { class: "explanation", dir: "auto" });
  const count = h("span", {});
  const connection = h("p", { class: "fine connection", role: "status" });
  const trouble = slot();
  let start = Date.parse(job.startedAt) || Date.now();
  const tick = setInterval(() => (clock.textContent = elapsed(Date.now() - start)), 200);
  signal.addEventListener("abort", () => clearInterval(tick), { once: true });

  const stop = button("Cancel", () => {
    stop.disabled = true;
    stop.textContent = "Cancelling …";
    app.calls.cancel(job.operation).catch((cause: unknown) => {
      const failure = asFailure(cause);
      // It has ended meanwhile: its end is on the way.
      if (failure.type === "already_ended") return;
      stop.disabled = false;
      stop.textContent = "Cancel";
      trouble.show(problem(app, failure));
    });
  });
  const show = (event: ProgressEvent): void => {
    events.push(event);
    const at = Date.parse(event.at);
    if (event.type === "accepted" && !Number.isNaN(at)) start = at;
    words.textContent = closingWords(events);
    count.textContent = summaryOf(events) && ` · ${summaryOf(events)}`;
    const line = lineOf(event);
    if (!line) return;
    // A hundred blocks would be too much to listen to.
    if (event.type !== "block_added") app.say(line);
    lines.push([Number.isNaN(at) ? "" : elapsed(at - start), line]);
    log.append(logLine(lines.at(-1) ?? ["", ""], event.type));
    log.scrollTop = log.scrollHeight;
    if (event.type === "completed" || event.type === "failed" || event.type === "cancelled") {
      clearInterval(tick);
      stop.hidden = true;
    }
  };
  const element = h("section", { class: "progress", "aria-label": title },
    h("div", { class: "progress-head" }, h("h2", {}, h("span", { class: "spinner", "aria-hidden": "true" }), title), stop),
    h("p", { class: "fine" }, clock, count), log, words, connection, trouble.element);
  return { element, show, events, lines, line: (line) => fill(connection, LINES[line]) };
}

function logLine([at, words]: [string, string], kind = ""): HTMLElement {
  return h("li", { class: kind }, h("span", { class: "at" }, at), h("span", { dir: "auto" }, words));
}

/** What has happened, folded: work may be over before one has seen it. */
export function pastLog(lines: readonly [string, string][]): HTMLElement | null {
  const last = lines.at(-1);
  if (!last) return null;
  return h("details", { class: "more" }, h("summary", {}, `Made in ${last[0]}: what happened`), h("ol", { class: "log", tabindex: 0 }, lines.map((line) => logLine(line))));
}
