import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted, opening, revealing, zoomed } from "../src/graph/camera.ts";
import { BLOCK, bestLayout, layout, rows } from "../src/graph/layout.ts";
import type { Layout, Wire } from "../src/graph/layout.ts";
import { neighbour } from "../src/graph/walk.ts";

const ROOM = { width: 1000, height: 700 };

/** An agent of `count` blocks: most take from one of the five before, every third also from one far before. */
function agent(count: number): { ids: string[]; wires: Wire[] } {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const wires = ids.slice(1).flatMap((to, index) => {
    const near = { from: `n${Math.max(0, index - ((index * 7) % 5))}`, to };
    return index % 3 === 0 ? [near, { from: `n${Math.max(0, index - 7 - (index % 11))}`, to }] : [near];
  });
  return { ids, wires };
}

function assertApart({ places }: Layout): void {
  const boxes = [...places.values()];
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      const apart = Math.abs(one.x - other.x) >= BLOCK.width || Math.abs(one.y - other.y) >= BLOCK.height;
      assert.ok(apart, `${JSON.stringify(one)} lies over ${JSON.stringify(other)}`);
    }
  });
}

test("no block hides another, and all lie within the picture", () => {
  const { ids, wires } = agent(120);
  for (const direction of ["LR", "TB"] as const) {
    const placed = layout(ids, wires, direction);
    assertApart(placed);
    for (const { x, y } of placed.places.values()) {
      assert.ok(x >= 0 && y >= 0 && x + BLOCK.width <= placed.width && y + BLOCK.height <= placed.height);
    }
    assert.ok(placed.ways.every((way) => way.startsWith("M") && !way.includes("NaN")));
  }
});

test("what takes lies behind what gives", () => {
  const { ids, wires } = agent(60);
  const { places } = layout(ids, wires, "TB");
  for (const { from, to } of wires) assert.ok((places.get(from)?.y ?? 0) < (places.get(to)?.y ?? 0));
});

test("a chain is drawn in a straight line", () => {
  const ids = ["a", "b", "c", "d"];
  const { places } = layout(ids, [["a", "b"], ["b", "c"], ["c", "d"]].map(([from = "", to = ""]) => ({ from, to })), "LR");
  assert.equal(new Set([...places.values()].map(({ y }) => Math.round(y))).size, 1);
});

test("circles, loops and parts of no whole are drawn, too", () => {
  const wires = [["a", "b"], ["b", "c"], ["c", "a"], ["b", "b"]].map(([from = "", to = ""]) => ({ from, to }));
  const placed = bestLayout(["a", "b", "c", "alone"], wires, ROOM);
  assertApart(placed);
  assert.ok(placed.ways.every((way) => way.startsWith("M") && !way.includes("NaN")));
  assert.deepEqual(bestLayout([], [], ROOM).places.size, 0);
});

test("the largest legal agent has a place for every block", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const wires = Array.from({ length: 5000 }, (_, index) => ({ from: `n${(index * 7919) % 1000}`, to: `n${(index * 104_729) % 1000}` }));
  const placed = layout(ids, wires, "TB");
  assert.equal(placed.places.size, 1000);
  assert.ok([...placed.places.values()].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
});

test("blocks that have no wires yet do not hide each other", () => {
  assertApart(rows(agent(30).ids, { width: 375, height: 300 }));
});

test("on a phone the picture goes down, not sideways", () => {
  const { ids, wires } = agent(6);
  assert.equal(bestLayout(ids, wires, { width: 360, height: 380 }).direction, "TB");
});

test("all of the picture is seen when it is fitted, and readable when it opens", () => {
  const picture = { width: 5000, height: 900 };
  const all = fitted(picture, ROOM);
  assert.ok(all.x >= 0 && all.x + picture.width * all.scale <= ROOM.width + 0.001);
  assert.ok(opening(picture, ROOM).scale >= 0.6);
});

test("what is under the pointer stays there while one zooms", () => {
  const point = { x: 300, y: 200 };
  const [before, after] = [{ x: 10, y: 20, scale: 0.5 }, zoomed({ x: 10, y: 20, scale: 0.5 }, 1.5, point)];
  assert.ok(Math.abs((point.x - before.x) / before.scale - (point.x - after.x) / after.scale) < 1e-9);
  assert.ok(zoomed(before, 1e9, point).scale <= 2);
});

test("a block that gets the focus is moved into sight, and not further", () => {
  const seen = { x: 100, y: 100, ...BLOCK };
  const camera = { x: 0, y: 0, scale: 1 };
  assert.deepEqual(revealing(camera, seen, ROOM), camera);
  const moved = revealing(camera, { ...seen, x: 2000 }, ROOM);
  assert.ok(2000 + BLOCK.width + moved.x <= ROOM.width && moved.y === 0);
});

test("arrow keys reach every block of an agent", () => {
  const { ids, wires } = agent(40);
  for (const direction of ["LR", "TB"] as const) {
    const placed = layout(ids, wires, direction);
    const drawing = { blocks: ids.map((id) => ({ id })), wires };
    const reached = new Set(["n0"]);
    for (const id of reached) {
      for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"]) {
        const next = neighbour(key, id, drawing, placed);
        if (next) reached.add(next);
      }
    }
    assert.equal(reached.size, ids.length, direction);
  }
});
