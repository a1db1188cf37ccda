/** Takes an agent out of the page: as JSON, as a diagram, as commands. */

import type { App } from "../app.ts";
import { recipes } from "../agent/curl.ts";
import { mermaid } from "../agent/mermaid.ts";
import type { Agent } from "../agent/read.ts";
import { h } from "../dom.ts";
import { stringify } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Kept } from "../types.ts";
import { button, copyButton } from "./parts.ts";

export function exportPart(app: App, agent: Agent, json: JsonObject, kept: Kept | null): HTMLElement {
  const whole = (): string => stringify(json, 2);
  const name = fileName(agent.name);
  const diagram = mermaid(agent);
  const goal = kept ? "" : app.desk.get().goal;
  return h("div", { class: "export" },
    h("section", {}, h("h3", {}, "JSON"), h("p", { class: "fine" }, "What the agent platform imports."),
      h("div", { class: "actions" }, button("Download", () => download(`${name}.json`, "application/json", whole()), { class: "button small" }),
        copyButton(app, "Copy JSON", whole))),
    h("section", {}, h("h3", {}, "Mermaid diagram"), h("p", { class: "fine" }, "GitHub and many chat apps draw it."),
      h("div", { class: "actions" }, copyButton(app, "Copy Mermaid", () => diagram)),
      h("details", { class: "more" }, h("summary", {}, "Show it"), h("pre", { tabindex: 0, class: "mermaid" }, diagram))),
    h("section", {}, h("h3", {}, "Command line"),
      h("p", { class: "fine" }, "Your key is not in these commands: put it into ", h("code", {}, "$KEY"), " first."),
      recipes(app.calls.http.address, goal, kept, Boolean(app.credentials()?.token)).map(({ title, command }) =>
        h("div", { class: "recipe" }, h("div", { class: "recipe-head" }, h("span", {}, title), copyButton(app, "Copy", () => command, { "aria-label": `Copy: ${title}` })),
          h("pre", { tabindex: 0 }, command)))));
}

/** Letters and digits of any language; other characters mean something to some file system. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60).toLowerCase() || "agent";
}

function download(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
