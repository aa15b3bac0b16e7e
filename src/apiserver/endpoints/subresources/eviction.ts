/**
 * Eviction: a deletion that asks the disruption budgets first.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go.
 */
import { decodeBody } from '../../../api/decodeBody.ts';
import { PODDISRUPTIONBUDGETS } from '../../../api/schema/resources.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Eviction, PodDisruptionBudget } from '../../../api/schema/types/policy/v1.ts';
import type { Draft } from '../../../base/json.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
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
  const outcome = api.registry.delete(requester, strategyFor(context), info.namespace, info.name, deletion(eviction));
  return outcome.ok ? answer(created(), 201, encoding, outcome.warnings) : refuse(outcome.status, encoding, outcome.warnings);
}

function deletion({ deleteOptions }: Eviction): DeleteOptions {
  const { gracePeriodSeconds, preconditions } = deleteOptions ?? {};
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
}

/** A Pod that has ended, has not begun or is going anyway costs no budget. */
function isProtected({ status, metadata }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && status?.phase !== 'Pending'
  );
}

function askBudget({ api, info }: ResourceRequest, requester: RequestContext, pod: Pod): Status | undefined {
  const all = api.store.list('poddisruptionbudgets.policy', info.namespace) as readonly PodDisruptionBudget[];
  const budgets = all.filter((budget) => matchesLabelSelector(budget.spec?.selector, pod.metadata.labels));
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
  if ((status?.disruptionsAllowed ?? 0) <= 0) {
    return tooMany(
      `The disruption budget ${name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`,
      0,
    );
  }
  const outcome = api.update(requester, PODDISRUPTIONBUDGETS, info.namespace, name, 'status', (object) => {
    const taken = (object as Draft<PodDisruptionBudget>).status;
    if (taken === undefined) return undefined;
    taken.disruptionsAllowed = (taken.disruptionsAllowed ?? 0) - 1;
    (taken.disruptedPods ??= {})[pod.metadata.name ?? ''] = formatTime(api.registry.now());
    return undefined;
  });
  return outcome.ok ? undefined : outcome.status;
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
