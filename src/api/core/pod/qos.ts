/** The quality of service class of a Pod, from its requests and limits. Counterpart: pkg/apis/core/helper/qos. */
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Pod, PodSpec } from '../../schema/types/core/v1.ts';
import type { ResourceList } from './effective.ts';

export type QOSClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** What the status says; computed where it does not say yet. */
export function podQOSClass(pod: Pod): QOSClass {
  return pod.status?.qosClass ?? computeQOSClass(pod.spec);
}

/**
 * Guaranteed: every container (or the Pod as a whole) has equal requests and limits of cpu and memory. BestEffort:
 * nobody asks for either. Burstable: the rest.
 */
export function computeQOSClass(spec: PodSpec | undefined): QOSClass {
  if (spec?.resources) return classOf([spec.resources]);
  return classOf([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((container) => container.resources ?? {}));
}

interface Requirements {
  readonly requests?: ResourceList;
  readonly limits?: ResourceList;
}

const COMPUTE = ['cpu', 'memory'] as const;

function classOf(all: readonly Requirements[]): QOSClass {
  let anything = false;
  let guaranteed = true;
  const sums = { requests: { cpu: 0n, memory: 0n }, limits: { cpu: 0n, memory: 0n } };
  for (const requirements of all) {
    for (const name of COMPUTE) {
      const request = quantity(requirements.requests?.[name]).nano;
      const limit = quantity(requirements.limits?.[name]).nano;
      if (request > 0n || limit > 0n) anything = true;
      if (limit <= 0n) guaranteed = false;
      sums.requests[name] += request;
      sums.limits[name] += limit;
    }
  }
  if (!anything) return 'BestEffort';
  const equal = COMPUTE.every((name) => sums.requests[name] === sums.limits[name]);
  return guaranteed && equal ? 'Guaranteed' : 'Burstable';
}
