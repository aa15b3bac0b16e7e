/**
 * How the objects of a kind count against a quota; the API server charges by it and the controller sums up by it.
 * Invariant: pure; an object's usage depends on the object and, for Pods that are going, on the time.
 * Counterpart: k8s.io/apiserver/pkg/quota/v1.Evaluator and k8s.io/kubernetes/pkg/quota/v1/evaluator/core.
 */
import { fromValue } from '../../../../apimachinery/quantity/quantity.ts';
import { groupResource, type KubeObject } from '../../../../apimachinery/meta/resource.ts';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../../../schema/types/core/v1.ts';
import type { Amounts } from './amounts.ts';
import { claimEvaluator } from './claim.ts';
import { deviceClaimEvaluator } from './deviceClaim.ts';
import { podEvaluator } from './pod.ts';
import { serviceEvaluator } from './service.ts';

export type ScopeRequirement = ScopedResourceSelectorRequirement;

export interface Evaluator {
  /** Whether a request can change what is used. */
  readonly handles: (operation: 'CREATE' | 'UPDATE' | 'DELETE', subresource: string) => boolean;
  /** Whether objects of the kind count against a resource. */
  readonly counts: (name: string) => boolean;
  readonly usage: (object: KubeObject, nowMs: number) => Amounts;
  /** Whether an object is in a scope; no kind is in one that it does not know. */
  readonly inScope?: (object: KubeObject, scope: ScopeRequirement) => boolean;
  /** What an object fails to say although a quota needs it. */
  readonly constraint?: (object: KubeObject, names: ReadonlySet<string>) => string | undefined;
}

const OWN: Readonly<Record<string, Evaluator>> = {
  pods: podEvaluator,
  services: serviceEvaluator,
  persistentvolumeclaims: claimEvaluator,
  'resourceclaims.resource.k8s.io': deviceClaimEvaluator,
};

/** Kinds that are never counted. */
const IGNORED: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'bindings', 'componentstatuses']);
/** Kinds that can be counted by their name alone. */
const ALIASES: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

const counters = new Map<string, Evaluator>();

export function evaluatorOf(resource: { readonly group: string; readonly plural: string }): Evaluator | undefined {
  const name = groupResource(resource);
  if (IGNORED.has(name)) return undefined;
  const own = OWN[name];
  if (own !== undefined) return own;
  let counter = counters.get(name);
  if (counter === undefined) counters.set(name, (counter = objectCounter(name)));
  return counter;
}

function objectCounter(resource: string): Evaluator {
  const names = new Set([`count/${resource}`, ...(ALIASES.has(resource) ? [resource] : [])]);
  const one: Amounts = new Map([...names].map((name) => [name, fromValue(1)]));
  return {
    handles: (operation, subresource) => operation === 'CREATE' && subresource === '',
    counts: (name) => names.has(name),
    usage: () => one,
  };
}

/** Whether a quota counts an object: it names something that the kind counts against, and the object is in all scopes. */
export function quotaMatches(quota: ResourceQuota, hard: Amounts, evaluator: Evaluator, object: KubeObject): boolean {
  if (![...hard.keys()].some(evaluator.counts)) return false;
  return scopesOf(quota).every((scope) => evaluator.inScope?.(object, scope) ?? false);
}

export function scopesOf({ spec }: ResourceQuota): readonly ScopeRequirement[] {
  const named = (spec?.scopes ?? []).map((scopeName): ScopeRequirement => ({ scopeName, operator: 'Exists' }));
  return [...named, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}
