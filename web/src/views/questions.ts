/** Questions of the generator as a form. */

import { freshId, h } from "../dom.ts";
import type { Questions } from "../types.ts";

/** `answered` gets a line for each answer: with what it is about, but without the question, whose examples are not meant. */
export function questionsForm(asked: Questions, answered: (answers: string) => void, note = ""): { element: HTMLElement; focus(): void } {
  const fields = asked.questions.map((question) => {
    const id = freshId("question");
    const input = h("input", { id, type: "text", dir: "auto", autocomplete: "off", placeholder: question.example ? `For example: ${question.example}` : null });
    return { about: question.keyword, input, row: h("div", { class: "field" }, h("label", { for: id, dir: "auto" }, question.question), input) };
  });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const element = h("form", { class: "card questions", "data-result": "clarifying_questions", novalidate: true, onsubmit: (event: Event) => {
    event.preventDefault();
    const given = fields.filter(({ input }) => input.value.trim() !== "");
    if (given.length === 0) {
      wrong.textContent = "Answer at least one question.";
      fields[0]?.input.focus();
      return;
    }
    answered(given.map(({ about, input }) => [about, input.value.trim()].filter(Boolean).join(": ")).join("\n"));
  } },
    h("h2", {}, asked.questions.length === 1 ? "One question first" : "A few questions first"),
    note ? h("p", { class: "hint" }, note) : null,
    fields.map(({ row }) => row), wrong, h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, "Answer")));
  return { element, focus: () => fields[0]?.input.focus() };
}
