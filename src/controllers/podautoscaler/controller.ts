/**
 * Adds and takes away replicas as the use of resources asks for, every fifteen seconds.
 * Invariant: what is remembered of an autoscaler (recommendations, changes of scale) only slows it down; without it, it starts anew.
 * Counterpart: k8s.io/kubernetes/pkg/controller/podautoscaler (HorizontalController).
 */
import { draft, jsonEqual, type Draft, type Json } from '../../base/json.ts';
import { HORIZONTALPODAUTOSCALERS } from '../../api/schema/resources.ts';
import type { HorizontalPodAutoscaler, MetricStatus } from '../../api/schema/types/autoscaling/v2.ts';
import { parseSelector } from '../../apimachinery/labels/parse.ts';
import type { Selector } from '../../apimachinery/labels/selector.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import { podsSelected } from '../../client/selection.ts';
import type { EventType } from '../../client/eventRecorder.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setCondition } from './conditions.ts';
import { newHistory, recordChange, stabilize, stabilizeByBehavior, type ScaleHistory } from './history.ts';
import { limitByBehavior, limitByRules } from './limits.ts';
import { proposalOf, tolerancesOf } from './metrics.ts';
import type { MetricFailure } from './proposal.ts';
import { TargetSelectors } from './selectors.ts';
import { setReplicas, targetOf, type Target } from './target.ts';

/** `--horizontal-pod-autoscaler-sync-period` */
const SYNC_MS = 15_000;

export function createHorizontalPodAutoscalerController(context: ControllerContext): Controller {
  const histories = new Map<string, ScaleHistory>();
  const selectors = new TargetSelectors();
  return {
    watches: [
      watch(HORIZONTALPODAUTOSCALERS, (hpa, previous, deleted) => {
        const key = keyOf(hpa);
        if (deleted) {
          histories.delete(key);
          selectors.delete(key);
          return [];
        }
        // The first look at a new wish is something to wait for, the later ones are routine.
        const isRoutine = previous !== undefined && jsonEqual(previous.spec, hpa.spec);
        if (!isRoutine) context.enqueueAfter(key, SYNC_MS);
        return [];
      }),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const hpa = context.client.get(HORIZONTALPODAUTOSCALERS, namespace, name);
      if (hpa === undefined) return undefined;
      new Sync(context, hpa, histories, selectors).run();
      return { requeueAfterMs: SYNC_MS, background: true };
    },
    checkpoint: () => ({ histories: [...histories], selectors: selectors.checkpoint() }) as unknown as Json,
    restore: (state) => {
      const memory = (state ?? {}) as unknown as {
        readonly histories?: readonly (readonly [string, ScaleHistory])[];
        readonly selectors?: readonly (readonly [string, string])[];
      };
      histories.clear();
      for (const [key, history] of memory.histories ?? []) histories.set(key, { ...history });
      selectors.restore(memory.selectors ?? []);
    },
  };
}

interface Wish {
  readonly replicas: number;
  readonly reason: string;
}

/** What a look changes beside the conditions. */
interface StatusChange {
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly lastScaleTime?: string;
  readonly currentMetrics?: readonly MetricStatus[];
}

/** One look at one autoscaler. */
class Sync {
  private readonly context: ControllerContext;
  private readonly hpa: HorizontalPodAutoscaler;
  private readonly key: string;
  private readonly namespace: string;
  private readonly histories: Map<string, ScaleHistory>;
  private readonly selectors: TargetSelectors;
  private readonly nowMs: number;
  private conditions: Draft<NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['conditions']>>;

  constructor(context: ControllerContext, hpa: HorizontalPodAutoscaler, histories: Map<string, ScaleHistory>, selectors: TargetSelectors) {
    this.context = context;
    this.hpa = hpa;
    this.key = keyOf(hpa);
    this.namespace = hpa.metadata.namespace ?? '';
    this.histories = histories;
    this.selectors = selectors;
    this.nowMs = context.now();
    this.conditions = (hpa.status?.conditions ?? []).map((condition) => ({ ...condition }));
  }

