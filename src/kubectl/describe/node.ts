import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { translateTimestampSince } from '../../api/duration.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { send, type Rest } from '../rest.ts';
import { indent, label, mapLines, table } from './text.ts';

const COLUMN = 18;

export async function describeNode(rest: Rest, object: UnknownObject, nowMs: number): Promise<readonly string[]> {
  const node = object as unknown as Node;
  const { metadata, spec, status } = node;
  const roles = Object.keys(metadata.labels ?? {})
    .filter((key) => key.startsWith('node-role.kubernetes.io/'))
    .map((key) => key.slice(key.indexOf('/') + 1));
  const taints = (spec?.taints ?? []).map(
    ({ key, value, effect }) => `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`,
  );
  const conditions = (status?.conditions ?? []).map(({ type, status: is, lastHeartbeatTime, lastTransitionTime, reason, message }) => [
    type,
    is,
    lastHeartbeatTime ?? '',
    lastTransitionTime ?? '',
    reason ?? '',
    message ?? '',
  ]);
  const amounts = (list: Readonly<Record<string, string>> | undefined): readonly string[] =>
    indent(
      Object.entries(list ?? {}).map(([key, value]) => label(key, value, 18)),
      2,
    );
  return [
    label('Name', metadata.name ?? '', COLUMN),
    label('Roles', roles.length === 0 ? '<none>' : roles.join(','), COLUMN),
    ...mapLines('Labels', metadata.labels, undefined, COLUMN),
    ...mapLines('Annotations', metadata.annotations, undefined, COLUMN),
    label('CreationTimestamp', metadata.creationTimestamp ?? '', COLUMN),
    ...(taints.length === 0 ? ['<none>'] : taints).map((text, index) =>
      index === 0 ? label('Taints', text, COLUMN) : `${' '.repeat(COLUMN + 2)}${text}`,
    ),
    label('Unschedulable', spec?.unschedulable === true ? 'true' : 'false', COLUMN),
    'Conditions:',
    ...table([['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'], ...conditions], 2),
    'Addresses:',
    ...indent(
      (status?.addresses ?? []).map(({ type, address }) => label(type, address, 12)),
      2,
    ),
    'Capacity:',
    ...amounts(status?.capacity),
    'Allocatable:',
    ...amounts(status?.allocatable),
    ...(await podsOn(rest, metadata.name ?? '', nowMs)),
  ];
}

async function podsOn(rest: Rest, node: string, nowMs: number): Promise<readonly string[]> {
  const fieldSelector = `spec.nodeName=${node},status.phase!=Failed,status.phase!=Succeeded`;
  const answer = await send(rest, { method: 'GET', path: '/api/v1/pods', query: { fieldSelector } });
  const pods = answer.ok ? ((answer.value['items'] ?? []) as readonly Pod[]) : [];
  const sum = (pod: Pod, kind: 'requests' | 'limits', resource: string): string =>
    (pod.spec?.containers ?? [])
      .map((container) => container.resources?.[kind]?.[resource])
      .filter((amount) => amount !== undefined)
      .join(' + ') || '0';
  const rows = pods.map((pod) => [
    pod.metadata.namespace ?? '',
    pod.metadata.name ?? '',
    sum(pod, 'requests', 'cpu'),
    sum(pod, 'limits', 'cpu'),
    sum(pod, 'requests', 'memory'),
    sum(pod, 'limits', 'memory'),
    translateTimestampSince(pod.metadata.creationTimestamp, nowMs),
  ]);
  return [
    `Non-terminated Pods:  (${pods.length} in total)`,
    ...table([['Namespace', 'Name', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age'], ...rows], 2),
  ];
}
