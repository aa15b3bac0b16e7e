/** What makes Pods: how many it wants, how many there are, and what it makes them of. */
import { formatLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { humanDuration } from '../../api/duration.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../api/schema/types/apps/v1.ts';
import type { Job } from '../../api/schema/types/batch/v1.ts';
import type { Pod, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import type { LabelSelector, ObjectMeta } from '../../apimachinery/meta/types.ts';
import { send, type Rest } from '../rest.ts';
import { describeTemplate } from './pod.ts';
import { aligned, entries, longTime } from './tabs.ts';
import { indent } from './text.ts';

const REVISION = 'deployment.kubernetes.io/revision';

export async function describeDeployment(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const deployment = object as unknown as Deployment;
  const { metadata, spec, status } = deployment;
  const rolling = spec?.strategy?.rollingUpdate;
  return aligned([
    ...nameLines(metadata),
    ...(metadata.creationTimestamp === undefined ? [] : [`CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`]),
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    `Selector:\t${formatLabelSelector(spec?.selector)}`,
    `Replicas:\t${spec?.replicas ?? 0} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable`,
    `StrategyType:\t${spec?.strategy?.type ?? ''}`,
    `MinReadySeconds:\t${spec?.minReadySeconds ?? 0}`,
    ...(rolling === undefined
      ? []
      : [`RollingUpdateStrategy:\t${rolling.maxUnavailable ?? ''} max unavailable, ${rolling.maxSurge ?? ''} max surge`]),
    ...describeTemplate(spec?.template),
    ...conditionLines(status?.conditions),
    ...(await replicaSets(rest, deployment)),
  ]);
}

/** How a workload begins that may belong to another one. */
function ownedLines(metadata: ObjectMeta, selector: LabelSelector | undefined): readonly string[] {
  return [
    ...nameLines(metadata),
    `Selector:\t${formatLabelSelector(selector)}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    ...ownerLines(metadata),
  ];
}

export async function describeReplicaSet(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as ReplicaSet;
  return aligned([
    ...ownedLines(metadata, spec?.selector),
    `Replicas:\t${status?.replicas ?? 0} current / ${spec?.replicas ?? 0} desired`,
    await podsStatus(rest, metadata, spec?.selector),
    ...describeTemplate(spec?.template),
    ...conditionLines(status?.conditions),
  ]);
}

export async function describeStatefulSet(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as StatefulSet;
  const partition = spec?.updateStrategy?.rollingUpdate?.partition;
  return aligned([
    ...nameLines(metadata),
    ...(metadata.creationTimestamp === undefined ? [] : [`CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`]),
    `Selector:\t${formatLabelSelector(spec?.selector)}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    `Replicas:\t${spec?.replicas ?? 0} desired | ${status?.replicas ?? 0} total`,
    `Update Strategy:\t${spec?.updateStrategy?.type ?? ''}`,
    ...(partition === undefined ? [] : [`  Partition:\t${partition}`]),
    await podsStatus(rest, metadata, spec?.selector),
    ...describeTemplate(spec?.template),
    ...claimTemplates(spec?.volumeClaimTemplates ?? []),
  ]);
}

export async function describeDaemonSet(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as DaemonSet;
  const nodes = Object.entries(spec?.template.spec?.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  return aligned([
    ...nameLines(metadata),
    `Selector:\t${formatLabelSelector(spec?.selector)}`,
    `Node-Selector:\t${nodes.toSorted().join(',') || '<none>'}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`,
    `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`,
    `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`,
    `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`,
    `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`,
    await podsStatus(rest, metadata, spec?.selector),
    ...describeTemplate(spec?.template),
  ]);
}

export function describeJob(object: UnknownObject): readonly string[] {
  const { metadata, spec, status } = object as unknown as Job;
  const some = (name: string, value: string | number | boolean | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`${name}:\t${value}`];
  const [start, end] = [status?.startTime, status?.completionTime];
  const ready = status?.ready === undefined ? '' : ` (${status.ready} Ready)`;
  return aligned([
    ...ownedLines(metadata, spec?.selector),
    ...some('Parallelism', spec?.parallelism),
    `Completions:\t${spec?.completions ?? '<unset>'}`,
    ...some('Completion Mode', spec?.completionMode),
    ...some('Suspend', spec?.suspend),
    ...some('Backoff Limit', spec?.backoffLimit),
    ...some('TTL Seconds After Finished', spec?.ttlSecondsAfterFinished),
    ...some('Start Time', start === undefined ? undefined : longTime(start)),
    ...some('Completed At', end === undefined ? undefined : longTime(end)),
    ...some('Duration', start === undefined || end === undefined ? undefined : humanDuration(parseTime(end) - parseTime(start))),
    ...some('Active Deadline Seconds', spec?.activeDeadlineSeconds === undefined ? undefined : `${spec.activeDeadlineSeconds}s`),
    `Pods Statuses:\t${status?.active ?? 0} Active${ready} / ${status?.succeeded ?? 0} Succeeded / ${status?.failed ?? 0} Failed`,
    ...(spec?.completionMode === 'Indexed' ? [`Completed Indexes:\t${status?.completedIndexes ?? '<none>'}`] : []),
    ...some('Failed Indexes', status?.failedIndexes),
    ...describeTemplate(spec?.template),
    ...conditionLines(status?.conditions),
  ]);
}

function nameLines({ name = '', namespace = '' }: ObjectMeta): readonly string[] {
  return [`Name:\t${name}`, `Namespace:\t${namespace}`];
}

function ownerLines({ ownerReferences }: ObjectMeta): readonly string[] {
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? [] : [`Controlled By:\t${owner.kind}/${owner.name}`];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

function conditionLines(list: readonly Condition[] | undefined): readonly string[] {
  if (list === undefined || list.length === 0) return [];
  return [
    'Conditions:',
    '  Type\tStatus\tReason',
    '  ----\t------\t------',
    ...list.map(({ type, status, reason = '' }) => `  ${type}\t${status}\t${reason}`),
  ];
}

/** `Pods Status:  2 Running / 1 Waiting / 0 Succeeded / 0 Failed` */
async function podsStatus(rest: Rest, { namespace = '', uid }: ObjectMeta, selector: LabelSelector | undefined): Promise<string> {
  const answer = await send(rest, {
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
    query: { labelSelector: formatLabelSelector(selector) },
  });
  const all = answer.ok ? ((answer.value['items'] ?? []) as readonly Pod[]) : [];
  const own = all.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid));
  const count = (phase: string): number => own.filter(({ status }) => status?.phase === phase).length;
  return `Pods Status:\t${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

function claimTemplates(list: readonly PersistentVolumeClaim[]): readonly string[] {
  if (list.length === 0) return ['Volume Claims:\t<none>'];
  return [
    'Volume Claims:',
    ...list.flatMap(({ metadata, spec }) =>
      indent(
        [
          `Name:\t${metadata.name ?? ''}`,
          `StorageClass:\t${spec?.storageClassName ?? ''}`,
          ...entries('Labels', metadata.labels),
          ...entries('Annotations', metadata.annotations, ': '),
          `Capacity:\t${spec?.resources?.requests?.['storage'] ?? '<default>'}`,
          `Access Modes:\t[${(spec?.accessModes ?? []).join(' ')}]`,
        ],
        2,
      ),
    ),
  ];
}

async function replicaSets(rest: Rest, { metadata }: Deployment): Promise<readonly string[]> {
  const answer = await send(rest, {
    method: 'GET',
    path: `/apis/apps/v1/namespaces/${encodeURIComponent(metadata.namespace ?? '')}/replicasets`,
  });
  const all = answer.ok ? ((answer.value['items'] ?? []) as readonly ReplicaSet[]) : [];
  const own = all.filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true);
  const isNew = (set: ReplicaSet): boolean => set.metadata.annotations?.[REVISION] === metadata.annotations?.[REVISION];
  const texts = (list: readonly ReplicaSet[]): string =>
    list.map((set) => `${set.metadata.name ?? ''} (${set.status?.replicas ?? 0}/${set.spec?.replicas ?? 0} replicas created)`).join(', ') ||
    '<none>';
  return [`OldReplicaSets:\t${texts(own.filter((set) => !isNew(set)))}`, `NewReplicaSet:\t${texts(own.filter(isNew))}`];
}
