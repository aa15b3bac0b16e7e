/**
 * Which stretches two lists of lines have in common, by the longest common stretch first, then left and right of it.
 * In long lists, lines that occur often (`},`) do not start a stretch; they only extend one. That decides how a
 * difference reads, so it is part of the messages.
 * Counterpart: the sequence matcher of the difflib family.
 */
export interface Block {
  readonly left: number;
  readonly right: number;
  readonly size: number;
}

/** From this length on, frequent lines are left out of the index. */
const POPULAR_FROM = 200;

/** Common stretches in order, neighbours joined. */
export function matchingBlocks(left: readonly string[], right: readonly string[]): readonly Block[] {
  const index = indexOf(right);
  const blocks: Block[] = [];
  const open = [{ leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length }];
  for (let area = open.pop(); area !== undefined; area = open.pop()) {
    const block = longest(left, right, index, area);
    if (block.size === 0) continue;
    blocks.push(block);
    open.push({ ...area, leftTo: block.left, rightTo: block.right });
    open.push({ ...area, leftFrom: block.left + block.size, rightFrom: block.right + block.size });
  }
  blocks.sort((a, b) => a.left - b.left);
  return join(blocks);
}

interface Area {
  readonly leftFrom: number;
  readonly leftTo: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

type LineIndex = ReadonlyMap<string, readonly number[]>;

function indexOf(lines: readonly string[]): LineIndex {
  const index = new Map<string, number[]>();
  for (const [position, line] of lines.entries()) {
    const positions = index.get(line);
    if (positions) positions.push(position);
    else index.set(line, [position]);
  }
  if (lines.length >= POPULAR_FROM) {
    const limit = Math.floor(lines.length / 100) + 1;
    for (const [line, positions] of index) if (positions.length > limit) index.delete(line);
  }
  return index;
}

/** The longest common stretch within an area, the leftmost of equally long ones. */
function longest(left: readonly string[], right: readonly string[], index: LineIndex, area: Area): Block {
  let best: Block = { left: area.leftFrom, right: area.rightFrom, size: 0 };
  // For each position on the right, the length of the common stretch that ends there and at the line before.
  let ending = new Map<number, number>();
  for (let i = area.leftFrom; i < area.leftTo; i++) {
    const next = new Map<number, number>();
    for (const j of index.get(left[i] ?? '') ?? []) {
      if (j < area.rightFrom) continue;
      if (j >= area.rightTo) break;
      const size = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { left: i - size + 1, right: j - size + 1, size };
    }
    ending = next;
  }
  return extend(left, right, best, area);
}

/** Equal lines on both sides belong to the stretch, frequent or not. */
function extend(left: readonly string[], right: readonly string[], block: Block, area: Area): Block {
  let { left: i, right: j, size } = block;
  while (i > area.leftFrom && j > area.rightFrom && left[i - 1] === right[j - 1]) {
    i--;
    j--;
    size++;
  }
  while (i + size < area.leftTo && j + size < area.rightTo && left[i + size] === right[j + size]) size++;
  return { left: i, right: j, size };
}

function join(blocks: readonly Block[]): readonly Block[] {
  const result: Block[] = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (last && last.left + last.size === block.left && last.right + last.size === block.right)
      result[result.length - 1] = { ...last, size: last.size + block.size };
    else result.push(block);
  }
  return result;
}
