/**
 * Every served kind and its strategy: the one list that the registry, discovery, the editor and the tables read.
 * Invariant: one entry for each stored resource, by `plural.group`; kinds without a room get the generic strategy.
 * Counterpart: the install packages of k8s.io/kubernetes/pkg/apis and the storage providers of the control plane.
 */
import { groupResource, type KubeObject } from '../apimachinery/meta/resource.ts';
import { DEPLOYMENT_STRATEGY } from './apps/deployment/strategy.ts';
import { REPLICASET_STRATEGY } from './apps/replicaset/strategy.ts';
import { LEASE_STRATEGY } from './coordination/lease/strategy.ts';
import { CONFIGMAP_STRATEGY } from './core/configmap/strategy.ts';
import { EVENT_STRATEGY } from './core/event/strategy.ts';
import { NAMESPACE_STRATEGY } from './core/namespace/strategy.ts';
import { NODE_STRATEGY } from './core/node/strategy.ts';
import { SECRET_STRATEGY } from './core/secret/strategy.ts';
import { SERVICE_STRATEGY } from './core/service/strategy.ts';
import { SERVICEACCOUNT_STRATEGY } from './core/serviceaccount/strategy.ts';
import { ENDPOINTSLICE_STRATEGY } from './discovery/endpointslice/strategy.ts';
import { genericStrategy, type ResourceFact } from './generic/strategy.ts';
import facts from './schema/facts/resources.json' with { type: 'json' };
import type { Strategy } from './strategy.ts';

const ROOMS: readonly Strategy[] = [
  erase(CONFIGMAP_STRATEGY),
  erase(DEPLOYMENT_STRATEGY),
  erase(ENDPOINTSLICE_STRATEGY),
  erase(EVENT_STRATEGY),
  erase(LEASE_STRATEGY),
  erase(NAMESPACE_STRATEGY),
  erase(NODE_STRATEGY),
  erase(REPLICASET_STRATEGY),
  erase(SECRET_STRATEGY),
  erase(SERVICE_STRATEGY),
  erase(SERVICEACCOUNT_STRATEGY),
];

export const STRATEGIES: ReadonlyMap<string, Strategy> = collect();

function collect(): ReadonlyMap<string, Strategy> {
  const strategies = new Map(ROOMS.map((strategy) => [groupResource(strategy.resource), strategy]));
  for (const fact of facts.resources as readonly (ResourceFact & { readonly verbs: readonly string[] })[]) {
    const resource = groupResource(fact);
    if (!strategies.has(resource) && fact.verbs.includes('get')) strategies.set(resource, genericStrategy(fact));
  }
  return strategies;
}

/** A strategy only ever meets objects of its own kind, so the registry may hold them all under one type. */
function erase<T extends KubeObject>(strategy: Strategy<T>): Strategy {
  return strategy as unknown as Strategy;
}
