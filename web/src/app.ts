/** What every view gets. */

import type { Calls } from "./api/calls.ts";
import type { Failure } from "./api/failure.ts";
import type { Credentials } from "./api/http.ts";
import type { Blocks } from "./agent/read.ts";
import type { Place } from "./places.ts";
import type { Desk } from "./state/desk.ts";
import type { Store } from "./state/store.ts";

export interface App {
  calls: Calls;
  desk: Store<Desk>;
  /** Null before a person has given any. */
  credentials(): Credentials | null;
  /** Takes them for all that is asked from now on. */
  enter(credentials: Credentials): void;
  /** Asked for once; empty if they are not to be had: an agent can be looked at without them. */
  blocks(): Promise<Blocks>;
  go(place: Place, how?: "push" | "replace"): void;
  /** Draws the present place again. */
  refresh(): void;
  /** Said to those who listen instead of look. */
  say(words: string): void;
  /** Shows the form for the key, with what is wrong with the one there is. */
  askForCredentials(failure: Failure | null): void;
}

/** Draws a place. `signal`: the place was left. */
export type View = (app: App, signal: AbortSignal) => HTMLElement;
