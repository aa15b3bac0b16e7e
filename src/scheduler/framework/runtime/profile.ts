/**
 * Runs a profile's plugins at each extension point, and lets a recorder look on.
 * Invariant: plugins never meet each other; what one says reaches the next only through the framework.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/framework/runtime.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { CycleState, Handle, Plugin, PostFilterResult } from '../interface.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Status } from '../status.ts';
import type { Recorder } from './recorder.ts';

export interface PreFilterOutcome {
  /** A refusal of the Pod as a whole. */
  readonly status: Status | undefined;
  readonly nodeNames: ReadonlySet<string> | undefined;
  /** The plugins that narrowed the nodes. */
  readonly narrowedBy: readonly string[];
}

export interface NodeScore {
  readonly node: NodeInfo;
  readonly total: number;
}

const SKIPPED = 'framework/skippedFilters';

export class Profile {
  readonly schedulerName: string;
  readonly plugins: readonly Plugin[];
  private readonly filters: readonly Plugin[];
  private readonly scorers: readonly Plugin[];
  private readonly recorder: Recorder | undefined;

  constructor(schedulerName: string, plugins: readonly Plugin[], recorder?: Recorder) {
    this.schedulerName = schedulerName;
    this.plugins = plugins;
    this.filters = plugins.filter((plugin) => plugin.filter !== undefined);
    this.scorers = plugins.filter((plugin) => plugin.score !== undefined);
    this.recorder = recorder;
  }

  preEnqueue(pod: Pod): Status | undefined {
    for (const plugin of this.plugins) {
      const status = plugin.preEnqueue?.(pod);
      if (status !== undefined) return { ...status, plugin: plugin.name };
    }
    return undefined;
  }

  preFilter(state: CycleState, pod: Pod, handle: Handle): PreFilterOutcome {
    const skipped = new Set<string>();
    const narrowedBy: string[] = [];
    let nodeNames: ReadonlySet<string> | undefined;
    state.set(SKIPPED, skipped);
    for (const plugin of this.plugins) {
      if (plugin.preFilter === undefined) continue;
      const answer = plugin.preFilter(state, pod, handle);
      if (answer === undefined) continue;
      const result = 'code' in answer ? { status: answer } : answer;
      if (result.status?.code === 'Skip') skipped.add(plugin.name);
      else if (result.status !== undefined) {
        const status = { ...result.status, plugin: plugin.name };
        this.recorder?.onPreFilter(plugin.name, status);
        return { status, nodeNames, narrowedBy };
      }
      if (result.nodeNames !== undefined) {
        narrowedBy.push(plugin.name);
        nodeNames = nodeNames === undefined ? result.nodeNames : nodeNames.intersection(result.nodeNames);
      }
    }
    return { status: undefined, nodeNames, narrowedBy };
  }

  /** The first refusal, or undefined when the Pod fits. */
  filter(state: CycleState, pod: Pod, node: NodeInfo, handle: Handle): Status | undefined {
    const skipped = state.get(SKIPPED) as ReadonlySet<string> | undefined;
    for (const plugin of this.filters) {
      if (skipped?.has(plugin.name) === true) continue;
      const status = plugin.filter?.(state, pod, node, handle);
      if (status === undefined) continue;
      const named = { ...status, plugin: plugin.name };
      this.recorder?.onFilter(node.name, plugin.name, named);
      return named;
    }
    return undefined;
  }

  /** All PostFilter plugins in order, until one makes room; the texts of the others are joined. */
  postFilter(state: CycleState, pod: Pod, filtered: ReadonlyMap<string, Status>, handle: Handle): PostFilterResult {
    const reasons: string[] = [];
    for (const plugin of this.plugins) {
      if (plugin.postFilter === undefined) continue;
      const result = plugin.postFilter(state, pod, filtered, handle);
      if (result.status === undefined) return result;
      reasons.push(...result.status.reasons);
      if (result.status.code === 'Error') return { ...result, status: { ...result.status, reasons } };
      if (result.nominatedNode !== undefined) return { ...result, status: { ...result.status, reasons } };
    }
    return { status: { code: 'Unschedulable', reasons } };
  }

  addPod(state: CycleState, pod: Pod, added: Pod, node: NodeInfo): void {
    for (const plugin of this.plugins) plugin.addPod?.(state, pod, added, node);
  }

  removePod(state: CycleState, pod: Pod, removed: Pod, node: NodeInfo): void {
    for (const plugin of this.plugins) plugin.removePod?.(state, pod, removed, node);
  }

  /** Total of normalised score × weight over the plugins that did not skip themselves. */
  score(state: CycleState, pod: Pod, nodes: readonly NodeInfo[], handle: Handle): readonly NodeScore[] {
    const totals = new Array<number>(nodes.length).fill(0);
    for (const plugin of this.scorers) {
      if (plugin.preScore?.(state, pod, nodes, handle)?.code === 'Skip') continue;
      const scores = nodes.map((node) => plugin.score?.(state, pod, node, handle) ?? 0);
      const raw = this.recorder === undefined ? scores : scores.slice();
      plugin.normalizeScore?.(state, pod, scores, nodes);
      const weight = plugin.weight ?? 1;
      for (let i = 0; i < scores.length; i++) {
        totals[i] = (totals[i] ?? 0) + (scores[i] ?? 0) * weight;
        this.recorder?.onScore(nodes[i]?.name ?? '', plugin.name, raw[i] ?? 0, scores[i] ?? 0, weight);
      }
    }
    return nodes.map((node, i) => ({ node, total: totals[i] ?? 0 }));
  }
}
