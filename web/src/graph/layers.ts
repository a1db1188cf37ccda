/**
 * Puts blocks into layers, each behind what it takes from (Sugiyama's method): layers by the longest way, order by the mean of
 * the neighbours, positions by least squares. Every pass is linear but for sorting: a thousand blocks take milliseconds.
 */

/** A block, or a place that a wire needs in a layer that it crosses. */
export interface Cell {
  layer: number;
  /** Across the layers, in the middle of the cell. */
  at: number;
  /** How much of its layer it takes, space included. */
  room: number;
  isBlock: boolean;
  before: Join[];
  behind: Join[];
}

interface Join {
  cell: Cell;
  /** How much it matters that both are at the same height. */
  weight: number;
}

export interface Layered {
  /** In the order of the blocks that were given. */
  blocks: Cell[];
  /** Of each wire the cells that it crosses, from its beginning to its end. */
  crossed: Cell[][];
  layers: Cell[][];
}

/** Wires that would need more cells than this cross blocks instead. */
const MOST_CELLS = 20_000;
const ORDERINGS = 8;
/** An odd number: the last pass goes down, so that what follows stands under what it takes from. */
const RELAXATIONS = 9;

/** `wires` are pairs of numbers of blocks, `count` is how many blocks there are. A wire back to an earlier block is fine. */
export function layered(count: number, wires: readonly (readonly [number, number])[], room: { block: number; wire: number }): Layered {
  const numbers = layersOf(count, wires);
  const cell = (layer: number, isBlock: boolean): Cell => ({
    layer, at: 0, room: isBlock ? room.block : room.wire, isBlock, before: [], behind: [],
  });
  const blocks = numbers.map((layer) => cell(layer, true));
  const layers: Cell[][] = Array.from({ length: Math.max(0, ...numbers) + 1 }, () => []);
  for (const block of blocks) layers[block.layer]?.push(block);
  const span = wires.reduce((sum, [from, to]) => sum + Math.abs((numbers[to] ?? 0) - (numbers[from] ?? 0)), 0);
  const routes = span <= MOST_CELLS ? new Routes(blocks, layers, cell) : null;
  const crossed = wires.map(([from, to]) => (routes && from !== to ? routes.join(from, to) : []));
  order(layers);
  position(layers);
  return { blocks, crossed, layers };
}

/** The number of each block's layer. Blocks come in the order in which they run: a wire to an earlier one leads back. */
function layersOf(count: number, wires: readonly (readonly [number, number])[]): number[] {
  const behind: number[][] = Array.from({ length: count }, () => []);
  const before: number[] = Array<number>(count).fill(0);
  for (const [from, to] of wires) {
    if (from === to) continue;
    behind[Math.min(from, to)]?.push(Math.max(from, to));
    before[Math.max(from, to)] = (before[Math.max(from, to)] ?? 0) + 1;
  }
  const layers = Array<number>(count).fill(0);
  behind.forEach((next, block) => {
    for (const to of next) layers[to] = Math.max(layers[to] ?? 0, (layers[block] ?? 0) + 1);
  });
  // What takes from nothing stands next to what it feeds.
  behind.forEach((next, block) => {
    if (before[block] === 0 && next.length > 0) layers[block] = Math.min(...next.map((to) => layers[to] ?? 0)) - 1;
  });
  return layers;
}

/** The ways of wires through layers: all wires of one block share theirs, for they carry what the same block gives. */
class Routes {
  readonly #blocks: Cell[];
  readonly #layers: Cell[][];
  readonly #cell: (layer: number, isBlock: boolean) => Cell;
  readonly #shared = new Map<string, Cell>();
  readonly #joined = new Set<string>();

  constructor(blocks: Cell[], layers: Cell[][], cell: (layer: number, isBlock: boolean) => Cell) {
    this.#blocks = blocks;
    this.#layers = layers;
    this.#cell = cell;
  }

  join(from: number, to: number): Cell[] {
    const [first, last] = [this.#blocks[from], this.#blocks[to]];
    if (!first || !last) return [];
    const step = Math.sign(last.layer - first.layer);
    const crossed: Cell[] = [];
    let previous = first;
    for (let layer = first.layer + step; step !== 0 && layer !== last.layer; layer += step) {
      const key = `${from} ${step} ${layer}`;
      let cell = this.#shared.get(key);
      if (!cell) {
        cell = this.#cell(layer, false);
        this.#shared.set(key, cell);
        this.#layers[layer]?.push(cell);
        connect(previous, cell, step);
      }
      crossed.push(cell);
      previous = cell;
    }
    const key = `${from} ${to}`;
    if (!this.#joined.has(key) && step !== 0) connect(previous, last, step);
    this.#joined.add(key);
    return crossed;
  }
}

/** A long wire is straight, and blocks that follow each other stand in a line; a wire that passes by hardly moves a block. */
function connect(one: Cell, other: Cell, step: number): void {
  const weight = one.isBlock && other.isBlock ? 4 : one.isBlock || other.isBlock ? 0.05 : 8;
  const [before, behind] = step > 0 ? [one, other] : [other, one];
  before.behind.push({ cell: behind, weight });
  behind.before.push({ cell: before, weight });
}

/** Sorts each layer by the mean place of the neighbours, to and fro. */
function order(layers: Cell[][]): void {
  const number = (layer: Cell[]): void => layer.forEach((cell, index) => (cell.at = index));
  layers.forEach(number);
  for (let pass = 0; pass < ORDERINGS; pass += 1) {
    const down = pass % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      const wished = new Map(layer.map((cell) => [cell, mean(down ? cell.before : cell.behind, cell.at)]));
      layer.sort((one, other) => (wished.get(one) ?? 0) - (wished.get(other) ?? 0));
      number(layer);
    }
  }
}

function mean(joins: readonly Join[], otherwise: number): number {
  let [sum, weights] = [0, 0];
  for (const { cell, weight } of joins) {
    sum += cell.at * weight;
    weights += weight;
  }
  return weights === 0 ? otherwise : sum / weights;
}

/** Moves the cells of each layer towards their neighbours; their order stays, and each keeps its room. */
function position(layers: Cell[][]): void {
  for (const layer of layers) {
    let at = -layer.reduce((sum, cell) => sum + cell.room, 0) / 2;
    for (const cell of layer) {
      cell.at = at + cell.room / 2;
      at += cell.room;
    }
  }
  for (let pass = 0; pass < RELAXATIONS; pass += 1) {
    const down = pass % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      spread(layer, layer.map((cell) => mean(down ? cell.before : cell.behind, cell.at)));
    }
  }
}

/** As near to what is wished as the order allows: pools neighbours that would overlap, by their mean. */
function spread(layer: Cell[], wished: number[]): void {
  const pools: { sum: number; count: number }[] = [];
  const offsets: number[] = [];
  let offset = 0;
  layer.forEach((cell, index) => {
    offset += index === 0 ? 0 : ((layer[index - 1]?.room ?? 0) + cell.room) / 2;
    offsets.push(offset);
    let pool = { sum: (wished[index] ?? 0) - offset, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  let index = 0;
  for (const { sum, count } of pools) {
    for (let left = count; left > 0; left -= 1, index += 1) {
      const cell = layer[index];
      if (cell) cell.at = sum / count + (offsets[index] ?? 0);
    }
  }
}
