/** Tabs, after the pattern of the ARIA practices: arrow keys change them. */

import { fill, freshId, h } from "../dom.ts";

export interface TabPage {
  title: string;
  draw(): HTMLElement;
}

/** `remember` keeps the number of the open tab when the part is drawn again. */
export function tabs(label: string, pages: readonly TabPage[], remember: { open: number }): HTMLElement {
  const id = freshId("tabs");
  const body = h("div", { role: "tabpanel", class: "tab-body", id: `${id}-body` });
  const buttons = pages.map((page, index) => h("button", {
    type: "button", role: "tab", id: `${id}-${index}`, "aria-controls": `${id}-body`, onclick: () => open(index),
  }, page.title));
  const open = (index: number): void => {
    remember.open = index;
    buttons.forEach((button, other) => {
      button.setAttribute("aria-selected", String(other === index));
      button.tabIndex = other === index ? 0 : -1;
    });
    body.setAttribute("aria-labelledby", `${id}-${index}`);
    fill(body, pages[index]?.draw());
  };
  const bar = h("div", { role: "tablist", class: "tab-bar", "aria-label": label }, buttons);
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = (remember.open + by + pages.length) % pages.length;
    open(next);
    buttons[next]?.focus();
  });
  open(Math.min(remember.open, pages.length - 1));
  return h("div", { class: "tabs" }, bar, body);
}
