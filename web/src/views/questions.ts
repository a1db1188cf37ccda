/** Questions of the generator as a form. */

import { h } from "../dom.ts";
import type { Questions } from "../types.ts";
import { freshId } from "../dom.ts";

/** `answered` gets each question with its answer, a line each. */
export function questionsForm(asked: Questions, answered: (answers: string) => void): { element: HTMLElement; focus(): void } {
  const fields = asked.questions.map((question) => {
    const id = freshId("question");
    const input = h("input", { id, type: "text", dir: "auto", autocomplete: "off", placeholder: question.example ? `For example: ${question.example}` : null });
    return { question: question.question, input, row: h("div", { class: "field" }, h("label", { for: id, dir: "auto" }, question.question), input) };
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
    answered(given.map(({ question, input }) => `${question} ${input.value.trim()}`).join("\n"));
  } },
    h("h2", {}, asked.questions.length === 1 ? "One question first" : "A few questions first"),
    fields.map(({ row }) => row), wrong, h("div", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, "Answer")));
  return { element, focus: () => fields[0]?.input.focus() };
}
