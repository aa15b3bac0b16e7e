/**
 * Keeps the status of disruption budgets: how many Pods may be evicted now.
 * Invariant: an eviction that was granted counts against the budget until its Pod is gone, or for two minutes.
 * Counterpart: k8s.io/kubernetes/pkg/controller/disruption.
 */
import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { PODDISRUPTIONBUDGETS, PODS } from '../../api/schema/resources.ts';
import { goLabelSelector } from '../../api/apps/printed.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../api/schema/types/policy/v1.ts';
import { fromLabelSelector, matchesLabelSelector } from '../../apimachinery/labels/selector.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import { podsSelected, possibleSelectors } from '../../client/selection.ts';
import type { EventType } from '../../client/eventRecorder.ts';
import { watch, RetryError, type Controller, type Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodReady } from '../util/podUtil.ts';
import { expectedPods, type Expected } from './expected.ts';
import { clearStaleDisruption, podOfKey, staleIn, staleKey } from './staleDisruption.ts';

/** An evicted Pod that is still there after so long was not deleted after all. */
const DELETION_TIMEOUT_MS = 120_000;

export function createDisruptionController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    for: PODDISRUPTIONBUDGETS,
    watches: [
      watch(PODS, (pod, previous, deleted) => {
        const left = deleted ? undefined : staleIn(pod, context.now());
        if (left !== undefined) context.enqueueAfter(staleKey(pod), left, true);
        return possibleSelectors(client, PODDISRUPTIONBUDGETS, pod.metadata.namespace ?? '', pod.metadata.labels, previous?.metadata.labels)
          .filter((budget) => selects(budget, pod) || (previous !== undefined && selects(budget, previous)))
          .map((budget) => keyOf(budget));
      }),
    ],
    reconcile: (key) => {
      const pod = podOfKey(key);
      if (pod !== undefined) return clearStaleDisruption(context, pod);
      const { namespace, name } = splitKey(key);
      const budget = client.get(PODDISRUPTIONBUDGETS, namespace, name);
      return budget === undefined ? undefined : syncBudget(context, budget);
    },
  };
}

function selects({ spec }: PodDisruptionBudget, pod: Pod): boolean {
  return spec?.selector !== undefined && matchesLabelSelector(spec.selector, pod.metadata.labels);
}

function syncBudget(context: ControllerContext, budget: PodDisruptionBudget): Result | undefined {
  const now = context.now();
  const say = (type: EventType, reason: string, message: string): void =>
    context.events.event(objectReference(PODDISRUPTIONBUDGETS, budget), type, reason, message);
  const pods = podsSelected(context.client, budget.metadata.namespace ?? '', fromLabelSelector(budget.spec?.selector));
  if (pods.length === 0) say('Normal', 'NoPods', 'No matching pods found');
  const expected = expectedPods(context.client, budget, pods);
  if (typeof expected === 'string') {
    say('Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${expected}`);
    writeStatus(context, budget, failedStatus(budget, expected, now));
    throw new RetryError(expected);
  }
  if (expected.unmanaged.length > 0) say('Warning', 'UnmanagedPods', unmanagedText(budget));
  const disrupted = pendingEvictions(context, budget, pods, now);
  const currentHealthy = pods.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name ?? ''] === undefined && isPodReady(pod),
  ).length;
  writeStatus(context, budget, statusOf(budget, expected, currentHealthy, disrupted, now));
  const times = Object.values(disrupted).map((since) => parseTime(since) + DELETION_TIMEOUT_MS - now);
  return times.length === 0 ? undefined : { requeueAfterMs: Math.max(1, Math.min(...times)) };
}

function unmanagedText({ spec }: PodDisruptionBudget): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${goLabelSelector(spec?.selector ?? {})}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
}

/** Evictions that were granted and whose Pods are still there; since when, by the Pod's name. */
function pendingEvictions(
  context: ControllerContext,
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Readonly<Record<string, string>> {
  const pending: Record<string, string> = {};
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const since = budget.status?.disruptedPods?.[name];
    if (since === undefined || deletionTimestamp !== undefined) continue;
    if (parseTime(since) + DELETION_TIMEOUT_MS > now) {
      pending[name] = since;
      continue;
    }
    const text = `Pod was expected by PDB ${budget.metadata.namespace ?? ''}/${budget.metadata.name ?? ''} to be deleted but it wasn't`;
    context.events.event(objectReference(PODS, pod), 'Warning', 'NotDeleted', text);
  }
  return pending;
}

/** With no Pods expected nothing is allowed: the first ones may come before this controller has looked again. */
function statusOf(
  budget: PodDisruptionBudget,
  { expectedPods: expected, desiredHealthy }: Expected,
  currentHealthy: number,
  disruptedPods: Readonly<Record<string, string>>,
  now: number,
): Draft<PodDisruptionBudgetStatus> {
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const counts = { currentHealthy, desiredHealthy, expectedPods: expected, disruptionsAllowed };
  return {
    ...counts,
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods: { ...disruptedPods } }),
    observedGeneration: budget.metadata.generation ?? 0,
    conditions: withCondition(budget, disruptionsAllowed > 0, disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods', '', now),
  };
}

/** Nothing may be evicted while the numbers are unknown; the rest of the status stays. */
function failedStatus(budget: PodDisruptionBudget, message: string, now: number): Draft<PodDisruptionBudgetStatus> {
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods: expected = 0, disruptedPods, observedGeneration } = budget.status ?? {};
  return {
    currentHealthy,
    desiredHealthy,
    expectedPods: expected,
    disruptionsAllowed: 0,
    ...(disruptedPods === undefined ? {} : { disruptedPods: { ...disruptedPods } }),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    conditions: withCondition(budget, false, 'SyncFailed', message, now),
  };
}

function withCondition(
  { status, metadata }: PodDisruptionBudget,
  allowed: boolean,
  reason: string,
  message: string,
  now: number,
): Draft<NonNullable<PodDisruptionBudgetStatus['conditions']>> {
  const value = allowed ? 'True' : 'False';
  const conditions = draft(status?.conditions ?? []);
  const before = conditions.find(({ type }) => type === 'DisruptionAllowed');
  const lastTransitionTime = before?.status === value ? before.lastTransitionTime : formatTime(now);
  const made = {
    type: 'DisruptionAllowed',
    status: value,
    observedGeneration: metadata.generation ?? 0,
    lastTransitionTime,
    reason,
    message,
  };
  return before === undefined ? [...conditions, made] : conditions.map((condition) => (condition === before ? made : condition));
}

function writeStatus({ client }: ControllerContext, budget: PodDisruptionBudget, status: Draft<PodDisruptionBudgetStatus>): void {
  if (!jsonEqual(budget.status ?? {}, status)) client.updateStatus(PODDISRUPTIONBUDGETS, { ...draft(budget), status });
}
