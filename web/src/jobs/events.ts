/** What the entries of an operation's log say to a person. */

import type { ProgressEvent } from "../types.ts";
import { blockTitle, counted } from "../words.ts";

const STEPS: Record<string, string> = {
  decomposing: "Reading the goal",
  planning: "Planning the steps",
  asking_model: "Asking the AI model",
  assembling: "Putting the blocks together",
  validating: "Checking that everything fits",
  fixing: "Mending what does not fit",
  saving: "Saving the result",
};

/** Null for what is not worth a line, and for types that are newer than this page. */
export function lineOf(event: ProgressEvent): string | null {
  switch (event.type) {
    case "accepted":
      return "In the queue";
    case "started":
      return "A worker has started";
    case "step": {
      const step = STEPS[event.name ?? ""];
      return step ? `${step}${event.detail ? ` (${event.detail})` : ""}` : null;
    }
    case "block_added":
      return `+ ${event.name || blockTitle(event.block ?? "")}`;
    case "fixed":
      return `Mended: ${(event.rule ?? "").replaceAll("_", " ")}`;
    case "attempt_failed":
      return `This attempt failed. The next one comes ${timeOf(event.retry_at)}`;
    case "handed_over":
      return "The generator has taken it over";
    case "completed":
      return "Done";
    case "failed":
      return "Failed";
    case "cancelled":
      return "Cancelled";
    default:
      return null;
  }
}

function timeOf(time: string | undefined): string {
  const at = new Date(time ?? "");
  return Number.isNaN(at.getTime()) ? "soon" : `at ${at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })}`;
}

/** The closing words, which come in pieces. */
export function closingWords(events: readonly ProgressEvent[]): string {
  return events.filter((event) => event.type === "text").map((event) => event.delta ?? "").join("");
}

export function summaryOf(events: readonly ProgressEvent[]): string {
  const blocks = new Set(events.filter((event) => event.type === "block_added").map((event) => event.node)).size;
  return blocks === 0 ? "" : `${counted(blocks, "block")} so far`;
}
