/** Elements out of data. Texts become text nodes: nothing that comes from outside is ever read as HTML. */

export type Child = Node | string | null | undefined | false | readonly Child[];
type Handler = (event: never) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Handler>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, attributes);
  append(element, children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  assign(element, attributes);
  append(element, children);
  return element;
}

/** A handler is given as `onclick`; true is an empty attribute; false, null and undefined are none. */
function assign(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as unknown as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child as readonly Child[]);
    else if (child) element.append(child as Node | string);
  }
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** Somebody's words within ours: in their own direction, whatever the language. */
export function said(words: string): HTMLElement {
  return h("bdi", {}, words);
}

/** Puts the focus where a new view begins, for those who do not see that it has changed. */
export function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: false });
}

/** For a view that comes later than its place: nobody has gone on meanwhile. */
export function focusHeading(view: HTMLElement): void {
  const heading = view.querySelector("h1");
  if (heading && (document.activeElement === document.body || document.activeElement === null)) focusOn(heading);
}

let ids = 0;

/** An id for `for` and `aria-` attributes. */
export function freshId(prefix: string): string {
  ids += 1;
  return `${prefix}-${ids}`;
}
