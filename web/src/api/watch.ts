/** Watches an operation until it ends: as a stream if the service has one, else by asking again and again. */

import { list, number, object, parse, text } from "../json.ts";
import type { Json } from "../json.ts";
import type { ProgressEvent } from "../types.ts";
import { Failure, noAnswer, unreachable } from "./failure.ts";
import { isAbort } from "./http.ts";
import type { Http } from "./http.ts";
import { EventReader } from "./sse.ts";

export type Line = "stream" | "polling" | "lost";

export interface Watching {
  /** The number of the last event that was seen. */
  after?: number;
  show(event: ProgressEvent): void;
  /** How the events come. `lost`: not at the moment; it goes on trying. */
  line?(line: Line): void;
  signal: AbortSignal;
  /** For tests. */
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The service writes a comment every 10 s: a stream that is silent for longer is held back by something between us. */
const SILENCE = 14_000;
const LAST = new Set(["completed", "failed", "cancelled"]);
const WAIT = 15;

/** Resolves after the last event. Fails with a `Failure` that does not pass, such as `not_found`. */
export async function watch(http: Http, operation: string, watching: Watching): Promise<void> {
  const pause = watching.pause ?? sleep;
  const path = `operations/${encodeURIComponent(operation)}/events`;
  let seen = watching.after ?? 0;
  let ended = false;
  let streams = true;
  const take = (event: Json): void => {
    const told = object(event);
    const seq = number(told["seq"]);
    if (seq <= seen) return;
    seen = seq;
    ended = LAST.has(text(told["type"]));
    watching.show(told as unknown as ProgressEvent);
  };
  for (let failures = 0; !ended; ) {
    try {
      if (streams) {
        const before = seen;
        streams = await stream(http, `${path}?after=${seen}`, take, watching, pause);
        // A stream that was cut without a word of news: do not come back at once.
        if (streams && !ended && seen === before) await pause(2000, watching.signal);
      } else {
        watching.line?.("polling");
        const answer = await http.ask(`${path}?after=${seen}&wait=${WAIT}`, { signal: watching.signal });
        const body = object(answer.body);
        for (const event of list(body["events"])) take(event);
        if (!ended && LAST.has(text(body["status"])) && seen >= number(body["next"])) return;
      }
      failures = 0;
    } catch (cause) {
      if (watching.signal.aborted || !(cause instanceof Failure)) throw cause;
      if (!cause.retryable) throw cause;
      failures += 1;
      watching.line?.("lost");
      const backoff = Math.min(1000 * 2 ** failures, 30_000);
      await pause(Math.max(backoff, (cause.retryAfter ?? 0) * 1000), watching.signal);
    }
  }
}

/** One stream, until it is cut. False if streams do not work here. */
async function stream(http: Http, path: string, take: (event: Json) => void, watching: Watching, pause: Pause): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([watching.signal, stop.signal]);
  let answer: Response;
  try {
    answer = await withinSilence(http.open(path, { headers: { accept: "text/event-stream" }, signal }), signal, pause);
  } catch (cause) {
    stop.abort();
    if (cause instanceof Silent) return false;
    if (cause instanceof Failure && cause.type === "not_acceptable") return false;
    throw cause;
  }
  if (answer.status === 204) {
    // Everything was seen. Ask once more without a stream, which tells the end.
    return false;
  }
  if (!answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) {
    stop.abort();
    return false;
  }
  watching.line?.("stream");
  const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = new EventReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(pieces.read(), signal, pause);
      if (done) return true;
      for (const event of events.push(value)) take(parse(event.data));
    }
  } catch (cause) {
    if (cause instanceof Silent) return false;
    if (watching.signal.aborted || isAbort(cause)) throw cause;
    if (cause instanceof SyntaxError) throw noAnswer();
    throw unreachable();
  } finally {
    stop.abort();
  }
}

type Pause = NonNullable<Watching["pause"]>;

class Silent extends Error {}

async function withinSilence<T>(coming: Promise<T>, signal: AbortSignal, pause: Pause): Promise<T> {
  const enough = new AbortController();
  const silence = pause(SILENCE, AbortSignal.any([signal, enough.signal])).then(() => {
    throw new Silent();
  });
  // The loser of the race is not an error of its own.
  silence.catch(() => undefined);
  coming.catch(() => undefined);
  try {
    return await Promise.race([coming, silence]);
  } finally {
    enough.abort();
  }
}

export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
