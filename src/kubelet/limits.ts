import type { Container } from '../api/schema/types/core/v1.ts';
import { milliValue, value } from '../apimachinery/quantity/quantity.ts';

/** What the control group of a container allows; Infinity: as much as there is. */
export interface Limits {
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

/** The least that the kernel takes as a quota is 1 ms of 100 ms. */
const LEAST_MILLI_CPU = 10;

/** A limit of zero is none. Counterpart: MilliCPUToQuota of k8s.io/kubernetes/pkg/kubelet/cm. */
export function limitsOf({ resources }: Pick<Container, 'resources'>): Limits {
  const { cpu, memory } = resources?.limits ?? {};
  return {
    milliCpu: Math.max(milliValue(cpu) || Number.POSITIVE_INFINITY, LEAST_MILLI_CPU),
    memoryBytes: value(memory) || Number.POSITIVE_INFINITY,
  };
}
