import { targetSize } from '../../api/kubepad/nodepool/targetSize.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import { machinesOf } from '../nodepool/instance.ts';
import { machine } from '../nodepool/machine.ts';
import { machineName } from '../nodepool/names.ts';
import { isBeingDeleted } from './taints.ts';

/** A pool that may grow and shrink, as it is at one scan. */
export interface NodeGroup {
  readonly id: string;
  readonly pool: NodePool;
  readonly min: number;
  readonly max: number;
  /** How many machines the cloud was asked for, without those that are being taken away. */
  readonly target: number;
  /** Registered nodes, without those that are being taken away. */
  readonly nodes: readonly Node[];
  readonly beingDeleted: number;
}

export function isAutoscaled({ metadata, spec }: NodePool): boolean {
  return spec?.max !== undefined && metadata.deletionTimestamp === undefined;
}

/** By name. */
export function nodeGroups(client: Client): readonly NodeGroup[] {
  return client
    .list(NODEPOOLS)
    .filter(isAutoscaled)
    .map((pool) => {
      const id = pool.metadata.name ?? '';
      const all = machinesOf(client, id);
      const nodes = all.filter((node) => !isBeingDeleted(node));
      const beingDeleted = all.length - nodes.length;
      const target = Math.max(0, targetSize(pool, all.length + (pool.status?.pending ?? 0)) - beingDeleted);
      return { id, pool, min: pool.spec?.min ?? 0, max: pool.spec?.max ?? 0, target, nodes, beingDeleted };
    });
}

/** The machines that the pool would get next, the first of them first; they have the names that they will have. */
export function nextMachines({ pool, nodes }: NodeGroup, skip: number, count: number, taken: ReadonlySet<string>): readonly Node[] {
  const used = new Set(nodes.map(({ metadata }) => metadata.name ?? ''));
  const machines: Node[] = [];
  let left = skip;
  for (let index = 1; machines.length < count; index++) {
    const name = machineName(pool, index);
    if (used.has(name) || taken.has(name)) continue;
    if (left-- > 0) continue;
    machines.push(machine(pool, name, index) as Node);
  }
  return machines;
}
