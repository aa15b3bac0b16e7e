/**
 * Runs a profile's plugins at each extension point, and lets a recorder look on.
 * Invariant: plugins never meet each other; what one says reaches the next only through the framework. What a signing plugin
 * said of an equal Pod and an unchanged node is remembered instead of asked again.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/framework/runtime.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Change } from '../../../client/watchCursor.ts';
import type { BindingHandle, CycleState, Handle, Plugin, PostFilterResult, PreBindPlan, SchedulerReader } from '../interface.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Status } from '../status.ts';
import { EquivalenceClasses, FITS, type EquivalenceClass, type Verdict } from './equivalence.ts';
import type { Recorder } from './recorder.ts';

/** The extension points whose order can be seen: the first plugin that refuses gives the reason. */
export type OrderedPoint = 'preEnqueue' | 'preFilter' | 'filter' | 'postFilter' | 'preBind';

export interface PreFilterOutcome {
  /** A refusal of the Pod as a whole. */
  readonly status: Status | undefined;
  readonly nodeNames: ReadonlySet<string> | undefined;
  /** The plugins that narrowed the nodes. */
  readonly narrowedBy: readonly string[];
}

/** What the framework itself remembers of one attempt. */
interface Attempt {
  /** Filters whose PreFilter said that there is nothing to do. */
  readonly skipped: ReadonlySet<string>;
  /** The filters that do not sign, and are not skipped. */
  readonly unsigned: readonly Filter[];
  readonly equals: EquivalenceClass;
}

interface Filter {
  readonly plugin: Plugin;
  /** Its place in the order of all filters. */
  readonly index: number;
  /** Its last refusal, and what became of it. */
  last: { readonly said: Status; readonly verdict: Verdict } | undefined;
}

interface Scorer {
  readonly plugin: Plugin;
  /** Its column in an equivalence class; undefined for plugins that do not sign. */
  readonly column: number | undefined;
  /** Raw, then normalised scores of the attempt at hand; kept to spare the allocation. */
  readonly scores: number[];
}

/** A plugin's plan for a Pod that is being bound. */
export interface PluginPlan extends PreBindPlan {
  readonly plugin: string;
}

const NO_PLANS: readonly PluginPlan[] = [];

const ATTEMPT = 'framework/attempt';

export class Profile {
  readonly schedulerName: string;
  readonly plugins: readonly Plugin[];
  private readonly gates: readonly Plugin[];
  private readonly preFilters: readonly Plugin[];
  private readonly postFilters: readonly Plugin[];
  private readonly filters: readonly Filter[];
  private readonly filterNames: readonly string[];
  private readonly scorers: readonly Scorer[];
  /** By node of the attempt at hand; kept to spare the allocation. */
  private readonly totals: number[] = [];
  private readonly signers: readonly Plugin[];
  private readonly binders: readonly Plugin[];
  private readonly classes: EquivalenceClasses;
  private readonly recorder: Recorder | undefined;

  /** @param orderAt the names in the order of a point; undefined: as they are given */
  constructor(
    schedulerName: string,
    plugins: readonly Plugin[],
    recorder?: Recorder,
    orderAt?: (point: OrderedPoint) => readonly string[],
  ) {
    this.schedulerName = schedulerName;
    this.plugins = plugins;
    const at = (point: OrderedPoint, part: keyof Plugin): readonly Plugin[] => {
      const own = plugins.filter((plugin) => plugin[part] !== undefined);
      const names = orderAt?.(point);
      return names === undefined ? own : own.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
    };
    this.gates = at('preEnqueue', 'preEnqueue');
    this.preFilters = at('preFilter', 'preFilter');
    this.postFilters = at('postFilter', 'postFilter');
    this.filters = at('filter', 'filter').map((plugin, index) => ({ plugin, index, last: undefined }));
    this.filterNames = this.filters.map(({ plugin }) => plugin.name);
    let columns = 0;
    this.scorers = plugins
      .filter((plugin) => plugin.score !== undefined)
      .map((plugin) => ({ plugin, column: plugin.sign === undefined ? undefined : columns++, scores: [] }));
    this.signers = plugins.filter((plugin) => plugin.sign !== undefined);
    this.binders = at('preBind', 'preBindPreFlight');
    this.classes = new EquivalenceClasses(columns);
    this.recorder = recorder;
  }

