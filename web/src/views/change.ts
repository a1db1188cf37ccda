/** Changes an agent by words: the wish, the work, and the result to keep or to discard. */

import type { App } from "../app.ts";
import { Failure, mayBeOnItsWay } from "../api/failure.ts";
import { asFailure } from "../api/http.ts";
import { h } from "../dom.ts";
import type { JsonObject } from "../json.ts";
import type { Job, Proposal } from "../state/desk.ts";
import type { Kept, Outcome } from "../types.ts";
import { counted } from "../words.ts";
import { newJob, sendAgain, takeUnsent } from "../jobs/jobs.ts";
import { run } from "../jobs/run.ts";
import { changeList } from "./changes.ts";
import { leftOut } from "./facts.ts";
import { button, problem, quote, slot } from "./parts.ts";
import { createProgress } from "./progress.ts";
import { questionsForm } from "./questions.ts";

export interface Changing {
  agent: JsonObject;
  /** Null: the draft. */
  kept: Kept | null;
  /** A change was made. */
  proposed(proposal: Proposal): void;
  signal: AbortSignal;
}

const IDEAS = ["Rename it to …", "Also post the result to Slack", "Run it every morning at 8:00"];
const LONGEST = 20_000;

export function changePart(app: App, changing: Changing): { element: HTMLElement; ask(wish: string): void } {
  const { agent, kept, signal } = changing;
  const area = h("textarea", { id: "wish", rows: 2, dir: "auto", maxlength: LONGEST, placeholder: `For example: ${IDEAS[1]}` });
  const answer = slot({ class: "answer", "aria-live": "polite" });
  const submit = h("button", { type: "submit", class: "button primary" }, "Change it");

  const attempt = async (job: Job, context: string): Promise<void> => {
    const progress = createProgress(app, job, "Changing the agent", signal);
    area.value = job.wish;
    submit.disabled = true;
    answer.show(progress.element);
    const send = () => app.calls.patch(agent, job.wish, context, { operation: job.operation, task: job.task }, signal);
    try {
      const outcome = await run(app.calls, job, { signal, send, fresh: takeUnsent(job.operation), show: progress.show, line: progress.line });
      if (signal.aborted) return;
      app.desk.update({ job: null, jobOf: null });
      end(outcome, job, context);
    } catch (cause) {
      if (signal.aborted) return;
      const failure = asFailure(cause);
      const passing = mayBeOnItsWay(failure);
      if (!passing) app.desk.update({ job: null, jobOf: null });
      answer.show(problem(app, failure, () => {
        if (!passing) return begin(job.wish, context);
        sendAgain(job.operation);
        void attempt(job, context);
      }));
    } finally {
      submit.disabled = false;
    }
  };
  const begin = (wish: string, context = ""): void => {
    const job = newJob("patch", wish);
    app.desk.update({ job, jobOf: kept, proposal: null });
    void attempt(job, context);
  };
  const end = (outcome: Outcome | null, job: Job, context: string): void => {
    if (outcome === null) {
      answer.show(h("p", { role: "status" }, "Cancelled. Nothing was changed."));
    } else if (outcome.type === "clarifying_questions") {
      const form = questionsForm(outcome, (answers) => begin(job.wish, [context, answers].filter(Boolean).join("\n")));
      answer.show(form.element);
      form.focus();
    } else if (outcome.type !== "agent_preview") {
      answer.show(problem(app, new Failure("patch_error", "message" in outcome ? outcome.message : "")));
    } else if (outcome.changes.length === 0) {
      answer.show(leftOut(outcome.facts.leftOut), h("p", { role: "status", class: "unchanged" }, outcome.message || "Nothing had to be changed in the agent."));
    } else {
      const { facts, changes, summary } = outcome;
      changing.proposed({ wish: job.wish, before: agent, after: outcome.agent, facts, changes, summary, of: kept });
    }
  };
  const form = h("form", { class: "wish", novalidate: true, onsubmit: (event: Event) => {
    event.preventDefault();
    const wish = area.value.trim();
    if (wish) begin(wish);
    else area.focus();
  } }, h("h2", {}, h("label", { for: "wish" }, "What should be different?")), area, h("div", { class: "actions" }, submit));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  const { job, jobOf } = app.desk.get();
  // It was at work when the page was loaded again, or is to be begun in this version.
  if (job?.tool === "patch" && jobOf?.id === kept?.id) void attempt(job, "");
  return { element: h("div", { class: "change" }, form, answer.element), ask: (wish) => begin(wish) };
}

export interface Deciding {
  proposal: Proposal;
  keep(): void;
  discard(): void;
}

/** What a change would do, before it is kept. The picture has the same marks. */
export function proposalPart({ proposal, keep, discard }: Deciding): { element: HTMLElement; answer: ReturnType<typeof slot> } {
  const answer = slot({ "aria-live": "polite" });
  const added = proposal.changes.length;
  const element = h("section", { class: "proposal card", "aria-label": "Proposed change" },
    h("h2", { tabindex: -1 }, "Keep this change?"),
    h("p", { dir: "auto" }, proposal.summary || counted(added, "change")),
    proposal.wish && h("p", { class: "fine" }, "You asked: ", quote(proposal.wish)),
    leftOut(proposal.facts.leftOut),
    changeList(proposal.changes),
    h("div", { class: "actions" }, button("Keep", keep, { class: "button primary" }), button("Discard", discard)),
    answer.element);
  return { element, answer };
}
