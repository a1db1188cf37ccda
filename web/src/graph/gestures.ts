/** Drag, wheel and pinch, as movements of the picture. */

import type { Point } from "./layout.ts";

interface Moves {
  pan(by: Point): void;
  /** Around a point of the stage. */
  zoom(factor: number, point: Point): void;
}

/** A finger or mouse that has moved less has clicked. */
const STILL = 4;
const LINE = 16;

export function followGestures(stage: HTMLElement, moves: Moves): void {
  const fingers = new Map<number, Point>();
  let travelled = 0;
  let pending: { pan: Point; zoom: number; around: Point } | null = null;
  // Several events come between two pictures: they are one movement.
  const later = (pan: Point, zoom: number, around: Point): void => {
    if (pending) {
      pending = { pan: { x: pending.pan.x + pan.x, y: pending.pan.y + pan.y }, zoom: pending.zoom * zoom, around };
      return;
    }
    pending = { pan, zoom, around };
    requestAnimationFrame(() => {
      const now = pending;
      pending = null;
      if (!now) return;
      if (now.pan.x !== 0 || now.pan.y !== 0) moves.pan(now.pan);
      if (now.zoom !== 1) moves.zoom(now.zoom, now.around);
    });
  };
  const inStage = (event: { clientX: number; clientY: number }): Point => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const spread = (): { middle: Point; apart: number } => {
    const [one = { x: 0, y: 0 }, other = one] = [...fingers.values()];
    return { middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }, apart: Math.hypot(one.x - other.x, one.y - other.y) };
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) travelled = 0;
    fingers.set(event.pointerId, inStage(event));
  });
  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const was = spread();
    const now = inStage(event);
    fingers.set(event.pointerId, now);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (travelled < STILL) return;
    // From here on the stage has the pointer: a drag that ends on a block is not a click.
    if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
    stage.classList.add("dragged");
    const is = spread();
    const zoom = fingers.size > 1 && was.apart > 0 && is.apart > 0 ? is.apart / was.apart : 1;
    later({ x: is.middle.x - was.middle.x, y: is.middle.y - was.middle.y }, zoom, is.middle);
  });
  const end = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (fingers.size === 0) stage.classList.remove("dragged");
  };
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
    later({ x: 0, y: 0 }, Math.exp((-event.deltaY * unit) / (event.ctrlKey ? 100 : 400)), inStage(event));
  }, { passive: false });
}
