/**
 * What a kubelet watches of its machine, and below what it evicts.
 * Disk holds files and images alike, so the stricter of `nodefs` and `imagefs` acts.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/eviction (helpers.go) and the defaults of KubeletConfiguration.
 */
import { bytesOf, type EvictionSignal, type KubeletSettings } from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { formatQuantity, fromValue, quantity, value } from '../../apimachinery/quantity/quantity.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeState, Pressure } from '../state.ts';
import { diskAvailable, diskInodes, inodesAvailable } from './disk.ts';
import { memoryInUse } from './memory.ts';
import { MOST_PROCESSES, processesInUse } from './processes.ts';

export type Reclaimed = 'memory' | 'ephemeral-storage' | 'inodes' | 'pids';

export interface Signal {
  /** Tells the threshold apart from others. */
  readonly key: string;
  readonly isSoft: boolean;
  /** How long it must be met before anything is done. */
  readonly graceMs: number;
  readonly resource: Reclaimed;
  readonly condition: Pressure;
  /** As quantities. */
  readonly available: string;
  readonly threshold: string;
}

const KIBI = 1024;

type Needs = Pick<Signal, 'resource' | 'condition'>;

const MEMORY: Needs = { resource: 'memory', condition: 'MemoryPressure' };
const DISK: Needs = { resource: 'ephemeral-storage', condition: 'DiskPressure' };
const INODES: Needs = { resource: 'inodes', condition: 'DiskPressure' };
const NEEDS: Readonly<Record<EvictionSignal, Needs>> = {
  'allocatableMemory.available': MEMORY,
  'memory.available': MEMORY,
  'containerfs.available': DISK,
  'imagefs.available': DISK,
  'nodefs.available': DISK,
  'containerfs.inodesFree': INODES,
  'imagefs.inodesFree': INODES,
  'nodefs.inodesFree': INODES,
  'pid.available': { resource: 'pids', condition: 'PIDPressure' },
};

interface Observation {
  readonly available: number;
  readonly capacity: number;
}

/** The signals that are below their thresholds, memory first as the real one orders them. */
export function metThresholds(kubelet: Kubelet, node: Node, state: NodeState, settings: KubeletSettings): readonly Signal[] {
  const observations = new Map<string, Observation>();
  return settings.thresholds.flatMap(({ signal, isSoft, amount, graceMs, minReclaim }): Signal[] => {
    const key = `${isSoft ? 'soft' : 'hard'}/${signal}`;
    const source = signal.replace('containerfs', 'nodefs').replace('imagefs', 'nodefs');
    let observation = observations.get(source);
    if (observation === undefined) observations.set(source, (observation = observe(kubelet, node, state, source, settings)));
    const { available, capacity } = observation;
    const thresholdUnits = bytesOf(amount, capacity);
    const reclaim = state.eviction?.unresolved.includes(key) === true ? bytesOf(minReclaim, capacity) : 0;
    if (available >= thresholdUnits + reclaim) return [];
    const needs = NEEDS[signal];
    const isCount = needs.resource === 'inodes' || needs.resource === 'pids';
    return [
      {
        key,
        isSoft,
        graceMs,
        ...needs,
        available: formatQuantity(fromValue(available, isCount ? 'DecimalSI' : 'BinarySI')),
        // A share is computed in the binary format, whatever it is a share of.
        threshold: formatQuantity(amount.endsWith('%') ? fromValue(thresholdUnits, 'BinarySI') : quantity(amount)),
      },
    ];
  });
}

function observe(kubelet: Kubelet, node: Node, state: NodeState, source: string, { reservedMemoryBytes }: KubeletSettings): Observation {
  const { memory, 'ephemeral-storage': disk } = node.status?.capacity ?? {};
  switch (source) {
    case 'memory.available':
      return { available: floorKibi(value(memory) - memoryInUse(kubelet, state)), capacity: value(memory) };
    case 'allocatableMemory.available': {
      const capacity = Math.max(value(memory) - reservedMemoryBytes, 0);
      return { available: floorKibi(capacity - memoryInUse(kubelet, state)), capacity };
    }
    case 'nodefs.inodesFree':
      return { available: inodesAvailable(kubelet, state, value(disk)), capacity: diskInodes(value(disk)) };
    case 'pid.available':
      return { available: Math.max(MOST_PROCESSES - processesInUse(kubelet, state), 0), capacity: MOST_PROCESSES };
    default:
      return { available: floorKibi(diskAvailable(kubelet, node, state, value(disk))), capacity: value(disk) };
  }
}

function floorKibi(bytes: number): number {
  return Math.floor(Math.max(bytes, 0) / KIBI) * KIBI;
}
