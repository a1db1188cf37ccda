/** The form for the key: alone, or below what a person has written before the first call. */

import { calls } from "../api/calls.ts";
import { advice } from "../api/failure.ts";
import type { Failure } from "../api/failure.ts";
import { asFailure, connect } from "../api/http.ts";
import type { Credentials } from "../api/http.ts";
import { fill, focusOn, h } from "../dom.ts";
import { faultOf } from "../state/tab.ts";
import { busy, button } from "./parts.ts";

interface Connecting {
  address: URL;
  /** What was tried before. */
  given: Credentials | null;
  failure: Failure | null;
  accepted(credentials: Credentials): void;
}

/** Takes nothing from the rest of the page: there is no connection yet. */
export function keyForm({ address, given, failure, accepted }: Connecting): { element: HTMLElement; focus(): void } {
  const answer = h("div", { class: "form-answer", "aria-live": "polite" });
  const key = field("key", "API key", given?.key ?? "", "off");
  const token = field("token", "Access token", given?.token ?? "", "off");
  const more = h("details", { class: "more", open: Boolean(given?.token) || failure?.type === "unauthorized" },
    h("summary", {}, "This service also wants an access token"), token.row,
    h("p", { class: "hint" }, "A JWT of your sign-in service, if the operator has set one."));
  const submit = h("button", { type: "submit", class: "button primary" }, "Continue");

  const told = (wrong: Failure): void => {
    const words = WRONG[wrong.type];
    fill(answer, h("p", { class: "wrong", role: "alert", "data-error": wrong.type }, words ?? `${advice(wrong).title}. ${wrong.message}`));
    if (wrong.type === "unauthorized") more.open = true;
    key.input.setAttribute("aria-invalid", String(wrong.type === "forbidden"));
    focusOn(wrong.type === "unauthorized" ? token.input : key.input);
  };
  const send = async (): Promise<void> => {
    const credentials = { key: key.input.value.trim(), token: token.input.value.trim().replace(/^Bearer\s+/i, "") };
    const fault = credentials.key || credentials.token ? (faultOf(credentials.key) ?? faultOf(credentials.token)) : "Paste your key here first.";
    if (fault) {
      fill(answer, h("p", { class: "wrong", role: "alert" }, fault));
      key.input.focus();
      return;
    }
    submit.disabled = true;
    fill(answer, busy("Checking the key …"));
    try {
      await calls(connect(address, () => credentials)).check();
      accepted(credentials);
    } catch (cause) {
      told(asFailure(cause));
    } finally {
      submit.disabled = false;
    }
  };
  const form = h("form", { class: "card connect", novalidate: true, onsubmit: (event: Event) => {
    event.preventDefault();
    void send();
  } },
    h("h2", {}, "First, your key"),
    key.row,
    h("p", { class: "hint" }, "Did you start it with ", h("code", {}, "make run"), "? Then the key stands in that terminal. Otherwise ask whoever runs the service. It stays in this tab and is forgotten when you close it."),
    more, answer, h("div", { class: "actions" }, submit));
  if (failure) queueMicrotask(() => told(failure));
  return { element: form, focus: () => focusOn(key.input) };
}

/** What this is, for those who have not seen it before. */
export function lede(): HTMLElement {
  return h("p", { class: "lede" }, "An agent is a chain of ready-made blocks, such as “read a feed”, “summarise” and “post to Slack”, which an agent platform runs for you.");
}

export function connectView(connecting: Connecting): HTMLElement {
  return h("div", { class: "welcome" },
    h("div", { class: "pitch" },
      h("h1", { tabindex: -1 }, "Say what you want done. Get an agent that does it."),
      lede(),
      h("ol", { class: "ways" },
        h("li", {}, h("strong", {}, "Describe the task"), " in plain words."),
        h("li", {}, h("strong", {}, "Look at the steps"), " and change them, before anything is made."),
        h("li", {}, h("strong", {}, "Watch the agent grow"), ", change it by words, and keep it."))),
    keyForm(connecting).element);
}

const WRONG: Record<string, string> = {
  forbidden: "This key was not accepted. Check that you have copied all of it, without spaces.",
  unauthorized: "This service asks for a valid access token as well. Paste one below.",
  unreachable: "The service cannot be reached. Check your connection, and that the service runs.",
};

function field(name: string, label: string, value: string, complete: string): { row: HTMLElement; input: HTMLInputElement } {
  const input = h("input", { id: name, name, type: "password", autocomplete: complete, spellcheck: "false", autocapitalize: "off" });
  input.value = value;
  const shown = button("Show", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    shown.textContent = hidden ? "Hide" : "Show";
    shown.setAttribute("aria-pressed", String(hidden));
  }, { class: "button quiet", "aria-pressed": "false", "aria-label": `Show the ${label.toLowerCase()}` });
  return { input, row: h("div", { class: "field" }, h("label", { for: name }, label), h("div", { class: "with-button" }, input, shown)) };
}
