/** Requests to the API, with the person's credentials. */

import { parse, stringify } from "../json.ts";
import type { Json } from "../json.ts";
import { Failure, failureOf, noAnswer, unreachable } from "./failure.ts";

export interface Credentials {
  key: string;
  /** An access token, if the service asks for one beside the key. */
  token: string;
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

export interface Http {
  /** Relative to the API's address. Fails with a `Failure`, or with an `AbortError` if `signal` says so. */
  ask(path: string, call?: Call): Promise<Answer>;
  /** Like `ask`, but leaves the body of a good answer unread. */
  open(path: string, call?: Call): Promise<Response>;
  readonly address: URL;
}

/** A gateway ends a request after 29 s. */
const LONGEST = 45_000;

export function connect(address: URL, credentials: () => Credentials, send: typeof fetch = fetch.bind(globalThis)): Http {
  const open = async (path: string, call: Call = {}): Promise<Response> => {
    const { key, token } = credentials();
    const headers = new Headers(call.headers);
    if (key) headers.set("x-api-key", key);
    if (token) headers.set("authorization", `Bearer ${token}`);
    const init: RequestInit = { method: call.method ?? "GET", headers, cache: "no-store", credentials: "omit", redirect: "error" };
    if (call.body !== undefined) {
      headers.set("content-type", "application/json");
      init.body = stringify(call.body);
    }
    if (call.signal) init.signal = call.signal;
    let answer: Response;
    try {
      answer = await send(new URL(path, address), init);
    } catch (cause) {
      throw isAbort(cause) ? cause : unreachable();
    }
    if (answer.status >= 400) throw failureOf(answer.status, await content(answer), answer.headers);
    return answer;
  };
  const ask = async (path: string, call: Call = {}): Promise<Answer> => {
    const late = AbortSignal.timeout(LONGEST);
    const signal = call.signal ? AbortSignal.any([call.signal, late]) : late;
    try {
      const answer = await open(path, { ...call, signal });
      return { status: answer.status, body: await content(answer), headers: answer.headers };
    } catch (cause) {
      if (late.aborted && !call.signal?.aborted) throw noAnswer();
      throw cause;
    }
  };
  return { ask, open, address };
}

export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && (cause.name === "AbortError" || cause.name === "TimeoutError");
}

/** Null if it is not JSON: another server between us may answer in its own words. */
async function content(answer: Response): Promise<Json> {
  let body: string;
  try {
    body = await answer.text();
  } catch (cause) {
    throw isAbort(cause) ? cause : unreachable();
  }
  try {
    return parse(body);
  } catch {
    return null;
  }
}

/** Anything that was thrown, as a failure; a bug of the page is told as one. */
export function asFailure(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  console.error(cause);
  return new Failure("page_fault", "This page has made a mistake. Reload it, then try again.");
}
