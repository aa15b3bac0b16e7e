import { addAmounts, amountsOf, type AmountList, type Amounts } from './amounts.ts';
import { fromValue, quantity, type Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import { parseTime } from '../../../../apimachinery/meta/time.ts';
import type { Pod, PodAffinityTerm, PodSpec } from '../../../schema/types/core/v1.ts';
import { aggregateContainerLimits, podRequests } from '../../pod/effective.ts';
import { podQOSClass } from '../../pod/qos.ts';
import { isExtended, isHugePages, isPodLevel } from '../../pod/resourceNames.ts';
import type { Evaluator, ScopeRequirement } from './evaluator.ts';

const REQUESTS = 'requests.';
const LIMITS = 'limits.';
const COUNT = 'count/pods';
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'] as const;
/** What every container must ask for once a quota limits it. */
const REQUIRED: ReadonlySet<string> = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);
const NAMES: ReadonlySet<string> = new Set(['pods', COUNT, ...COMPUTE.flatMap((name) => [name, REQUESTS + name, LIMITS + name])]);

export const podEvaluator: Evaluator = {
  handles: (operation, subresource) => (subresource === '' ? operation === 'CREATE' : subresource === 'resize' && operation === 'UPDATE'),
  counts: (name) => NAMES.has(name) || isHugePages(name) || (name.startsWith(REQUESTS) && isCountedRequest(name.slice(REQUESTS.length))),
  usage: (object, nowMs) => podUsage(object as Pod, nowMs),
  inScope: (object, scope) => isInScope(object as Pod, scope),
  constraint: (object, names) => missing((object as Pod).spec, names),
};

function isCountedRequest(name: string): boolean {
  return isHugePages(name) || isExtended(name);
}

/** A Pod that has ended, or should be gone, is an object still but uses nothing. */
function podUsage(pod: Pod, nowMs: number): Amounts {
  if (!isCharged(pod, nowMs)) return ENDED;
  let usage = CHARGED.get(pod);
  if (usage === undefined)
    CHARGED.set(pod, (usage = addAmounts(ENDED, computeUsage(podRequests(pod.spec ?? EMPTY), podLimits(pod.spec ?? EMPTY)))));
  return usage;
}

/** Stored objects never change, so what one uses is worked out once. */
const CHARGED = new WeakMap<KubeObject, Amounts>();
const ENDED: Amounts = new Map([[COUNT, fromValue(1)]]);
const EMPTY: PodSpec = { containers: [] };

function isCharged({ metadata, status }: Pod, nowMs: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return nowMs <= parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function podLimits(spec: PodSpec): AmountList {
  const own = Object.entries(spec.resources?.limits ?? {}).filter(([name]) => isPodLevel(name));
  return { ...aggregateContainerLimits(spec), ...Object.fromEntries(own) };
}

function computeUsage(requests: AmountList, limits: AmountList): Amounts {
  const usage = new Map<string, Quantity>([['pods', fromValue(1)]]);
  for (const name of COMPUTE) {
    const request = requests[name];
    const limit = limits[name];
    if (request !== undefined) usage.set(name, quantity(request)).set(REQUESTS + name, quantity(request));
    if (limit !== undefined) usage.set(LIMITS + name, quantity(limit));
  }
  for (const [name, amount] of amountsOf(requests)) {
    if (isHugePages(name)) usage.set(name, amount);
    if (isCountedRequest(name)) usage.set(REQUESTS + name, amount);
  }
  return usage;
}

/** `must specify limits.cpu for: a,b; requests.cpu for: b`. */
function missing(spec: PodSpec | undefined, names: ReadonlySet<string>): string | undefined {
  // What the Pod says for itself its containers need not say.
  const own = spec?.resources === undefined ? undefined : computeUsage(spec.resources.requests ?? {}, spec.resources.limits ?? {});
  const required = [...names].filter((name) => REQUIRED.has(name) && own?.has(name) !== true).toSorted();
  if (required.length === 0) return undefined;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name, resources }) => ({
    name,
    usage: computeUsage(resources?.requests ?? {}, resources?.limits ?? {}),
  }));
  const parts = required
    .map((name) => ({ name, of: containers.filter(({ usage }) => !usage.has(name)).map((container) => container.name) }))
    .filter(({ of }) => of.length > 0)
    .map(({ name, of }) => `${name} for: ${[...new Set(of)].toSorted().join(',')}`);
  return parts.length === 0 ? undefined : `must specify ${parts.join('; ')}`;
}

function isInScope(pod: Pod, { scopeName, operator, values }: ScopeRequirement): boolean {
  switch (scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return podQOSClass(pod) === 'BestEffort';
    case 'NotBestEffort':
      return podQOSClass(pod) !== 'BestEffort';
    case 'PriorityClass':
      return matchesValue(pod.spec?.priorityClassName ?? '', operator, values ?? []);
    case 'CrossNamespacePodAffinity':
      return reachesAcrossNamespaces(pod.spec);
    default:
      return false;
  }
}

/** A scope by value is a label selector on a label that is there if it is not empty. */
export function matchesValue(value: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    case 'In':
      return value !== '' && values.includes(value);
    default:
      return value === '' || !values.includes(value);
  }
}

function isTerminating({ spec }: Pod): boolean {
  return spec?.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
}

function reachesAcrossNamespaces(spec: PodSpec | undefined): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some(
    (affinity) =>
      (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(reachesOut) ||
      (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).some(({ podAffinityTerm }) => reachesOut(podAffinityTerm)),
  );
}

function reachesOut({ namespaces, namespaceSelector }: PodAffinityTerm): boolean {
  return (namespaces ?? []).length > 0 || namespaceSelector !== undefined;
}
