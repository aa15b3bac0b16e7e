/** Which host is compared, and what runs there. */
import { NODES } from '../../../api/schema/resources.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { compare, type Comparison, type HostedPod } from '../../projection/comparison/comparison.ts';

/** @param name of the node; undefined: the one with most running Pods. A person asks for it, so all Pods may be walked. */
export function comparisonOf(cluster: Cluster, name: string | undefined): Comparison | undefined {
  const { store } = cluster.api;
  const hosted = new Map<string, HostedPod[]>();
  for (const object of store.list('pods')) {
    const pod = object as Pod;
    const node = pod.spec?.nodeName ?? '';
    if (pod.status?.phase !== 'Running' || (name !== undefined && node !== name)) continue;
    const memoryBytes = cluster.kubelets.usage(pod).reduce((total, each) => total + each.memoryBytes, 0);
    hosted.set(node, [...(hosted.get(node) ?? []), { pod, memoryBytes }]);
  }
  const [host, pods] = [...hosted].toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))[0] ?? ['', []];
  const node = store.get(NODES.plural, host) as Node | undefined;
  return node === undefined ? undefined : compare(node, pods);
}
