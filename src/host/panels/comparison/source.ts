/**
 * Containers against virtual machines, from the host that a person chose or the one with most Pods.
 * Invariant: the cluster is walked when Pods or nodes change or time goes on while the panel is open, and not otherwise.
 * Counterpart: none in Kubernetes.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { ISOLATION, LAYERS, VM } from '../../projection/comparison/constants.ts';
import type { Side } from '../../projection/comparison/comparison.ts';
import { comparisonOf } from './hosted.ts';
import type { PanelSource } from '../panels.ts';
import type { ComparisonModel, ComparisonQuery, SideModel } from './model.ts';

export function comparisonSource(cluster: () => Cluster): PanelSource<ComparisonQuery> {
  return {
    picture: ({ node }) => pictureOf(cluster(), node),
    concerns: (_, { resource }) => resource === 'pods' || resource === 'nodes',
    moves: () => true,
  };
}

function pictureOf(cluster: Cluster, node: string | undefined): ComparisonModel | undefined {
  const found = comparisonOf(cluster, node);
  if (found === undefined) return undefined;
  const { container, vm, ...common } = found;
  return {
    ...common,
    hosts: hostsOf(cluster),
    container: sideOf(container, 'container'),
    vm: sideOf(vm, 'vm'),
    microVm: { startMs: VM.microStartMs.value, overheadBytes: VM.microHypervisorBytes.value },
    sources: Object.entries(VM).map(([key, { label, source, url }]) => ({ key, label, text: source, url })),
  };
}

function sideOf(side: Side, kind: 'container' | 'vm'): SideModel {
  return { ...side, layers: LAYERS[kind], isolation: ISOLATION[kind] };
}

function hostsOf(cluster: Cluster): ComparisonModel['hosts'] {
  const counts = new Map<string, number>();
  for (const object of cluster.api.store.list('pods')) {
    const { spec, status } = object as Pod;
    const node = spec?.nodeName ?? '';
    if (node !== '' && status?.phase === 'Running') counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts].map(([key, pods]) => ({ key, pods })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
