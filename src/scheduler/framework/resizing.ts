/** What a Pod that is being resized in place takes of its node. Counterpart: PodRequests with UseStatusResources of component-helpers/resource. */
import type { Container, ContainerStatus, Pod, PodSpec } from '../../api/schema/types/core/v1.ts';
import { compare, quantity } from '../../apimachinery/quantity/quantity.ts';
import { isSidecar, podRequests, type PodRequests, type ResourceList } from './resource.ts';

/**
 * The requests of a Pod that is on a node: of what it wants, what the node has set aside for it and what its containers have, the
 * most counts, resource by resource. What the node can never give does not count.
 * Example: 1 CPU wanted, 500m set aside, 500m in use: 1 CPU. 500m wanted, 1 CPU still in use: 1 CPU. Neither is known, or all are
 * the same, as of nearly all Pods: the spec's.
 */
export function placedRequests(pod: Pod): PodRequests {
  return isResizing(pod) ? podRequests({ ...pod, spec: effectiveSpec(pod) }) : podRequests(pod);
}

/** Whether both take the same of their node, as far as resizing goes. */
export function takesTheSame(a: Pod, b: Pod): boolean {
  const [before, after] = [isResizing(a), isResizing(b)];
  if (!before && !after) return true;
  return JSON.stringify(effectiveSpec(a)) === JSON.stringify(effectiveSpec(b));
}

function isResizing({ spec, status }: Pod): boolean {
  const statuses = status?.containerStatuses;
  if (spec === undefined || statuses === undefined) return false;
  return differ(spec.containers, statuses) || differ(spec.initContainers ?? NO_CONTAINERS, status?.initContainerStatuses ?? NO_STATUSES);
}

const NO_CONTAINERS: readonly Container[] = [];
const NO_STATUSES: readonly ContainerStatus[] = [];

function differ(containers: readonly Container[], statuses: readonly ContainerStatus[]): boolean {
  for (const { name, resources, allocatedResources } of statuses) {
    if (resources === undefined) continue;
    const wanted = containers.find((container) => container.name === name)?.resources?.requests;
    if (!isSame(wanted, resources.requests) || (allocatedResources !== undefined && !isSame(wanted, allocatedResources))) return true;
  }
  return false;
}

function isSame(a: ResourceList = NOTHING, b: ResourceList = NOTHING): boolean {
  if (a === b) return true;
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (a[name] === undefined) return false;
  return true;
}

const NOTHING: ResourceList = {};

function effectiveSpec({ spec = { containers: [] }, status }: Pod): PodSpec {
  const isInfeasible = status?.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') === true;
  const effective = (container: Container, statuses: readonly ContainerStatus[] | undefined): Container => {
    const own = statuses?.find(({ name }) => name === container.name);
    if (own?.resources === undefined) return container;
    const lists = [isInfeasible ? undefined : container.resources?.requests, own.resources.requests, own.allocatedResources];
    return { ...container, resources: { ...container.resources, requests: most(lists) } };
  };
  return {
    ...spec,
    containers: spec.containers.map((container) => effective(container, status?.containerStatuses)),
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: spec.initContainers.map((each) => (isSidecar(each) ? effective(each, status?.initContainerStatuses) : each)) }),
  };
}

function most(lists: readonly (ResourceList | undefined)[]): ResourceList {
  const result: Record<string, string> = {};
  for (const list of lists)
    for (const [name, amount] of Object.entries(list ?? NOTHING))
      if (result[name] === undefined || compare(quantity(amount), quantity(result[name])) > 0) result[name] = amount;
  return result;
}
