import type { JsonObject } from '../../../base/json.ts';
import type { Status } from '../status.ts';

/** What the framework tells about one attempt; explanation costs the plugins nothing. */
export interface Recorder {
  onPreFilter(plugin: string, status: Status): void;
  onFilter(node: string, plugin: string, status: Status): void;
  /** @param normalized 0 to 100 @param weight the plugin's share in the total */
  onScore(node: string, plugin: string, raw: number, normalized: number, weight: number): void;
}

export interface PluginScore {
  readonly raw: number;
  readonly normalized: number;
  readonly weighted: number;
}

/** Why a Pod is where it is, or nowhere: the last attempt, node by node and plugin by plugin. */
export interface Explanation {
  /** Virtual time, milliseconds since 1970. */
  readonly at: number;
  readonly attempt: number;
  readonly selected: string | undefined;
  readonly message: string | undefined;
  readonly filtered: Readonly<Record<string, { readonly plugin: string; readonly reasons: readonly string[] }>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, PluginScore>>>>;
}

/**
 * Keeps the last attempts of Pods. Nodes beyond `maxNodes` of an attempt are left out: nobody reads a table of 5,000.
 * Not part of a checkpoint: it explains, it decides nothing.
 */
export class ExplanationRecorder implements Recorder {
  private readonly attempts = new Map<string, Explanation>();
  private filtered: Record<string, { plugin: string; reasons: readonly string[] }> = {};
  private scores: Record<string, Record<string, PluginScore>> = {};
  private nodes = 0;
  private readonly maxPods: number;
  private readonly maxNodes: number;

  constructor(maxPods = 1000, maxNodes = 50) {
    this.maxPods = maxPods;
    this.maxNodes = maxNodes;
  }

  begin(): void {
    this.filtered = {};
    this.scores = {};
    this.nodes = 0;
  }

  onPreFilter(plugin: string, status: Status): void {
    this.filtered['*'] = { plugin, reasons: status.reasons };
  }

  onFilter(node: string, plugin: string, status: Status): void {
    if (++this.nodes <= this.maxNodes) this.filtered[node] = { plugin, reasons: status.reasons };
  }

  onScore(node: string, plugin: string, raw: number, normalized: number, weight: number): void {
    let own = this.scores[node];
    if (own === undefined) {
      if (++this.nodes > this.maxNodes) return;
      this.scores[node] = own = {};
    }
    own[plugin] = { raw, normalized, weighted: normalized * weight };
  }

  end(podUid: string, at: number, attempt: number, selected: string | undefined, message: string | undefined): void {
    this.attempts.delete(podUid);
    this.attempts.set(podUid, { at, attempt, selected, message, filtered: this.filtered, scores: this.scores });
    if (this.attempts.size > this.maxPods) {
      const oldest = this.attempts.keys().next();
      if (oldest.done !== true) this.attempts.delete(oldest.value);
    }
  }

  of(podUid: string): Explanation | undefined {
    return this.attempts.get(podUid);
  }

  /** The annotations that kube-scheduler-simulator made a convention, for one Pod. */
  annotations(podUid: string): Readonly<Record<string, string>> | undefined {
    const attempt = this.attempts.get(podUid);
    if (attempt === undefined) return undefined;
    const prefix = 'kube-scheduler-simulator.sigs.k8s.io';
    const filter: Record<string, JsonObject> = {};
    for (const [node, { plugin, reasons }] of Object.entries(attempt.filtered)) filter[node] = { [plugin]: reasons.join(', ') };
    const pick = (field: 'raw' | 'weighted'): JsonObject =>
      Object.fromEntries(
        Object.entries(attempt.scores).map(([node, own]) => [
          node,
          Object.fromEntries(Object.entries(own).map(([plugin, score]) => [plugin, String(score[field])])),
        ]),
      );
    return {
      [`${prefix}/filter-result`]: JSON.stringify(filter),
      [`${prefix}/score-result`]: JSON.stringify(pick('raw')),
      [`${prefix}/finalscore-result`]: JSON.stringify(pick('weighted')),
      [`${prefix}/selected-node`]: attempt.selected ?? '',
    };
  }
}
