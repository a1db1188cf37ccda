/** Wires the page: who is asking, where one is, and which view is shown. */

import styles from "../style.css";
import { apiUrl } from "./address.ts";
import { calls } from "./api/calls.ts";
import type { Failure } from "./api/failure.ts";
import { connect } from "./api/http.ts";
import type { Credentials } from "./api/http.ts";
import type { App } from "./app.ts";
import type { Blocks } from "./agent/read.ts";
import { fill, focusOn, h } from "./dom.ts";
import { hashOf, placeOf } from "./places.ts";
import type { Place } from "./places.ts";
import { EMPTY, deskOf, remembered } from "./state/desk.ts";
import { store } from "./state/store.ts";
import { sessionMemory, tab } from "./state/tab.ts";
import { agentView } from "./views/agent.ts";
import { connectView } from "./views/connect.ts";
import { draftView } from "./views/draft.ts";
import { goalView } from "./views/goal.ts";
import { historyView } from "./views/history.ts";
import { libraryView } from "./views/library.ts";
import { makingView } from "./views/making.ts";
import { button, link } from "./views/parts.ts";
import { stepsView } from "./views/steps.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [sheet];

const memory = tab(sessionMemory());
let credentials: Credentials | null = memory.credentials();
const address = apiUrl();
const desk = store(deskOf(memory.desk()));
let blocks: Promise<Blocks> | null = null;
let leave = new AbortController();
/** A page that has just been loaded begins at its top; after that each place begins at its heading. */
let first = true;

const main = document.getElementById("page") ?? document.body.appendChild(h("main", { id: "page" }));
const live = h("div", { class: "offscreen", role: "status", "aria-live": "polite" });
const nav = h("nav", { "aria-label": "Main" });
const header = h("header", { class: "top" }, link(h("strong", {}, "Agent Generator"), "#/", { class: "brand" }), nav);
const skip = h("a", { class: "skip", href: "#page", onclick: (event: Event) => {
  event.preventDefault();
  focusOn(main);
} }, "Skip to the content");
document.body.prepend(skip, header);
document.body.append(live);

const app: App = {
  calls: calls(connect(address, () => credentials ?? { key: "", token: "" })),
  desk,
  credentials: () => credentials,
  enter: (given) => enter(given),
  blocks: () => {
    blocks ??= app.calls.blocks().then((found) => new Map(found.map((block) => [block.id, block])), () => {
      // Asked for again by the next view.
      blocks = null;
      return new Map();
    });
    return blocks;
  },
  go: (place, how = "push") => {
    const hash = hashOf(place);
    if (hash === (location.hash || "#/")) show();
    else if (how === "push") location.hash = hash;
    else {
      history.replaceState(null, "", hash);
      show();
    }
  },
  refresh: () => show(),
  say: (words) => {
    // The same words twice are only said if they have changed in between.
    live.textContent = "";
    setTimeout(() => (live.textContent = words), 50);
  },
  askForCredentials: (failure) => askForCredentials(failure),
};

function viewOf(place: Place, signal: AbortSignal): HTMLElement {
  switch (place.name) {
    case "make":
      return desk.get().plan ? stepsView(app) : goalView(app, signal);
    case "making":
      return makingView(app, signal, place.operation);
    case "draft":
      return draftView(app, signal);
    case "agents":
      return libraryView(app, signal);
    case "agent":
      return agentView(app, signal, place.id);
    case "history":
      return historyView(app, signal, place.id);
  }
}

const TITLES: Record<Place["name"], string> = {
  make: "Make an agent", making: "Making the agent", draft: "Your agent", agents: "My agents", agent: "Agent", history: "History",
};

function enter(given: Credentials): void {
  // The library and the work of another key are not this one's.
  if (credentials && credentials.key !== given.key) desk.set({ ...EMPTY, goal: desk.get().goal });
  credentials = given;
  memory.keepCredentials(given);
  drawNav(placeOf(location.hash), forget);
}

function askForCredentials(failure: Failure | null): void {
  leave.abort();
  drawNav(placeOf(location.hash), null);
  fill(main, connectView({ address, given: credentials, failure, accepted: (given) => {
    enter(given);
    first = false;
    show();
  } }));
  document.title = "Agent Generator";
}

const forget = button("Forget the key", () => {
  credentials = null;
  memory.keepCredentials(null);
  desk.set(EMPTY);
  history.replaceState(null, "", "#/");
  show();
}, { class: "button quiet" });
const give = button("Enter your key", () => askForCredentials(null), { class: "button quiet" });

function drawNav(place: Place, action: HTMLElement | null): void {
  const entry = (words: string, to: Place, names: Place["name"][]): HTMLElement =>
    link(words, hashOf(to), { "aria-current": names.includes(place.name) ? "page" : null });
  fill(nav, entry("Make", { name: "make" }, ["make", "making", "draft"]), entry("My agents", { name: "agents" }, ["agents", "agent", "history"]), action);
}

function show(): void {
  leave.abort();
  const place = placeOf(location.hash);
  // A goal can be written before anything is asked of the service.
  if (!credentials && place.name !== "make") return askForCredentials(null);
  leave = new AbortController();
  drawNav(place, credentials ? forget : give);
  document.title = `${TITLES[place.name]} · Agent Generator`;
  main.dataset["place"] = place.name;
  fill(main, viewOf(place, leave.signal));
  scrollTo(0, 0);
  const heading = main.querySelector("h1");
  if (heading && !first) focusOn(heading);
  first = false;
}

/** Typing changes the desk with every letter, and an agent on it may be big. */
const SOON = 250;
let remembering = 0;
const remember = (): void => {
  clearTimeout(remembering);
  memory.keepDesk(remembered(desk.get()));
};
desk.listen(() => {
  clearTimeout(remembering);
  remembering = window.setTimeout(remember, SOON);
});
addEventListener("pagehide", remember);
addEventListener("hashchange", show);
// The form for the key has no place of its own: its way back may lead to where one is.
header.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("a") : null;
  if (target && target.hash === (location.hash || "#/")) show();
});
show();
