/**
 * What the containers of a Pod need together; the scheduler and the kubelet count the same way.
 * Invariant: amounts are texts of quantities, as in the object.
 * Counterpart: k8s.io/component-helpers/resource.
 */
import { add, compare, formatQuantity, quantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Container, PodSpec } from '../../schema/types/core/v1.ts';
import { isPodLevel } from './resourceNames.ts';
import { isRestartableInit } from './visit.ts';

export type ResourceList = { readonly [name: string]: string };

/**
 * The larger of what runs side by side (containers and sidecars) and of each step of the initialisation (one init
 * container and the sidecars started before it).
 *
 * Example: containers 100m + 100m, sidecar 50m, then an init container of 300m: max(250m, 300m + 50m) = 350m.
 */
export function aggregateContainerRequests(spec: PodSpec): ResourceList {
  return aggregate(spec, (container) => container.resources?.requests);
}

/** As for requests; a limit that one container lacks is still the sum of the others. */
export function aggregateContainerLimits(spec: PodSpec): ResourceList {
  return aggregate(spec, (container) => container.resources?.limits);
}

/** What the scheduler reserves: what the Pod says for itself, else what its containers need; overhead on top. */
export function podRequests(spec: PodSpec): ResourceList {
  const total = new Map(toMap(aggregateContainerRequests(spec)));
  for (const [name, text] of Object.entries(spec.resources?.requests ?? {})) if (isPodLevel(name)) total.set(name, quantity(text));
  if (spec.overhead) addAll(total, spec.overhead);
  return toList(total);
}

type Totals = Map<string, Quantity>;

function aggregate(spec: PodSpec, listOf: (container: Container) => ResourceList | undefined): ResourceList {
  const total: Totals = new Map();
  for (const container of spec.containers ?? []) addAll(total, listOf(container));
  const sidecars: Totals = new Map();
  const steps: Totals = new Map();
  for (const container of spec.initContainers ?? []) {
    const list = listOf(container);
    if (isRestartableInit(container)) {
      addAll(total, list);
      addAll(sidecars, list);
      raiseAll(steps, sidecars);
    } else {
      const step: Totals = new Map(sidecars);
      addAll(step, list);
      raiseAll(steps, step);
    }
  }
  raiseAll(total, steps);
  return toList(total);
}

function addAll(total: Totals, list: ResourceList | undefined): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    const known = total.get(name);
    total.set(name, known === undefined ? quantity(text) : add(known, quantity(text)));
  }
}

function raiseAll(total: Totals, other: Totals): void {
  for (const [name, amount] of other) {
    const known = total.get(name);
    if (known === undefined || compare(amount, known) > 0) total.set(name, amount);
  }
}

function toMap(list: ResourceList): Totals {
  return new Map(Object.entries(list).map(([name, text]) => [name, quantity(text)]));
}

function toList(totals: Totals): ResourceList {
  return Object.fromEntries([...totals].map(([name, amount]) => [name, formatQuantity(amount)]));
}
