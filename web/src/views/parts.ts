/** Small parts that several views are made of. */

import type { App } from "../app.ts";
import { advice } from "../api/failure.ts";
import type { Failure } from "../api/failure.ts";
import { fill, h, said } from "../dom.ts";
import type { Attributes, Child } from "../dom.ts";

export function button(label: Child, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return h("button", { type: "button", class: "button", onclick: act, ...attributes }, label);
}

export function link(label: Child, href: string, attributes: Attributes = {}): HTMLAnchorElement {
  return h("a", { href, ...attributes }, label);
}

/** Something takes a while: `words` say what. */
export function busy(words: string, cancel?: () => void): HTMLElement {
  return h("p", { class: "busy", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), words,
    cancel && button("Cancel", cancel, { class: "button quiet" }));
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not over plain http from another machine: the old way.
    const area = h("textarea", { class: "offscreen", readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    const before = document.activeElement;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
  }
}

/** A button that copies, and says so for two seconds. */
export function copyButton(app: App, label: string, text: () => string, attributes: Attributes = {}): HTMLButtonElement {
  const made = button(label, () => {
    void copy(text()).then((done) => {
      const words = done ? "Copied" : "Could not copy";
      app.say(words);
      made.textContent = words;
      setTimeout(() => (made.textContent = label), 2000);
    });
  }, { class: "button small", ...attributes });
  return made;
}

/** A failure as a person needs it: what, whether trying again helps and when, and the number for the operator. */
export function problem(app: App, failure: Failure, again?: () => void): HTMLElement {
  const { title, next, remedy } = advice(failure);
  const actions: HTMLElement[] = [];
  if (failure.retryable && again) actions.push(againButton(failure.retryAfter, again));
  if (remedy === "credentials") actions.push(button("Enter another key", () => app.askForCredentials(failure)));
  if (remedy === "library") actions.push(button("To my agents", () => app.go({ name: "agents" })));
  if (remedy === "goal" && location.hash !== "#/") actions.push(button("To the goal", () => app.go({ name: "make" })));
  return h("section", { class: "problem", role: "alert", "data-error": failure.type },
    h("h2", {}, title),
    h("p", { dir: "auto" }, failure.message, next ? ` ${next}` : ""),
    failure.faults.length > 0 && h("ul", { class: "faults" }, failure.faults.map((fault) => h("li", { dir: "auto" }, fault))),
    actions.length > 0 && h("div", { class: "actions" }, actions),
    failure.requestId && h("p", { class: "fine" }, "For the operator: ", h("code", {}, failure.requestId), " (", h("code", {}, failure.type), ") ",
      copyButton(app, "Copy", () => failure.requestId ?? "", { "aria-label": "Copy the request's number" })),
  );
}

/** Counts down if it would be of no use at once. */
function againButton(seconds: number | null, again: () => void): HTMLButtonElement {
  const made = button("Try again", again, { class: "button primary" });
  let left = seconds ?? 0;
  const tick = (): void => {
    made.disabled = left > 0;
    made.textContent = left > 0 ? `Try again in ${left} s` : "Try again";
    if (left > 0) setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
  return made;
}

/** A part of a view that is drawn anew, alone. */
export function slot(attributes: Attributes = {}): { element: HTMLElement; show(...children: Child[]): void } {
  const element = h("div", attributes);
  return { element, show: (...children) => fill(element, ...children) };
}

export function quote(words: string): HTMLElement {
  return h("span", { class: "quote" }, "“", said(words), "”");
}

/** Where one is on the way from a goal to an agent. */
export function stepper(at: 1 | 2 | 3): HTMLElement {
  const names = ["Goal", "Steps", "Agent"];
  return h("ol", { class: "stepper", "aria-label": "Progress" }, names.map((name, index) =>
    h("li", { class: index + 1 < at ? "done" : "", "aria-current": index + 1 === at ? "step" : null },
      h("span", { class: "number", "aria-hidden": "true" }, index + 1 < at ? "✓" : String(index + 1)), name)));
}
