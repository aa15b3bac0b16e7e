import type { CrossVersionObjectReference } from '../../api/schema/types/autoscaling/v2.ts';
import type { Strategy } from '../../api/strategy.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import { groupOf } from '../runtime/controller.ts';

/** The object that is scaled. */
export interface Target {
  readonly strategy: Strategy;
  readonly replicas: number;
  readonly statusReplicas: number;
  /** The selector of its Pods as text; empty: it tells none. */
  readonly selector: string;
}

/** @returns the text of an error where the scale cannot be read: once for the event, once for who calls */
export function targetOf(
  client: Client,
  namespace: string,
  { apiVersion = 'v1', kind, name }: CrossVersionObjectReference,
): Target | string {
  const strategy = client.api.catalog.strategyForKind(apiVersion, kind);
  if (strategy === undefined) {
    const group = groupOf(apiVersion);
    return `no matches for kind "${kind}" in group "${group}"`;
  }
  if (strategy.scale === undefined) return 'the server could not find the requested resource';
  const object = client.get(strategy.resource, namespace, name);
  if (object === undefined) return `${groupResource(strategy.resource)} "${name}" not found`;
  const { specReplicas, statusReplicas, selector } = strategy.scale.get(object);
  return { strategy, replicas: specReplicas, statusReplicas, selector };
}

/** @throws StatusError */
export function setReplicas(client: Client, namespace: string, name: string, { strategy }: Target, replicas: number): void {
  client.modify(strategy.resource, namespace, name, (copy) => strategy.scale?.set(copy, replicas));
}