  /** Forgets what is known about nodes, when they are numbered anew. */
  reset(): void {
    this.classes.clear();
  }

  preEnqueue(pod: Pod, reader: SchedulerReader): Status | undefined {
    for (const plugin of this.gates) {
      const status = plugin.preEnqueue?.(pod, reader);
      if (status !== undefined) return { ...status, plugin: plugin.name };
    }
    return undefined;
  }

  /** Whether one of the plugins that refused the Pod says that the change may help it. */
  helps(refusedBy: readonly string[], pod: Pod, resource: string, change: Change, reader: SchedulerReader): boolean {
    return this.plugins.some(
      ({ name, events }) =>
        events !== undefined &&
        refusedBy.includes(name) &&
        events.some((event) => event.resource === resource && (event.helps === undefined || event.helps(pod, change, reader))),
    );
  }

  /** Equal for Pods that the same changes of other objects help; undefined where a plugin that refused does not sign. */
  hintSignature(pod: Pod, refusedBy: readonly string[]): string | undefined {
    const unsigned = this.plugins.some(({ name, events, sign }) => events !== undefined && sign === undefined && refusedBy.includes(name));
    return unsigned ? undefined : this.signature(pod);
  }

  preFilter(state: CycleState, pod: Pod, handle: Handle): PreFilterOutcome {
    const skipped = new Set<string>();
    const narrowedBy: string[] = [];
    let nodeNames: ReadonlySet<string> | undefined;
    for (const plugin of this.preFilters) {
      const answer = plugin.preFilter?.(state, pod, handle);
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
    if (this.recorder !== undefined)
      this.recorder.onFilters(skipped.size === 0 ? this.filterNames : this.filterNames.filter((name) => !skipped.has(name)));
    const unsigned = this.filters.filter(({ plugin }) => plugin.sign === undefined && !skipped.has(plugin.name));
    state.set(ATTEMPT, { skipped, unsigned, equals: this.classes.of(this.signature(pod)) } satisfies Attempt);
    return { status: undefined, nodeNames, narrowedBy };
  }

  /** The first refusal, or undefined when the Pod fits. */
  filter(state: CycleState, pod: Pod, node: NodeInfo, handle: Handle): Status | undefined {
    const attempt = state.get(ATTEMPT) as Attempt | undefined;
    const status =
      attempt === undefined || node.generation === 0
        ? this.firstRefusal(this.filters, attempt, state, pod, node, handle).status
        : this.filterByClass(attempt, state, pod, node, handle);
    if (status !== undefined) this.recorder?.onFilter(node.name, status.plugin ?? '', status);
    return status;
  }

  private filterByClass(attempt: Attempt, state: CycleState, pod: Pod, node: NodeInfo, handle: Handle): Status | undefined {
    const { equals, unsigned } = attempt;
    const signed =
      equals.verdict(node) ??
      equals.setVerdict(
        node,
        this.firstRefusal(this.filters, attempt, state, pod, node, handle, ({ sign }) => sign !== undefined),
      );
    if (unsigned.length === 0) return signed.status;
    const other = this.firstRefusal(unsigned, attempt, state, pod, node, handle);
    return other.index < signed.index ? other.status : signed.status;
  }

  private firstRefusal(
    filters: readonly Filter[],
    attempt: Attempt | undefined,
    state: CycleState,
    pod: Pod,
    node: NodeInfo,
    handle: Handle,
    asked: (plugin: Plugin) => boolean = () => true,
  ): Verdict {
    for (const filter of filters) {
      const { plugin, index } = filter;
      if (attempt?.skipped.has(plugin.name) === true || !asked(plugin)) continue;
      const status = plugin.filter?.(state, pod, node, handle);
      if (status === undefined) continue;
      // Most refusals of a plugin are one and the same object, over thousands of nodes.
      if (filter.last?.said !== status) filter.last = { said: status, verdict: { index, status: { ...status, plugin: plugin.name } } };
      return filter.last.verdict;
    }
    return FITS;
  }

  /** Equal for Pods about which the signing plugins say the same. */
  private signature(pod: Pod): string {
    return JSON.stringify(this.signers.map((plugin) => plugin.sign?.(pod)));
  }

  /** All PostFilter plugins in order, until one makes room; the texts of the others are joined. */
  postFilter(state: CycleState, pod: Pod, filtered: ReadonlyMap<string, Status>, handle: BindingHandle): PostFilterResult {
    const reasons: string[] = [];
    for (const plugin of this.postFilters) {
      const result = plugin.postFilter?.(state, pod, filtered, handle);
      if (result === undefined) continue;
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

  /** What has to happen before the Pod is bound to the node; mostly nothing. */
  preBindPreFlight(state: CycleState, pod: Pod, node: NodeInfo, handle: Handle): readonly PluginPlan[] {
    let plans: PluginPlan[] | undefined;
    for (const { name, preBindPreFlight } of this.binders) {
      const plan = preBindPreFlight?.(state, pod, node, handle);
      if (plan !== undefined) (plans ??= []).push({ plugin: name, ...plan });
    }
    return plans ?? NO_PLANS;
  }

  preBind(plans: readonly PluginPlan[], pod: Pod, node: string, handle: BindingHandle): Status | undefined {
    for (const { plugin: name, plan } of plans) {
      const status = this.binder(name)?.preBind?.(plan, pod, node, handle);
      if (status !== undefined) return { ...status, plugin: name };
    }
    return undefined;
  }

  preBindDone(plans: readonly PluginPlan[], pod: Pod, node: string, handle: Handle): boolean | Status {
    let all = true;
    for (const { plugin: name, plan } of plans) {
      const done = this.binder(name)?.preBindDone?.(plan, pod, node, handle) ?? true;
      if (typeof done === 'object') return { ...done, plugin: name };
      all &&= done;
    }
    return all;
  }

  unreserve(plans: readonly PluginPlan[], pod: Pod, node: string, handle: BindingHandle): void {
    for (const { plugin: name, plan } of plans.toReversed()) this.binder(name)?.unreserve?.(plan, pod, node, handle);
  }

  private binder(name: string): Plugin | undefined {
    return this.binders.find((plugin) => plugin.name === name);
  }

  /** By node, the total of normalised score × weight over the plugins that did not skip themselves. Holds until the next call. */
  score(state: CycleState, pod: Pod, nodes: readonly NodeInfo[], handle: Handle): readonly number[] {
    const attempt = state.get(ATTEMPT) as Attempt | undefined;
    const active = this.scorers.filter(({ plugin }) => plugin.preScore?.(state, pod, nodes, handle)?.code !== 'Skip');
    if (attempt !== undefined) this.scoreByClass(attempt.equals, active, state, pod, nodes, handle);
    const { totals } = this;
    totals.length = nodes.length;
    totals.fill(0);
    const shown = Math.min(nodes.length, this.recorder?.maxNodes ?? 0);
    this.recorder?.onCandidates(nodes.slice(0, shown).map(({ name }) => name));
    for (const { plugin, column, scores } of active) {
      scores.length = nodes.length;
      const known = column === undefined ? undefined : attempt?.equals.column(column);
      const same = plugin.sameScore?.(state);
      let n = 0;
      if (same !== undefined) scores.fill(same);
      else if (known !== undefined) for (const node of nodes) scores[n++] = known[node.slot] ?? 0;
      else for (const node of nodes) scores[n++] = plugin.score?.(state, pod, node, handle) ?? 0;
      const raw = scores.slice(0, shown);
      plugin.normalizeScore?.(state, pod, scores, nodes);
      const weight = plugin.weight ?? 1;
      for (let i = 0; i < scores.length; i++) totals[i] = (totals[i] ?? 0) + (scores[i] ?? 0) * weight;
      this.recorder?.onScores(plugin.name, weight, raw, scores.slice(0, shown));
    }
    return totals;
  }

  /** Sees to it that the class knows the raw scores of the signing plugins for all nodes. */
  private scoreByClass(
    equals: EquivalenceClass,
    active: readonly Scorer[],
    state: CycleState,
    pod: Pod,
    nodes: readonly NodeInfo[],
    handle: Handle,
  ): void {
    for (const node of nodes) {
      if (equals.isScored(node)) continue;
      const scores: number[] = [];
      for (const { plugin, column } of active) if (column !== undefined) scores[column] = plugin.score?.(state, pod, node, handle) ?? 0;
      equals.setScores(node, scores);
    }
  }
}
