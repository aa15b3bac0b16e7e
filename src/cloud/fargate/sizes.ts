import type { Pod } from '../../api/schema/types/core/v1.ts';
import { podRequests } from '../../scheduler/framework/resource.ts';

/** What a machine has: CPU in thousandths, memory in MiB. */
export interface Size {
  readonly milliCpu: number;
  readonly memoryMi: number;
}

const MEBI = 1024 * 1024;
/** For the kubelet, kube-proxy and containerd. */
const RESERVED_MI = 256;

/** CPU, then the memory that it comes with: from, to and in steps of, in MiB. */
const SIZES: readonly (readonly [milliCpu: number, from: number, to: number, step: number])[] = [
  [250, 512, 512, 512],
  [250, 1024, 2048, 1024],
  [500, 1024, 4096, 1024],
  [1000, 2048, 8192, 1024],
  [2000, 4096, 16_384, 1024],
  [4000, 8192, 30_720, 1024],
  [8000, 16_384, 61_440, 4096],
  [16_000, 32_768, 122_880, 8192],
];

/**
 * The smallest size that holds what the Pod asks for, and what the machine's own programs need.
 * Example: 300m and 900Mi need 1156Mi: 0.5 CPUs with 2 GiB. Undefined: the Pod asks for more than there is.
 */
export function sizeFor(pod: Pod): Size | undefined {
  const { milliCpu, memoryBytes } = podRequests(pod).total;
  const needed = memoryBytes / MEBI + RESERVED_MI;
  const found = SIZES.find(([cpu, , to]) => cpu >= milliCpu && to >= needed);
  if (found === undefined) return undefined;
  const [cpu, from, , step] = found;
  return { milliCpu: cpu, memoryMi: from + Math.max(0, Math.ceil((needed - from) / step)) * step };
}

/** As the Pod's annotation `CapacityProvisioned` has it: `0.25vCPU 0.5GB`. */
export function sizeText({ milliCpu, memoryMi }: Size): string {
  return `${milliCpu / 1000}vCPU ${memoryMi / 1024}GB`;
}
