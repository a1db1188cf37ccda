/** What went wrong, in words that a person can act on. */

import { isObject, list, number, object, text } from "../json.ts";
import type { JsonObject } from "../json.ts";

/** What a person can do about a failure. */
export type Remedy = "credentials" | "goal" | "library" | "none";

export class Failure extends Error {
  /** The API's `error_type`; `unreachable` and `no_answer` are the page's own. */
  readonly type: string;
  readonly status: number;
  readonly retryable: boolean;
  /** In seconds; null if the API did not say. */
  readonly retryAfter: number | null;
  readonly requestId: string | null;
  readonly faults: readonly string[];
  readonly body: JsonObject;

  constructor(type: string, message: string, rest: Partial<Omit<Failure, "type" | "message">> = {}) {
    super(message);
    this.name = "Failure";
    this.type = type;
    this.status = rest.status ?? 0;
    this.retryable = rest.retryable ?? false;
    this.retryAfter = rest.retryAfter ?? null;
    this.requestId = rest.requestId ?? null;
    this.faults = rest.faults ?? [];
    this.body = rest.body ?? {};
  }
}

export function unreachable(): Failure {
  return new Failure("unreachable", "The service cannot be reached. Check your connection.", { retryable: true });
}

export function noAnswer(): Failure {
  return new Failure("no_answer", "The service did not answer in time.", { retryable: true });
}

/** The failure that an answer tells. A proxy's answer has no body of ours: then the status decides. */
export function failureOf(status: number, body: unknown, headers: Headers): Failure {
  const error = object(body);
  const rest = {
    status,
    retryAfter: seconds(headers.get("retry-after")),
    requestId: text(error["request_id"]) || headers.get("x-request-id"),
    faults: list(error["faults"]).map((fault) => text(fault)),
    body: error,
  };
  const type = text(error["error_type"]);
  if (type) {
    const message = text(error["message"]) || "The service reported a failure.";
    return new Failure(type, message, { ...rest, retryable: error["retryable"] === true });
  }
  const [own, retryable] = byStatus(status);
  return new Failure(own, `The service gave an answer that this page does not understand (status ${status}).`, { ...rest, retryable });
}

/** The request was not answered, or turned away at the door: its work may go on, or never have begun, but has not failed. */
export function mayBeOnItsWay(failure: Failure): boolean {
  return failure.type === "unreachable" || failure.type === "no_answer" || (failure.type === "rate_limit" && failure.status === 429);
}

/** Of an operation that has failed: `error` is the body that its request would have had. */
export function failureOfOperation(error: unknown): Failure {
  return failureOf(isObject(error) ? number(error["status"]) : 0, error, new Headers());
}

function byStatus(status: number): [string, boolean] {
  if (status === 401) return ["unauthorized", false];
  if (status === 403) return ["forbidden", false];
  if (status === 429) return ["rate_limit", true];
  if (status === 413) return ["request_too_large", false];
  return ["unexpected_answer", status >= 500];
}

function seconds(header: string | null): number | null {
  const value = header === null ? Number.NaN : Number.parseInt(header, 10);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, 3600) : null;
}

interface Advice {
  title: string;
  /** What to do, after the message. */
  next: string;
  remedy: Remedy;
}

const AGAIN = "You can try again.";

/** By error type; the message of the API comes between title and `next`. */
const ADVICE: Record<string, Advice> = {
  forbidden: { title: "The key was not accepted", next: "Check that you have copied all of it.", remedy: "credentials" },
  unauthorized: { title: "An access token is needed", next: "Get a new one and paste it beside the key.", remedy: "credentials" },
  invalid_request: { title: "Something is missing or wrong", next: "Correct it, then try again.", remedy: "none" },
  request_too_large: { title: "That is too much at once", next: "Shorten it, then try again.", remedy: "goal" },
  not_found: { title: "It is not there any more", next: "Work is forgotten after a week. You can start it again.", remedy: "goal" },
  agent_not_found: { title: "There is no such agent", next: "It may have been deleted, or belong to another key.", remedy: "library" },
  validation_error: { title: "The agent does not hold together", next: "Put it in other words. The same words will fail again.", remedy: "goal" },
  patch_error: { title: "The change does not fit the agent", next: "Put it in other words, or name the step you mean.", remedy: "none" },
  rate_limit: { title: "Too many requests", next: "Wait a moment.", remedy: "none" },
  llm_rate_limit: { title: "The AI service is busy", next: "Wait a moment.", remedy: "none" },
  quota_exceeded: { title: "The AI service has no credit left", next: "Trying again will not help until the operator has paid.", remedy: "none" },
  timeout: { title: "It took too long", next: AGAIN, remedy: "none" },
  llm_timeout: { title: "The AI service took too long", next: AGAIN, remedy: "none" },
  connection_error: { title: "The generator cannot be reached", next: AGAIN, remedy: "none" },
  request_error: { title: "The connection to the generator broke off", next: AGAIN, remedy: "none" },
  service_unavailable: { title: "The service is down for now", next: AGAIN, remedy: "none" },
  service_not_configured: { title: "The service is not set up", next: "Trying again will not help: tell the operator.", remedy: "none" },
  already_ended: { title: "It had ended before", next: "", remedy: "none" },
  version_conflict: { title: "Somebody else has saved meanwhile", next: "Nothing is lost: compare the two.", remedy: "none" },
  unreachable: { title: "No connection", next: AGAIN, remedy: "none" },
  no_answer: { title: "No answer", next: AGAIN, remedy: "none" },
};

const PASSING: Advice = { title: "That did not work", next: AGAIN, remedy: "none" };

export function advice(failure: Failure): Advice {
  const known = ADVICE[failure.type] ?? (failure.retryable ? PASSING : null);
  // Most messages say this themselves.
  if (known) return known.next === AGAIN && /try again/i.test(failure.message) ? { ...known, next: "" } : known;
  const next = failure.requestId
    ? "Trying the same again will not help. Tell the operator the number below."
    : "Trying the same again will not help.";
  return { title: "That did not work", next, remedy: "none" };
}
