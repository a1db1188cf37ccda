/** Which block an arrow key leads to. */

import type { Layout, Point, Wire } from "./layout.ts";

interface Walked {
  blocks: { id: string }[];
  wires: Wire[];
}

const TOWARDS: Record<string, Point> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
};

/** Along a wire first; else to the nearest block that lies there. Null if the key leads nowhere. */
export function neighbour(key: string, from: string, drawing: Walked, placed: Layout): string | null {
  if (key === "Home") return drawing.blocks[0]?.id ?? null;
  if (key === "End") return drawing.blocks.at(-1)?.id ?? null;
  const towards = TOWARDS[key];
  const start = placed.places.get(from);
  if (!towards || !start) return null;
  const wired = new Set(drawing.wires.flatMap((wire) => (wire.from === from ? [wire.to] : wire.to === from ? [wire.from] : [])));
  let best: string | null = null;
  let least = Infinity;
  for (const { id } of drawing.blocks) {
    const place = placed.places.get(id);
    if (!place || id === from) continue;
    const [x, y] = [place.x - start.x, place.y - start.y];
    const ahead = x * towards.x + y * towards.y;
    const aside = Math.abs(x * towards.y) + Math.abs(y * towards.x);
    // What lies more to the side than ahead belongs to another key, unless a wire leads there.
    if (ahead <= 0 || (aside > 2 * ahead && !wired.has(id))) continue;
    const distance = (ahead + 2 * aside) * (wired.has(id) ? 0.25 : 1);
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}
