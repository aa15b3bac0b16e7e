import type { NodeInfo } from '../nodeInfo.ts';
import type { Status } from '../status.ts';

/** What the signing filters said of a node: the first that refused, by its place in the order of all filters. */
export interface Verdict {
  /** Infinite where all of them pass. */
  readonly index: number;
  readonly status: Status | undefined;
}

export const FITS: Verdict = { index: Number.POSITIVE_INFINITY, status: undefined };

/**
 * What is known about Pods of one signature, node by node: verdicts and raw scores of the plugins that sign. It holds while
 * the node's generation lasts, so that of a thousand equal Pods each asks only about the nodes that changed since the last.
 */
export class EquivalenceClass {
  private readonly judgedAt: number[] = [];
  private readonly verdicts: Verdict[] = [];
  private readonly scoredAt: number[] = [];
  /** By plugin, by node. */
  private readonly scores: readonly number[][];

  /** @param scorers how many plugins sign and score */
  constructor(scorers: number) {
    this.scores = Array.from({ length: scorers }, () => []);
  }

  verdict({ slot, generation }: NodeInfo): Verdict | undefined {
    return this.judgedAt[slot] === generation ? this.verdicts[slot] : undefined;
  }

  setVerdict({ slot, generation }: NodeInfo, verdict: Verdict): Verdict {
    reach(this.judgedAt, slot, 0);
    reach(this.verdicts, slot, FITS);
    this.judgedAt[slot] = generation;
    this.verdicts[slot] = verdict;
    return verdict;
  }

  isScored({ slot, generation }: NodeInfo): boolean {
    return this.scoredAt[slot] === generation;
  }

  /** @param scores in the order of the signing scorers */
  setScores({ slot, generation }: NodeInfo, scores: readonly number[]): void {
    reach(this.scoredAt, slot, 0);
    this.scoredAt[slot] = generation;
    for (const [i, column] of this.scores.entries()) {
      reach(column, slot, 0);
      column[slot] = scores[i] ?? 0;
    }
  }

  /** Raw scores of one plugin by the nodes' slots. */
  column(scorer: number): readonly number[] {
    return this.scores[scorer] ?? [];
  }
}

/** Keeps arrays without holes: an array with holes is several times slower. */
function reach<T>(array: T[], index: number, fill: T): void {
  while (array.length <= index) array.push(fill);
}

const MAX_CLASSES = 16;

/** The classes of the signatures seen last. */
export class EquivalenceClasses {
  private readonly classes = new Map<string, EquivalenceClass>();
  private readonly scorers: number;

  constructor(scorers: number) {
    this.scorers = scorers;
  }

  of(signature: string): EquivalenceClass {
    const known = this.classes.get(signature) ?? new EquivalenceClass(this.scorers);
    this.classes.delete(signature);
    this.classes.set(signature, known);
    if (this.classes.size > MAX_CLASSES) {
      const oldest = this.classes.keys().next();
      if (oldest.done !== true) this.classes.delete(oldest.value);
    }
    return known;
  }

  /** Nodes are numbered anew. */
  clear(): void {
    this.classes.clear();
  }
}
