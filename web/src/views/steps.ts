/** The steps of a plan, to be read, reworded, moved and removed before the agent is made. */

import type { App } from "../app.ts";
import { fill, h } from "../dom.ts";
import { added, blanks, blockOf, moved, planOf, removed, reworded } from "../plan/steps.ts";
import type { Plan, Step } from "../plan/steps.ts";
import { blockTitle, counted, newId } from "../words.ts";
import { explanation, leftOut, requirements } from "./facts.ts";
import { unfinished } from "./goal.ts";
import { startMaking } from "./making.ts";
import { button, quote, slot, stepper } from "./parts.ts";

export function stepsView(app: App): HTMLElement {
  const list = h("ol", { class: "steps" });
  const note = slot({ class: "edited" });
  const answer = slot({ "aria-live": "polite" });
  const plan = (): Plan => app.desk.get().plan ?? planOf({});
  const heading = h("h1", { tabindex: -1 });

  const change = (next: Plan, focus?: [string, string]): void => {
    app.desk.update({ plan: next });
    draw();
    const [key, part] = focus ?? [];
    const row = [...list.children].find((child) => child.getAttribute("data-key") === key);
    const target = row?.querySelector<HTMLElement>(`.${part}:not(:disabled)`) ?? row?.querySelector<HTMLElement>("textarea");
    target?.focus();
  };
  const move = (step: Step, by: number): void => {
    change(moved(plan(), step.key, by), [step.key, by < 0 ? "up" : "down"]);
    app.say(`Now step ${plan().steps.findIndex((other) => other.key === step.key) + 1} of ${plan().steps.length}`);
  };
  const remove = (step: Step, index: number): void => {
    const next = removed(plan(), step.key);
    const neighbour = next.steps[Math.min(index, next.steps.length - 1)];
    change(next, neighbour && [neighbour.key, "remove"]);
    app.say(`Step ${index + 1} removed`);
  };

  const row = (step: Step, index: number, count: number): HTMLElement => {
    const block = blockOf(step);
    const kind = h("span", { class: "kind" }, block ? blockTitle(block) : "The block is chosen when the agent is made");
    const words = h("textarea", { rows: 1, dir: "auto", "aria-label": `Step ${index + 1}` });
    words.value = step.words;
    const size = (): void => {
      words.style.height = "auto";
      words.style.height = `${words.scrollHeight}px`;
    };
    words.addEventListener("input", () => {
      const next = reworded(plan(), step.key, words.value);
      app.desk.update({ plan: next });
      const now = next.steps.find((other) => other.key === step.key);
      const name = now ? blockOf(now) : "";
      kind.textContent = name ? blockTitle(name) : "The block is chosen when the agent is made";
      size();
      tell();
    });
    words.addEventListener("keydown", (event) => {
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        move(step, event.key === "ArrowUp" ? -1 : 1);
      }
    });
    requestAnimationFrame(size);
    const tool = (part: string, label: string, sign: string, act: () => void, disabled = false): HTMLElement =>
      button(sign, act, { class: `tool ${part}`, "aria-label": `${label} step ${index + 1}`, title: label, disabled });
    return h("li", { "data-key": step.key },
      h("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
      h("div", { class: "words" }, words, kind),
      h("div", { class: "step-tools" },
        tool("up", "Move up", "↑", () => move(step, -1), index === 0),
        tool("down", "Move down", "↓", () => move(step, 1), index === count - 1),
        tool("remove", "Remove", "✕", () => remove(step, index))));
  };
  const tell = (): void => {
    note.show(plan().edited && h("p", { class: "hint" }, "You have changed the steps. ", button("Undo all of it", () => {
      const whole = plan().whole;
      change(planOf(whole));
      app.say("The steps are as they were");
    }, { class: "button quiet" })));
  };
  const draw = (): void => {
    const { steps } = plan();
    heading.textContent = steps.length === 0 ? "There are no steps left" : `This takes ${counted(steps.length, "step")}`;
    fill(list, steps.map((step, index) => row(step, index, steps.length)));
    tell();
  };

  const make = (): void => {
    const blank = blanks(plan())[0];
    if (plan().steps.length === 0) answer.show(h("p", { class: "wrong", role: "alert" }, "Add a step first, or go back to the goal."));
    else if (blank) {
      answer.show(h("p", { class: "wrong", role: "alert" }, "A step says nothing. Say what it does, or remove it."));
      change(plan(), [blank.key, "words"]);
    } else startMaking(app);
  };
  const add = (): void => {
    const key = newId();
    change(added(plan(), key), [key, "words"]);
  };
  const { goal, facts } = app.desk.get();
  draw();
  return h("div", { class: "column" }, stepper(2), heading,
    h("p", { class: "your-goal" }, "Your goal: ", quote(goal), " ", button("Change it", () => {
      app.desk.update({ plan: null, facts: null, context: "" });
      app.refresh();
    }, { class: "button quiet" })),
    unfinished(app),
    facts && leftOut(facts.leftOut), facts && explanation(facts.explanation),
    list, note.element,
    h("div", { class: "actions" }, button("Add a step", add)),
    facts && requirements(facts.requirements),
    answer.element,
    h("div", { class: "actions sticky" }, button("Make the agent", make, { class: "button primary" }),
      h("span", { class: "hint" }, "You can still change it afterwards.")));
}
