/**
 * Where an object stands in the tree.
 * Invariant: pure; the keys are those of projection/treeProjection.ts. Counterpart: none.
 */
import type { GroupBy, ObjectRef } from '../../host/protocol/view.ts';

export interface TreePlace {
  readonly key: string;
  /** The grouping that has such a row; undefined: any. */
  readonly groupBy: GroupBy | undefined;
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController']);

/** Undefined: the tree has no row for such an object. */
export function treePlaceOf({ kind, namespace, name }: ObjectRef): TreePlace | undefined {
  switch (kind) {
    case 'Pod':
      return { key: `p/${namespace}/${name}`, groupBy: undefined };
    case 'Node':
      return { key: `g/${name}`, groupBy: 'node' };
    case 'Namespace':
      return { key: `g/${name}`, groupBy: 'namespace' };
    case 'Fault':
      return { key: `f/${name}`, groupBy: undefined };
    default:
      return WORKLOADS.has(kind) ? { key: `g/${namespace}/${kind}/${name}`, groupBy: 'workload' } : undefined;
  }
}
