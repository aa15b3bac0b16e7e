import type { Status } from '../status.ts';

/** What the framework tells about one attempt; explanation costs the plugins nothing. */
export interface Recorder {
  onPreFilter(plugin: string, status: Status): void;
  /** The filters that have something to say about the Pod, in the order in which they are asked. */
  onFilters(plugins: readonly string[]): void;
  onFilter(node: string, plugin: string, status: Status): void;
  /** How many nodes it wants to hear about. */
  readonly maxNodes: number;
  /** The nodes that `onScores` will speak of, in that order. */
  onCandidates(nodes: readonly string[]): void;
  /** @param normalized 0 to 100 @param weight the plugin's share in the total */
  onScores(plugin: string, weight: number, raw: readonly number[], normalized: readonly number[]): void;
}

export interface PluginScore {
  readonly raw: number;
  readonly normalized: number;
  readonly weight: number;
  readonly weighted: number;
}

/** Why a Pod is where it is, or nowhere: one attempt, node by node and plugin by plugin. */
export interface Explanation {
  /** Virtual time, milliseconds since 1970. */
  readonly at: number;
  readonly attempt: number;
  readonly selected: string | undefined;
  readonly message: string | undefined;
  /** The filters that were asked, in order. */
  readonly filters: readonly string[];
  /** By node, the first refusal; `*` for a refusal of the Pod as a whole. */
  readonly filtered: Readonly<Record<string, { readonly plugin: string; readonly reasons: readonly string[] }>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, PluginScore>>>>;
}

/** An attempt as it is kept: columns of numbers, made into an Explanation when somebody asks. */
interface Attempt extends Omit<Explanation, 'scores'> {
  readonly nodes: readonly string[];
  readonly columns: readonly Column[];
}

interface Column {
  readonly plugin: string;
  readonly weight: number;
  readonly raw: readonly number[];
  readonly normalized: readonly number[];
}

/**
 * Keeps the last attempts of Pods. Nodes beyond `maxNodes` of an attempt are left out: nobody reads a table of 5,000.
 * Not part of a checkpoint: it explains, it decides nothing.
 */
export class ExplanationRecorder implements Recorder {
  readonly maxNodes: number;
  private readonly attempts = new Map<string, readonly Attempt[]>();
  private filtered: Record<string, { plugin: string; reasons: readonly string[] }> = {};
  private filters: readonly string[] = [];
  private refused = 0;
  private nodes: readonly string[] = [];
  private columns: Column[] = [];
  private readonly maxPods: number;

  constructor(maxPods = 1000, maxNodes = 50) {
    this.maxPods = maxPods;
    this.maxNodes = maxNodes;
  }

  begin(): void {
    this.filtered = {};
    this.filters = [];
    this.refused = 0;
    this.nodes = [];
    this.columns = [];
  }

  onPreFilter(plugin: string, status: Status): void {
    this.filtered['*'] = { plugin, reasons: status.reasons };
  }

  onFilters(plugins: readonly string[]): void {
    this.filters = plugins;
  }

  onFilter(node: string, plugin: string, status: Status): void {
    if (++this.refused <= this.maxNodes) this.filtered[node] = { plugin, reasons: status.reasons };
  }

  onCandidates(nodes: readonly string[]): void {
    this.nodes = nodes;
  }

  onScores(plugin: string, weight: number, raw: readonly number[], normalized: readonly number[]): void {
    this.columns.push({ plugin, weight, raw, normalized });
  }

  end(podUid: string, at: number, attempt: number, selected: string | undefined, message: string | undefined): void {
    const before = this.attempts.get(podUid) ?? [];
    this.attempts.delete(podUid);
    const { filters, filtered, nodes, columns } = this;
    const last = { at, attempt, selected, message, filters, filtered, nodes, columns };
    this.attempts.set(podUid, [...before.slice(1 - MOST_ATTEMPTS), last]);
    if (this.attempts.size > this.maxPods) {
      const oldest = this.attempts.keys().next();
      if (oldest.done !== true) this.attempts.delete(oldest.value);
    }
  }

  /** The last attempt. */
  of(podUid: string): Explanation | undefined {
    const last = this.attempts.get(podUid)?.at(-1);
    return last === undefined ? undefined : explanationOf(last);
  }

  /** The last attempts, oldest first. */
  all(podUid: string): readonly Explanation[] {
    return (this.attempts.get(podUid) ?? []).map(explanationOf);
  }
}

/** So many attempts of one Pod are kept. */
const MOST_ATTEMPTS = 5;

function explanationOf({ nodes, columns, ...attempt }: Attempt): Explanation {
  const scores: Record<string, Record<string, PluginScore>> = {};
  for (const [i, node] of nodes.entries()) {
    const own: Record<string, PluginScore> = {};
    for (const { plugin, weight, raw, normalized } of columns) {
      const score = normalized[i] ?? 0;
      own[plugin] = { raw: raw[i] ?? 0, normalized: score, weight, weighted: score * weight };
    }
    scores[node] = own;
  }
  return { ...attempt, scores };
}
