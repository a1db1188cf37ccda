/** What the API answers, as far as the page uses it: `openapi.yaml` has the whole. */

import type { Json, JsonObject } from "./json.ts";

export interface LeftOut {
  text: string;
  reason: string;
  message: string;
}

export interface Requirements {
  credentials: { provider: string; blocks: string[] }[];
  inputs: { name: string; description: string; type: string; required: boolean }[];
  schedule: string | null;
  timezone: string | null;
  trigger: { block: string; description: string } | null;
}

/** What is told of steps and of an agent alike. */
export interface Facts {
  leftOut: LeftOut[];
  requirements: Requirements;
  explanation: string;
}

export interface Question {
  question: string;
  keyword: string;
  example: string | null;
}

/** A plan: `whole` is the answer of decompose, which generate takes. */
export interface Instructions {
  type: "instructions";
  whole: JsonObject;
  facts: Facts;
}

export interface Questions {
  type: "clarifying_questions";
  message: string;
  questions: Question[];
}

/** The goal cannot be built as it is. */
export interface Advice {
  type: "vague_goal" | "unachievable_goal";
  message: string;
  reason: string | null;
  suggestion: string | null;
}

export interface Preview {
  type: "agent_preview";
  message: string;
  agent: JsonObject;
  facts: Facts;
  changes: Change[];
  summary: string;
}

export type Outcome = Instructions | Questions | Advice | Preview;

export interface Change {
  op: "added" | "removed" | "changed";
  what: "node" | "link" | "value" | "agent";
  id: string | null;
  name: string | null;
  path: string | null;
  before: Json;
  after: Json;
}

export type Status = "accepted" | "running" | "completed" | "failed" | "cancelled";

export interface ProgressEvent {
  seq: number;
  at: string;
  type: string;
  name?: string;
  detail?: string;
  node?: string;
  block?: string;
  rule?: string;
  delta?: string;
  error_type?: string;
  retry_at?: string;
  message?: string;
}

/** A version that the library keeps: `etag` is its tag, for `If-Match`. */
export interface Kept {
  id: string;
  version: number;
  etag: string;
}

export interface Head extends Kept {
  name: string;
  description: string;
  nodeCount: number;
  updatedAt: string;
  forkedFrom: { id: string; version: number } | null;
}

export interface Story {
  version: number;
  etag: string;
  name: string;
  nodeCount: number;
  createdAt: string;
  origin: string;
  wish: string | null;
  restored: number | null;
  changes: Change[];
  moreChanges: number;
  summary: string | null;
}
