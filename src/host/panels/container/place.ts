/** One container of the cluster as the parts of its panel look at it. */
import type { Container, Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { milliValue, value } from '../../../apimachinery/quantity/quantity.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Inspector } from '../../../kubelet/server/inspector.ts';
import type { Started } from '../../../kubelet/server/started.ts';
import type { ContainerQuery, ResourceModel } from './model.ts';

export interface ContainerPlace {
  readonly cluster: Cluster;
  readonly inspector: Inspector;
  readonly query: ContainerQuery;
  readonly pod: Pod;
  readonly container: Container;
  /** Undefined: nothing of it has been started. */
  readonly started: (Started & { readonly running: boolean }) | undefined;
  readonly node: Node | undefined;
}

type Resource = 'cpu' | 'memory' | 'ephemeral-storage';

/** Millicores of CPU, bytes of all else. */
export function amountOf(resource: Resource, text: string | undefined): number {
  return resource === 'cpu' ? milliValue(text) : value(text);
}

/** What of a machine its containers can have. */
export function hostAmount(node: Node | undefined, resource: Resource): number {
  return amountOf(resource, node?.status?.allocatable?.[resource]);
}

export function resourceModel({ container, node }: ContainerPlace, resource: Resource, used: number): ResourceModel {
  const { requests, limits } = container.resources ?? {};
  return {
    used,
    requested: amountOf(resource, requests?.[resource]),
    limit: amountOf(resource, limits?.[resource]) || undefined,
    host: hostAmount(node, resource),
  };
}
