/**
 * Eviction: a deletion that asks the disruption budgets first.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go.
 */
import { decodeBody } from '../../../api/decodeBody.ts';
import { PODDISRUPTIONBUDGETS } from '../../../api/schema/resources.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Eviction, PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../../api/schema/types/policy/v1.ts';
import { setPodCondition } from '../../../api/core/pod/conditions.ts';
import type { Draft } from '../../../base/json.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
import { APISERVER } from '../../bootstrap.ts';
import { INDEX_SELECTOR, selectorKeys } from '../../labelIndex.ts';
import { checkPreconditions } from '../../registry/deletion.ts';
import type { DeleteOptions, RequestContext } from '../../request.ts';
import { answer, refuse } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions } from '../options.ts';
import { strategyFor } from '../read.ts';
import type { ResourceRequest } from '../resource.ts';
import { created } from './binding.ts';

const EVICTION = { group: 'policy', version: 'v1', kind: 'Eviction' };

export function evictPod(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(EVICTION, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const eviction = decoded.object as unknown as Eviction;
  if (eviction.metadata.name !== info.name)
    return refuse(errors.badRequest('name in URL does not match name in Eviction object'), encoding);
  const found = api.get(served.type, info.namespace, info.name);
  if (!found.ok) return refuse(found.status, encoding);
  const pod = found.object as Pod;
  const dryRun = options.context.dryRun === true || (eviction.deleteOptions?.dryRun ?? []).length > 0;
  const requester = { ...options.context, dryRun };
  const refusal = isProtected(pod) ? askBudget(context, requester, pod) : undefined;
  if (refusal !== undefined) return refuse(refusal, encoding);
  const asked = deletion(eviction);
  const granted = dryRun ? asked : markAsEvicted(context, requester, pod, asked);
  if (isStatus(granted)) return refuse(granted, encoding);
  const outcome = api.registry.delete(requester, strategyFor(context), info.namespace, info.name, granted);
  return outcome.ok ? answer(created(), 201, encoding, outcome.warnings) : refuse(outcome.status, encoding, outcome.warnings);
}

function deletion({ deleteOptions }: Eviction): DeleteOptions {
  const { gracePeriodSeconds, preconditions } = deleteOptions ?? {};
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
}

/**
 * Says on the Pod why it goes, before it does. What the caller insists on must hold before that; a version is then the new one.
 * @returns the options of the deletion, or why it cannot be
 */
function markAsEvicted(context: ResourceRequest, requester: RequestContext, pod: Pod, options: DeleteOptions): DeleteOptions | Status {
  const { api, info, served } = context;
  const failed = checkPreconditions(strategyFor(context), pod, options);
  if (failed !== undefined) return failed;
  const { generation } = pod.metadata;
  const marked = api.update(requester, served.type, info.namespace, info.name, 'status', (object) => {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    } as const;
    setPodCondition(((object as Draft<Pod>).status ??= {}), condition, api.registry.now());
    return undefined;
  });
  if (!marked.ok) return marked.status;
  const { resourceVersion } = marked.object.metadata;
  if (options.preconditions?.resourceVersion === undefined || resourceVersion === undefined) return options;
  return { ...options, preconditions: { ...options.preconditions, resourceVersion } };
}

/** A Pod that has ended, has not begun or is going anyway costs no budget. */
function isProtected({ status, metadata }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && status?.phase !== 'Pending'
  );
}

function askBudget({ api, info }: ResourceRequest, requester: RequestContext, pod: Pod): Status | undefined {
  const keys = selectorKeys(info.namespace, pod.metadata.labels);
  const possible = keys.flatMap((key) =>
    api.store.byIndex('poddisruptionbudgets.policy', INDEX_SELECTOR, key),
  ) as readonly PodDisruptionBudget[];
  const budgets = possible.filter((budget) => matchesLabelSelector(budget.spec?.selector, pod.metadata.labels));
  if (budgets.length > 1) {
    return errors.failure(
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const budget = budgets[0];
  if (budget === undefined) return undefined;
  const unhealthy = !isReady(pod);
  const status = budget.status;
  const enough = (status?.currentHealthy ?? 0) >= (status?.desiredHealthy ?? 0) && (status?.desiredHealthy ?? 0) > 0;
  if (unhealthy && (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || enough)) return undefined;
  const name = budget.metadata.name ?? '';
  if ((status?.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    return tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const forbid = (text: string): Status => errors.forbidden({ group: 'policy', plural: 'poddisruptionbudget' }, name, text);
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed < 0) return forbid('pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS)
    return forbid('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (allowed === 0) return tooMany(whyBlocked(name, status), 0);
  const self = { ...APISERVER, dryRun: requester.dryRun === true };
  const outcome = api.update(self, PODDISRUPTIONBUDGETS, info.namespace, name, 'status', (object) => {
    const taken = (object as Draft<PodDisruptionBudget>).status;
    if (taken === undefined) return undefined;
    taken.disruptionsAllowed = allowed - 1;
    if (allowed === 1) forbidDisruption(taken, api.registry.now());
    (taken.disruptedPods ??= {})[pod.metadata.name ?? ''] = formatTime(api.registry.now());
    return undefined;
  });
  return outcome.ok ? undefined : outcome.status;
}

/** So many evictions may wait for the controller to see them. */
const MAX_DISRUPTED_PODS = 2000;

function whyBlocked(name: string, status: PodDisruptionBudgetStatus | undefined): string {
  const condition = (status?.conditions ?? []).find(({ type }) => type === 'DisruptionAllowed');
  if (condition?.status === 'False' && condition.reason === 'SyncFailed')
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`;
  return `The disruption budget ${name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`;
}

/** The last disruption that was allowed is taken. */
function forbidDisruption(status: Draft<PodDisruptionBudgetStatus>, nowMs: number): void {
  const conditions = (status.conditions ??= []);
  const before = conditions.findIndex(({ type }) => type === 'DisruptionAllowed');
  const lastTransitionTime = conditions[before]?.status === 'False' ? conditions[before].lastTransitionTime : formatTime(nowMs);
  const made = {
    type: 'DisruptionAllowed',
    status: 'False',
    observedGeneration: status.observedGeneration ?? 0,
    lastTransitionTime,
    reason: 'InsufficientPods',
    message: '',
  };
  if (before < 0) conditions.push(made);
  else conditions[before] = made;
}

function tooMany(message: string, retryAfterSeconds: number): Status {
  return errors.failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}
