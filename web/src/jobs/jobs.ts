/** New jobs, and which of them were never sent: after a reload nobody knows, and a job is looked for before it is begun. */

import type { Job } from "../state/desk.ts";
import { newId } from "../words.ts";

const unsent = new Set<string>();

export function newJob(tool: Job["tool"], wish: string): Job {
  const job = { operation: newId(), task: newId(), tool, wish, startedAt: new Date().toISOString() };
  unsent.add(job.operation);
  return job;
}

/** Whether the job is to be sent without looking for it. It is asked once for each time that it is sent. */
export function takeUnsent(operation: string): boolean {
  return unsent.delete(operation);
}

/** It surely did not arrive. */
export function sendAgain(operation: string): void {
  unsent.add(operation);
}
