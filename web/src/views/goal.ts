/** A goal in words, and what the service has to ask or to suggest about it. */

import type { App } from "../app.ts";
import { asFailure, isAbort } from "../api/http.ts";
import { h } from "../dom.ts";
import { planOf } from "../plan/steps.ts";
import { EMPTY } from "../state/desk.ts";
import { hashOf } from "../places.ts";
import { same } from "../json.ts";
import type { Advice, Outcome, Question } from "../types.ts";
import { questionsForm } from "./questions.ts";
import { keyForm, lede } from "./connect.ts";
import { busy, button, link, problem, quote, slot, stepper } from "./parts.ts";

const EXAMPLES = [
  "Summarise a web page and e-mail the summary",
  "Every weekday at 8:00, read an RSS feed, summarise it and post it to Slack",
  "Watch a subreddit and post new posts to Slack",
  "Translate a text into French",
];
/** The API takes as much. */
const LONGEST = 20_000;

export function goalView(app: App, signal: AbortSignal): HTMLElement {
  const area = h("textarea", {
    id: "goal", rows: 4, dir: "auto", maxlength: LONGEST, "aria-describedby": "goal-hint", required: true,
    placeholder: "For example: every morning, read a news feed, sum it up and mail it to me",
  });
  area.value = app.desk.get().goal;
  const answer = slot({ class: "answer", "aria-live": "polite" });
  const submit = h("button", { type: "submit", class: "button primary" }, "Show me the steps");
  let running: AbortController | null = null;
  /** The questions that were answered last. */
  let asked: Question[] = [];

  const plan = async (goal: string, context: string): Promise<void> => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    app.desk.update({ goal, context });
    if (!app.credentials()) return askForKey();
    submit.disabled = true;
    answer.show(busy("Working out the steps …", () => mine.abort()));
    try {
      const outcome = await app.calls.decompose(goal, context, AbortSignal.any([signal, mine.signal]));
      show(outcome, goal, context);
    } catch (cause) {
      if (signal.aborted || running !== mine) return;
      answer.show(isAbort(cause) ? null : problem(app, asFailure(cause), () => void plan(goal, context)));
    } finally {
      if (running === mine) submit.disabled = false;
    }
  };
  /** This is the first thing that is asked of the service. */
  const askForKey = (): void => {
    const form = keyForm({ address: app.calls.http.address, given: null, failure: null, accepted: (given) => {
      app.enter(given);
      if (signal.aborted) return;
      // As they are now: the goal may have been reworded meanwhile.
      const { goal, context } = app.desk.get();
      if (goal && context) void plan(goal, context);
      else begin();
    } });
    answer.show(form.element);
    form.focus();
  };
  const show = (outcome: Outcome, goal: string, context: string): void => {
    if (outcome.type === "instructions") {
      app.desk.update({ plan: planOf(outcome.whole), facts: outcome.facts });
      app.refresh();
    } else if (outcome.type === "clarifying_questions") {
      const again = same(outcome.questions, asked);
      asked = outcome.questions;
      const note = again ? "The answer did not settle this. You can also write it into the goal itself." : "";
      const form = questionsForm(outcome, (answers) => void plan(goal, [context, answers].filter(Boolean).join("\n")), note);
      answer.show(form.element);
      form.focus();
    } else if (outcome.type !== "agent_preview") {
      answer.show(suggestion(outcome, (goal) => {
        area.value = goal;
        void plan(goal, "");
      }, () => area.focus()));
    }
  };
  const begin = (): void => {
    const goal = area.value.trim();
    asked = [];
    if (goal) void plan(goal, "");
    else {
      answer.show(h("p", { class: "wrong", role: "alert" }, "Write what the agent should do first, or choose an example."));
      area.focus();
    }
  };
  const form = h("form", { class: "goal", novalidate: true, onsubmit: (event: Event) => {
    event.preventDefault();
    begin();
  } },
    area,
    h("p", { class: "hint", id: "goal-hint" }, "One or two sentences are enough: what to start from, what to do, where the result goes, and when."),
    h("div", { class: "examples", role: "group", "aria-label": "Examples" }, EXAMPLES.map((example) => button(example, () => {
      area.value = example;
      app.desk.update({ goal: example, context: "" });
      area.focus();
    }, { class: "button example" }))),
    h("div", { class: "actions" }, submit, h("span", { class: "hint" }, "Nothing is made yet: you see the steps first.")));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) begin();
  });
  area.addEventListener("input", () => app.desk.update({ goal: area.value, context: "" }));
  // Questions about the steps were answered: they are worked out anew.
  const { goal, context } = app.desk.get();
  if (goal && context) void plan(goal, context);
  return h("div", { class: "column" }, stepper(1),
    h("h1", { tabindex: -1 }, h("label", { for: "goal" }, "What should your agent do?")), app.credentials() ? null : lede(), form, answer.element, unfinished(app));
}

/** What was begun in this tab and is still there. */
export function unfinished(app: App): HTMLElement | null {
  const { job, draft } = app.desk.get();
  const [href, words] = job?.tool === "generate"
    ? [hashOf({ name: "making", operation: job.operation }), "An agent is being made. Watch it"]
    : draft ? [hashOf({ name: "draft" }), "The agent that you made last is still here. Open it"] : ["", ""];
  if (!href) return null;
  return h("p", { class: "unfinished" }, link(words, href), " ", draft && !job && button("Forget it", () => {
    app.desk.update({ ...EMPTY, goal: app.desk.get().goal });
    app.refresh();
  }, { class: "button quiet" }));
}

function suggestion(advice: Advice, take: (goal: string) => void, refuse: () => void): HTMLElement {
  const vague = advice.type === "vague_goal";
  const { suggestion: words, reason } = advice;
  return h("section", { class: "suggestion card", "data-result": advice.type },
    h("h2", {}, vague ? "That is too vague to build" : "That cannot be built"),
    h("p", { dir: "auto" }, reason ?? (vague ? "Say what to start from, what to do and where the result goes." : "No block does what this needs.")),
    words ? [h("p", {}, "What can be built is: ", quote(words)), h("div", { class: "actions" },
      button("Take this instead", () => take(words), { class: "button primary" }), button("Keep mine and reword it", refuse))]
      : h("div", { class: "actions" }, button("Reword it", refuse)));
}
