/** Keeps a proposed change or discards it: in the draft, or as a new version of a kept agent. */

import type { App } from "../app.ts";
import { asFailure } from "../api/http.ts";
import type { Blocks } from "../agent/read.ts";
import { fill, focusOn, h } from "../dom.ts";
import type { JsonObject } from "../json.ts";
import type { Proposal } from "../state/desk.ts";
import type { Kept } from "../types.ts";
import { newJob } from "../jobs/jobs.ts";
import { newId } from "../words.ts";
import { proposalPart } from "./change.ts";
import { conflictPart } from "./conflict.ts";
import { busy, problem } from "./parts.ts";
import type { Subject } from "./subject.ts";

interface Around {
  blocks: Blocks;
  look(agent: JsonObject, before: JsonObject | null): void;
  /** Draws the part again, from the desk. */
  done(): void;
  signal: AbortSignal;
}

export function decide(app: App, subject: Subject, proposal: Proposal, around: Around): HTMLElement {
  const whole = h("div", {});
  const forget = (): void => app.desk.update({ proposal: null });
  const discard = (): void => {
    forget();
    app.say("The change was discarded");
    around.done();
  };
  const saved = (kept: Kept): void => {
    forget();
    app.say(`Saved as version ${kept.version}`);
    // The same place may be shown already, in its old version.
    if (subject.kept?.id === kept.id) app.refresh();
    else app.go({ name: "agent", id: kept.id });
  };
  /** Runs a call; what it fails of is shown where it was begun. */
  const attempt = async (answer: { show(...children: HTMLElement[]): void }, words: string, act: () => Promise<void>): Promise<void> => {
    answer.show(busy(words));
    try {
      await act();
    } catch (cause) {
      const failure = asFailure(cause);
      if (failure.type === "version_conflict" && subject.kept) await showConflict(subject.kept, answer);
      else if (!around.signal.aborted) answer.show(problem(app, failure, () => void attempt(answer, words, act)));
    }
  };
  const replace = async (kept: Kept): Promise<void> => saved(await app.calls.replace(kept, proposal.after, proposal.wish));
  const copyKey = newId();

  const showConflict = async (kept: Kept, answer: { show(...children: HTMLElement[]): void }): Promise<void> => {
    try {
      const theirs = await app.calls.agent(kept.id, around.signal);
      const part = conflictPart(app, {
        base: proposal.before, version: kept.version, mine: proposal.after, wish: proposal.wish, theirs,
        look: (after) => around.look(after, proposal.before),
        mergeInto: () => {
          // The newest version is loaded, and asked to be changed in the same way.
          const job = newJob("patch", proposal.wish);
          const { id, version, etag } = theirs;
          app.desk.update({ proposal: null, job, jobOf: { id, version, etag } });
          app.refresh();
        },
        saveCopy: () => void attempt(part.answer, "Saving a copy …", async () => saved(await app.calls.keep(proposal.after, copyKey, proposal.wish))),
        overwrite: () => void attempt(part.answer, "Saving …", () => replace(theirs)),
        takeTheirs: () => {
          forget();
          app.refresh();
        },
      }, around.blocks);
      fill(whole, part.element);
      focusOn(part.element.querySelector<HTMLElement>("h2") ?? part.element);
    } catch (cause) {
      const failure = asFailure(cause);
      if (!around.signal.aborted) answer.show(problem(app, failure, () => void showConflict(kept, answer)));
    }
  };

  const part = proposalPart({
    proposal,
    discard,
    keep: () => {
      if (!proposal.of) {
        const wish = [app.desk.get().draft?.wish, proposal.wish].filter(Boolean).join("\n");
        app.desk.update({ draft: { agent: proposal.after, facts: proposal.facts, wish, saveKey: newId(), log: [] }, proposal: null });
        app.say("The change is kept");
        app.refresh();
        return;
      }
      const kept = proposal.of;
      void attempt(part.answer, "Saving …", () => replace(kept));
    },
  });
  // Loaded again meanwhile: the newest version is not the one that was changed.
  const stale = proposal.of && subject.kept && proposal.of.etag !== subject.kept.etag;
  if (stale && proposal.of) void showConflict(proposal.of, part.answer);
  fill(whole, part.element);
  return whole;
}

