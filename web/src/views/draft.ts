/** An agent that was made in this tab and is not saved. */

import type { App } from "../app.ts";
import { asFailure } from "../api/http.ts";
import { focusHeading, h } from "../dom.ts";
import { counted } from "../words.ts";
import { EMPTY } from "../state/desk.ts";
import { button, busy, link, problem, slot } from "./parts.ts";
import { pastLog } from "./progress.ts";
import { workbench } from "./workbench.ts";

export function draftView(app: App, signal: AbortSignal): HTMLElement {
  const { draft } = app.desk.get();
  if (!draft) {
    return h("div", { class: "column" }, h("h1", { tabindex: -1 }, "There is no agent here"),
      h("p", {}, "The agent that you look for was made in another tab, or has been saved. ", link("Your agents", "#/agents"), " · ", link("Make a new one", "#/")));
  }
  const answer = slot({ "aria-live": "polite" });
  const save = async (): Promise<void> => {
    answer.show(busy("Saving …"));
    try {
      const kept = await app.calls.keep(draft.agent, draft.saveKey, draft.wish);
      const { proposal, job } = app.desk.get();
      app.desk.set({ ...EMPTY, proposal: proposal && !proposal.of ? { ...proposal, of: kept } : null, job, jobOf: job && kept });
      app.say("Saved to your agents");
      app.go({ name: "agent", id: kept.id }, "replace");
    } catch (cause) {
      answer.show(problem(app, asFailure(cause), () => void save()));
    }
  };
  const holder = h("div", { class: "whole" }, h("p", { class: "busy" }, "Loading …"));
  void app.blocks().then((blocks) => {
    if (signal.aborted) return;
    holder.replaceChildren(workbench(app, {
      agent: draft.agent, facts: draft.facts, kept: null,
      head: (agent) => h("header", { class: "subject" },
        h("h1", { tabindex: -1, dir: "auto" }, agent.name || "Your agent"),
        h("p", { class: "fine" }, h("span", { class: "badge" }, "Not saved yet"), ` ${counted(agent.nodes.length, "block")}`),
        agent.description && agent.description !== agent.name ? h("p", { dir: "auto" }, agent.description) : null,
        h("div", { class: "actions" }, button("Save to my agents", () => void save(), { class: "button primary" }),
          app.desk.get().plan && button("Back to the steps", () => app.go({ name: "make" }), { class: "button quiet" })),
        answer.element, pastLog(draft.log)),
    }, blocks, signal));
    focusHeading(holder);
  });
  return holder;
}
