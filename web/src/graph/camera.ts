/** What part of the picture is seen: plain arithmetic, without a screen. */

import type { Point, Size } from "./layout.ts";

/** A point p of the picture is seen at p * scale + (x, y). */
export interface Camera extends Point {
  scale: number;
}

export const SMALLEST = 0.08;
export const LARGEST = 2;
/** Smaller letters cannot be read. */
const READABLE = 0.6;

/** Zooms so that what is seen at `point` stays there. */
export function zoomed(camera: Camera, factor: number, point: Point): Camera {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  const ratio = scale / camera.scale;
  return { scale, x: point.x - (point.x - camera.x) * ratio, y: point.y - (point.y - camera.y) * ratio };
}

/** All of the picture, in the middle. */
export function fitted(picture: Size, room: Size): Camera {
  if (picture.width === 0 || picture.height === 0 || room.width === 0) return { x: 0, y: 0, scale: 1 };
  const scale = Math.max(SMALLEST, Math.min(room.width / picture.width, room.height / picture.height, 1));
  return { scale, x: (room.width - picture.width * scale) / 2, y: (room.height - picture.height * scale) / 2 };
}

/** All of the picture if it can be read then, else its beginning. */
export function opening(picture: Size, room: Size): Camera {
  const all = fitted(picture, room);
  if (all.scale >= READABLE) return all;
  const start = (picture_: number, room_: number): number => Math.max(0, (room_ - picture_ * READABLE) / 2);
  return { scale: READABLE, x: start(picture.width, room.width), y: start(picture.height, room.height) };
}

/** Moves as little as it takes to have the box in the room. */
export function revealing(camera: Camera, box: Point & Size, room: Size): Camera {
  const [left, top] = [box.x * camera.scale + camera.x, box.y * camera.scale + camera.y];
  const shift = (start: number, length: number, whole: number): number => {
    const margin = Math.min(16, Math.max(0, (whole - length) / 2));
    if (start < margin) return margin - start;
    return Math.min(0, whole - margin - start - length);
  };
  return {
    scale: camera.scale,
    x: camera.x + shift(left, box.width * camera.scale, room.width),
    y: camera.y + shift(top, box.height * camera.scale, room.height),
  };
}
