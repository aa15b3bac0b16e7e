/** The Pods on the same machine, what each asks for and uses, and the machine itself. */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import { value } from '../../../apimachinery/quantity/quantity.ts';
import { INDEX_NODE_NAME } from '../../../apiserver/apiServer.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { ContainerModel, HostModel, NeighbourModel, ResourceModel } from './model.ts';
import { amountOf, hostAmount, type ContainerPlace } from './place.ts';

export function neighboursOf(place: ContainerPlace): Pick<ContainerModel, 'neighbours' | 'host'> {
  const { cluster, pod, node } = place;
  const name = pod.spec?.nodeName ?? '';
  if (name === '') return { neighbours: [] };
  const here = (cluster.api.store.byIndex('pods', INDEX_NODE_NAME, name) as readonly Pod[]).filter((each) => !summarise(each).finished);
  const neighbours = here
    .map((each) => rowOf(place, each))
    .toSorted((a, b) => Number(b.own) - Number(a.own) || b.memory.used - a.memory.used);
  const sum = (resource: 'cpu' | 'memory'): ResourceModel => ({
    used: neighbours.reduce((total, each) => total + each[resource].used, 0),
    requested: neighbours.reduce((total, each) => total + each[resource].requested, 0),
    limit: undefined,
    host: hostAmount(node, resource),
  });
  const host: HostModel = {
    name,
    pods: here.length,
    podLimit: value(node?.status?.allocatable?.['pods']),
    cpu: sum('cpu'),
    memory: sum('memory'),
  };
  return { neighbours, host };
}

function rowOf({ cluster, pod: own, node }: ContainerPlace, pod: Pod): NeighbourModel {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const { cpu, memory, status, tone } = summarise(pod);
  const usage = cluster.kubelets.usage(pod);
  const limitOf = (resource: 'cpu' | 'memory'): number | undefined => {
    const limits = (pod.spec?.containers ?? []).map(({ resources }) => amountOf(resource, resources?.limits?.[resource]));
    return limits.some((limit) => limit === 0) ? undefined : limits.reduce((sum, limit) => sum + limit, 0);
  };
  return {
    key: uid,
    pod: name,
    namespace,
    ref: { apiVersion: 'v1', kind: 'Pod', namespace, name },
    own: uid === own.metadata.uid,
    status,
    tone,
    qos: pod.status?.qosClass ?? '',
    cpu: {
      used: Math.round(usage.reduce((sum, { nanoCpu }) => sum + nanoCpu, 0) / 1e6),
      requested: cpu,
      limit: limitOf('cpu'),
      host: hostAmount(node, 'cpu'),
    },
    memory: {
      used: usage.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      requested: memory,
      limit: limitOf('memory'),
      host: hostAmount(node, 'memory'),
    },
  };
}
