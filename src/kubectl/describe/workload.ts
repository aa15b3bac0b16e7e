import { formatLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { send, type Rest } from '../rest.ts';
import { describeContainer } from './pod.ts';
import { indent, label, mapLines, table } from './text.ts';

const COLUMN = 22;

export async function describeDeployment(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const deployment = object as unknown as Deployment;
  const { metadata, spec, status } = deployment;
  const put = (name: string, value: string | number): string => label(name, value, COLUMN);
  const rolling = spec?.strategy?.rollingUpdate;
  const conditions = (status?.conditions ?? []).map(({ type, status: is, reason }) => [type, is, reason ?? '']);
  return [
    put('Name', metadata.name ?? ''),
    put('Namespace', metadata.namespace ?? ''),
    put('CreationTimestamp', metadata.creationTimestamp ?? ''),
    ...mapLines('Labels', metadata.labels, undefined, COLUMN),
    ...mapLines('Annotations', metadata.annotations, undefined, COLUMN),
    put('Selector', formatLabelSelector(spec?.selector)),
    put(
      'Replicas',
      `${spec?.replicas ?? 0} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable`,
    ),
    put('StrategyType', spec?.strategy?.type ?? ''),
    put('MinReadySeconds', spec?.minReadySeconds ?? 0),
    ...(rolling === undefined
      ? []
      : [put('RollingUpdateStrategy', `${rolling.maxUnavailable ?? ''} max unavailable, ${rolling.maxSurge ?? ''} max surge`)]),
    'Pod Template:',
    ...indent(
      [
        ...mapLines('Labels', spec?.template.metadata?.labels, undefined, 8),
        'Containers:',
        ...(spec?.template.spec?.containers ?? []).flatMap((container) => describeContainer(container, undefined)),
      ],
      2,
    ),
    ...(conditions.length === 0
      ? []
      : ['Conditions:', ...table([['Type', 'Status', 'Reason'], ['----', '------', '------'], ...conditions], 2)]),
    ...(await replicaSets(rest, deployment)),
  ];
}

async function replicaSets(rest: Rest, { metadata }: Deployment): Promise<readonly string[]> {
  const answer = await send(rest, {
    method: 'GET',
    path: `/apis/apps/v1/namespaces/${encodeURIComponent(metadata.namespace ?? '')}/replicasets`,
  });
  const all = answer.ok ? ((answer.value['items'] ?? []) as readonly ReplicaSet[]) : [];
  const own = all.filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true);
  const texts = own
    .filter(({ spec }) => (spec?.replicas ?? 0) > 0)
    .map((set) => `${set.metadata.name ?? ''} (${set.status?.replicas ?? 0}/${set.spec?.replicas ?? 0} replicas created)`);
  return [label('ReplicaSets', texts.length === 0 ? '<none>' : texts.join(', '), COLUMN)];
}
