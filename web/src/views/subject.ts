/** What the workbench shows: an agent, what is told of it, and whether it is kept. */

import type { Agent } from "../agent/read.ts";
import type { JsonObject } from "../json.ts";
import type { Facts, Kept } from "../types.ts";

export interface Subject {
  agent: JsonObject;
  facts: Facts;
  /** Null: not saved. */
  kept: Kept | null;
  /** Above the picture's panel: name, state, and what can be done with the whole agent. */
  head(agent: Agent): HTMLElement;
}
