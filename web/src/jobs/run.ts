/** Takes a job to its end: begins it, or finds it again after a reload, and fetches what came of it. */

import { outcomeOf } from "../api/answers.ts";
import type { Begun, Calls } from "../api/calls.ts";
import { Failure } from "../api/failure.ts";
import { watch } from "../api/watch.ts";
import type { Watching } from "../api/watch.ts";
import type { Job } from "../state/desk.ts";
import type { Outcome } from "../types.ts";

export interface Run extends Watching {
  /** Sends the request, with the ids of the job. Null if it is not known any more what was asked for. */
  send: (() => Promise<Begun>) | null;
  /** The request was never sent. */
  fresh: boolean;
}

/** Null: it was cancelled. Fails with a `Failure`; to run it again, with the same job, is always safe. */
export async function run(calls: Calls, job: Job, how: Run): Promise<Outcome | null> {
  const begin = async (): Promise<Begun | null> => (how.send ? how.send() : null);
  if (how.fresh) {
    const begun = await begin();
    if (begun && "outcome" in begun) return begun.outcome;
  }
  try {
    await watch(calls.http, job.operation, how);
  } catch (cause) {
    // The page was closed before its request had arrived.
    if (how.fresh || !how.send || !(cause instanceof Failure) || cause.type !== "not_found") throw cause;
    const begun = await begin();
    if (begun && "outcome" in begun) return begun.outcome;
    await watch(calls.http, job.operation, how);
  }
  const operation = await calls.operation(job.operation, how.signal);
  return operation.status === "cancelled" ? null : outcomeOf(operation.result);
}
