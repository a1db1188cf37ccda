/** Watches an agent grow, and finds the work again after a reload. */

import type { App } from "../app.ts";
import { Failure, mayBeOnItsWay } from "../api/failure.ts";
import { asFailure } from "../api/http.ts";
import { sleep } from "../api/watch.ts";
import { readAgent } from "../agent/read.ts";
import type { Blocks } from "../agent/read.ts";
import { h } from "../dom.ts";
import { drawingOf, growing } from "../graph/drawing.ts";
import { createGraph } from "../graph/view.ts";
import { instructions } from "../plan/steps.ts";
import type { Outcome, Preview } from "../types.ts";
import { newId } from "../words.ts";
import { newJob, sendAgain, takeUnsent } from "../jobs/jobs.ts";
import { run } from "../jobs/run.ts";
import { button, problem, slot, stepper } from "./parts.ts";
import { createProgress } from "./progress.ts";
import { questionsForm } from "./questions.ts";

/** How long the finished picture is seen before the panel beside it changes. */
const SETTLE = 800;

export function startMaking(app: App): void {
  const job = newJob("generate", app.desk.get().goal);
  app.desk.update({ job, jobOf: null, proposal: null });
  app.go({ name: "making", operation: job.operation });
}

export function makingView(app: App, signal: AbortSignal, operation: string): HTMLElement {
  const known = app.desk.get().job;
  const mine = known?.operation === operation ? known : null;
  // Opened by its address alone: it can be watched all the same.
  const job = mine ?? { operation, task: "", tool: "generate" as const, wish: "", startedAt: "" };
  const graph = createGraph(() => undefined);
  const panel = slot({ class: "panel-body" });
  graph.show({ blocks: [], wires: [], growing: true });

  const attempt = async (): Promise<void> => {
    const progress = createProgress(app, job, "Making the agent", signal);
    panel.show(progress.element);
    const { plan } = app.desk.get();
    const send = mine && plan ? () => app.calls.generate({ instructions: instructions(plan) }, { operation, task: job.task }, signal) : null;
    try {
      const blocks = await app.blocks();
      const outcome = await run(app.calls, job, {
        signal, send, fresh: takeUnsent(operation), line: progress.line,
        show: (event) => {
          progress.show(event);
          if (event.type === "block_added" || event.type === "started") graph.show(growing(progress.events, blocks));
        },
      });
      if (signal.aborted) return;
      if (outcome?.type === "agent_preview") await made(outcome, progress.lines, blocks);
      else end(outcome);
    } catch (cause) {
      if (!signal.aborted) failed(asFailure(cause));
    }
  };
  const failed = (failure: Failure): void => {
    // The same ids are sent again. If it has ended, only new ones begin new work.
    const passing = mayBeOnItsWay(failure);
    panel.show(problem(app, failure, () => {
      if (passing) sendAgain(operation);
      if (passing || !mine) void attempt();
      else startMaking(app);
    }), h("div", { class: "actions" }, button("Back to the steps", back)));
    if (!passing) app.desk.update({ job: null });
  };
  const back = (): void => {
    app.desk.update({ job: null });
    app.go({ name: "make" });
  };
  const made = async ({ agent, facts }: Preview, lines: readonly [string, string][], blocks: Blocks): Promise<void> => {
    app.desk.update({ job: null, draft: { agent, facts, wish: job.wish, saveKey: newId(), log: [...lines] }, proposal: null });
    app.say("The agent is ready");
    // The blocks find their places before one's eyes.
    graph.show(drawingOf(readAgent(agent, blocks)));
    await sleep(matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : SETTLE, signal);
    app.go({ name: "draft" }, "replace");
  };
  const end = (outcome: Exclude<Outcome, Preview> | null): void => {
    app.desk.update({ job: null });
    if (outcome === null) {
      panel.show(h("section", { class: "card", role: "status" }, h("h2", {}, "Cancelled"), h("p", {}, "Nothing was made. Your goal and its steps are still there."),
        h("div", { class: "actions" }, button("Back to the steps", back, { class: "button primary" }))));
      return;
    }
    if (outcome.type === "clarifying_questions") {
      const form = questionsForm(outcome, (answers) => answered(app, answers));
      panel.show(form.element);
      form.focus();
    } else {
      const message = outcome.type === "instructions" ? "The generator gave steps instead of an agent." : outcome.message;
      panel.show(problem(app, new Failure("validation_error", message)));
    }
  };
  void attempt();
  return h("div", { class: "bench" }, h("div", { class: "bench-graph" }, graph.element),
    h("aside", { class: "panel" }, stepper(3), h("h1", { tabindex: -1, class: "offscreen" }, "Making the agent"), panel.element));
}

/** The steps had questions of their own: the goal is planned again, with the answers. */
function answered(app: App, answers: string): void {
  const { context } = app.desk.get();
  app.desk.update({ plan: null, context: [context, answers].filter(Boolean).join("\n") });
  app.go({ name: "make" });
}