  run(): void {
    const { hpa, context } = this;
    const { scaleTargetRef, maxReplicas, minReplicas = 1 } = hpa.spec;
    const target = targetOf(context.client, this.namespace, scaleTargetRef);
    if (typeof target === 'string') {
      this.say('Warning', 'FailedGetScale', target);
      this.condition('AbleToScale', false, 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${target}`);
      this.writeStatus({});
      return;
    }
    this.condition('AbleToScale', true, 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
    const current = target.replicas;
    if (!this.histories.has(this.key)) this.histories.set(this.key, newHistory(current, this.nowMs));
    let metrics: readonly MetricStatus[] = [];
    let wish: Wish = { replicas: current, reason: '' };
    if (current === 0 && minReplicas !== 0)
      this.condition('ScalingActive', false, 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero');
    else if (current > maxReplicas) wish = { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
    else if (current < minReplicas) wish = { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
    else {
      const found = this.fromMetrics(target);
      ({ metrics } = found);
      if (found.replicas === undefined) {
        this.writeStatus({ currentReplicas: current, currentMetrics: metrics });
        if (found.error !== undefined) this.say('Warning', 'FailedComputeMetricsReplicas', found.error);
        return;
      }
      const { replicas: desired, name } = found;
      const reason = desired > current ? `${name} above target` : desired < current ? 'All metrics below target' : '';
      wish = { replicas: this.normalize(current, desired, minReplicas), reason };
    }
    this.rescale(target, wish, metrics);
  }

  private rescale(target: Target, { replicas, reason }: Wish, currentMetrics: readonly MetricStatus[]): void {
    const current = target.replicas;
    if (replicas === current) {
      this.writeStatus({ currentReplicas: current, desiredReplicas: current, currentMetrics });
      return;
    }
    const { client } = this.context;
    try {
      setReplicas(client, this.namespace, this.hpa.spec.scaleTargetRef.name, target, replicas);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.say('Warning', 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${error.message}`);
      const text = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.condition('AbleToScale', false, 'FailedUpdateScale', text);
      this.writeStatus({ currentReplicas: current, currentMetrics });
      return;
    }
    const text = `the HPA controller was able to update the target scale to ${replicas}`;
    this.condition('AbleToScale', true, 'SucceededRescale', text);
    this.say('Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`);
    const history = this.histories.get(this.key);
    const { scaleUp = {}, scaleDown = {} } = this.hpa.spec.behavior ?? {};
    if (history !== undefined && this.hpa.spec.behavior !== undefined)
      recordChange(history, { scaleUp, scaleDown }, current, replicas, this.nowMs);
    this.writeStatus({
      currentReplicas: current,
      desiredReplicas: replicas,
      currentMetrics,
      lastScaleTime: formatTime(this.nowMs),
    });
  }

  /** The highest that a metric asks for. With a metric that says nothing, replicas are added but never taken away. */
  private fromMetrics(target: Target): {
    readonly replicas?: number;
    readonly name?: string;
    readonly metrics: readonly MetricStatus[];
    readonly error?: string;
  } {
    const { client, podUsage } = this.context;
    const selector = this.selectorOf(target);
    if (typeof selector === 'string') return { metrics: [], error: selector };
    const specs = this.hpa.spec.metrics ?? [];
    const metrics: MetricStatus[] = [];
    const failures: MetricFailure[] = [];
    let best: { readonly replicas: number; readonly name: string } | undefined;
    for (const spec of specs) {
      const found = proposalOf(
        {
          client,
          podUsage,
          namespace: this.namespace,
          selector,
          currentReplicas: target.replicas,
          statusReplicas: target.statusReplicas,
          tolerances: tolerancesOf(this.hpa),
          nowMs: this.nowMs,
        },
        spec,
      );
      if ('error' in found) {
        this.say('Warning', found.reason, found.error);
        failures.push(found);
        metrics.push({ type: '' });
        continue;
      }
      metrics.push(found.status);
      if (best === undefined || best.replicas === 0 || found.replicas > best.replicas) best = found;
    }
    const [first] = failures;
    if (first !== undefined && (best === undefined || best.replicas < target.replicas)) {
      this.condition('ScalingActive', false, first.reason, `the HPA was unable to compute the replica count: ${first.error}`);
      const error = `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: ${first.summary}`;
      return { metrics, error };
    }
    if (best === undefined) return { metrics };
    const text = `the HPA was able to successfully calculate a replica count from ${best.name}`;
    this.condition('ScalingActive', true, 'ValidMetricFound', text);
    return { ...best, metrics };
  }

  /** @returns the text of an error if the target's Pods cannot be told */
  private selectorOf({ selector: text }: Target): Selector | string {
    const { client } = this.context;
    if (text === '') {
      this.say('Warning', 'SelectorRequired', 'selector is required');
      this.condition('ScalingActive', false, 'InvalidSelector', "the HPA target's scale is missing a selector");
      return 'selector is required';
    }
    const parsed = parseSelector(text);
    if ('error' in parsed) {
      const problem = `couldn't convert selector into a corresponding internal selector object: ${parsed.error}`;
      this.say('Warning', 'InvalidSelector', problem);
      this.condition('ScalingActive', false, 'InvalidSelector', problem);
      return problem;
    }
    this.selectors.set(this.key, text);
    const selecting = this.selectors.selecting(this.namespace, podsSelected(client, this.namespace, parsed.selector));
    if (selecting.length < 2) return parsed.selector;
    const problem = `pods by selector ${text} are controlled by multiple HPAs: [${selecting.join(' ')}]`;
    this.say('Warning', 'AmbiguousSelector', problem);
    this.condition('ScalingActive', false, 'AmbiguousSelector', problem);
    return problem;
  }

  /** What the metrics ask for, slowed down and kept within the limits. */
  private normalize(current: number, desired: number, min: number): number {
    const { behavior, maxReplicas: max } = this.hpa.spec;
    const history = this.histories.get(this.key) ?? newHistory(current, this.nowMs);
    const { scaleUp = {}, scaleDown = {} } = behavior ?? {};
    const stable =
      behavior === undefined
        ? stabilize(history, desired, this.nowMs)
        : stabilizeByBehavior(history, { current, desired }, scaleUp, scaleDown, this.nowMs);
    if (stable.replicas === desired) this.condition('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size');
    else this.condition('AbleToScale', true, stable.reason, stable.message);
    const input = { current, desired: stable.replicas, min, max };
    const limited = behavior === undefined ? limitByRules(input) : limitByBehavior(input, scaleUp, scaleDown, history, this.nowMs);
    this.condition('ScalingLimited', limited.replicas !== stable.replicas, limited.reason, limited.message);
    return limited.replicas;
  }

  private condition(type: string, status: boolean, reason: string, message: string): void {
    this.conditions = setCondition(this.conditions, { type, status: status ? 'True' : 'False', reason, message }, this.nowMs);
  }

  private say(type: EventType, reason: string, message: string): void {
    this.context.events.event(objectReference(HORIZONTALPODAUTOSCALERS, this.hpa), type, reason, message);
  }

  private writeStatus(status: StatusChange): void {
    const { name = '' } = this.hpa.metadata;
    const { currentMetrics, ...rest } = status;
    this.context.client.modify(
      HORIZONTALPODAUTOSCALERS,
      this.namespace,
      name,
      (copy) => {
        const { currentMetrics: shown, ...before } = copy.status ?? { desiredReplicas: 0 };
        const next = currentMetrics === undefined ? shown : draft(currentMetrics);
        copy.status = {
          ...before,
          ...rest,
          conditions: this.conditions,
          ...(next === undefined || next.length === 0 ? {} : { currentMetrics: next }),
        };
      },
      'status',
    );
  }
}
