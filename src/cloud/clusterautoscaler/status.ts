/**
 * The ConfigMap in which the autoscaler says how it is: as a whole, and for each group.
 * Invariant: a time of transition changes with its status only. Counterpart: k8s.io/autoscaler/cluster-autoscaler/clusterstate/api.
 */
import { stringify } from 'yaml';
import { CONFIGMAPS } from '../../api/schema/resources.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { Client } from '../../client/client.ts';
import type { Backoff, Readiness } from './clusterState.ts';
import type { NodeGroup } from './nodeGroup.ts';

export const STATUS_NAME = 'cluster-autoscaler-status';
const LAST_UPDATED = 'cluster-autoscaler.kubernetes.io/last-updated';

export interface GroupReport {
  readonly group: NodeGroup;
  readonly readiness: Readiness;
  readonly isHealthy: boolean;
  readonly isScalingUp: boolean;
  readonly backoff: Backoff | undefined;
  readonly candidates: number;
}

/** What a status was before, and since when: `worker/scaleUp` > [`InProgress`, time]. */
export type Transitions = Map<string, readonly [status: string, since: string]>;

export function writeStatus(client: Client, reports: readonly GroupReport[], transitions: Transitions, nowMs: number): void {
  const now = formatTime(nowMs);
  const condition = (key: string, status: string): Condition => {
    const before = transitions.get(key);
    if (before?.[0] !== status) transitions.set(key, [status, now]);
    return { status, lastProbeTime: now, lastTransitionTime: before?.[0] === status ? before[1] : now };
  };
  const sum = (count: (report: GroupReport) => number): number => reports.reduce((total, report) => total + count(report), 0);
  const goTime = `${now.slice(0, 10)} ${now.slice(11, 19)} +0000 UTC`;
  const status = {
    time: goTime,
    autoscalerStatus: 'Running',
    clusterWide: {
      health: health(condition('/health', reports.every(({ isHealthy }) => isHealthy) ? 'Healthy' : 'Unhealthy'), {
        ready: sum(({ readiness }) => readiness.ready),
        notStarted: sum(({ readiness }) => readiness.notStarted),
        unready: sum(({ readiness }) => readiness.unready),
        unregistered: sum(({ readiness }) => readiness.unregistered),
        beingDeleted: sum(({ group }) => group.beingDeleted),
      }),
      scaleUp: condition('/scaleUp', reports.some(({ isScalingUp }) => isScalingUp) ? 'InProgress' : 'NoActivity'),
      scaleDown: scaleDown(
        condition,
        '',
        sum(({ candidates }) => candidates),
      ),
    },
    nodeGroups: reports.map(({ group, readiness, isHealthy, isScalingUp, backoff, candidates }) => ({
      name: group.id,
      health: health(
        condition(`${group.id}/health`, isHealthy ? 'Healthy' : 'Unhealthy'),
        { ...readiness, beingDeleted: group.beingDeleted },
        { cloudProviderTarget: group.target, minSize: group.min, maxSize: group.max },
      ),
      scaleUp: scaleUp(condition(`${group.id}/scaleUp`, scaleUpStatus({ isScalingUp, backoff })), backoff),
      scaleDown: scaleDown(condition, group.id, candidates),
    })),
  };
  const data = { status: stringify(status, { lineWidth: 0 }) };
  const annotations = { [LAST_UPDATED]: goTime };
  if (client.get(CONFIGMAPS, 'kube-system', STATUS_NAME) === undefined)
    client.create(CONFIGMAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: STATUS_NAME, namespace: 'kube-system', annotations },
      data,
    });
  else
    client.modify(CONFIGMAPS, 'kube-system', STATUS_NAME, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, ...annotations };
      copy.data = data;
    });
}

export function scaleUpStatus({ isScalingUp, backoff }: Pick<GroupReport, 'isScalingUp' | 'backoff'>): string {
  if (isScalingUp) return 'InProgress';
  return backoff === undefined ? 'NoActivity' : 'Backoff';
}

interface Condition {
  readonly status: string;
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
}

function health(
  { status, ...times }: Condition,
  { ready, notStarted, unready, unregistered, beingDeleted }: Readiness & { readonly beingDeleted: number },
  sizes: object = {},
): object {
  const total = ready + notStarted + unready + beingDeleted;
  const registered = {
    total,
    ready,
    notStarted,
    ...(beingDeleted === 0 ? {} : { beingDeleted }),
    unready: { total: unready, resourceUnready: 0 },
  };
  return { status, nodeCounts: { registered, longUnregistered: 0, unregistered }, ...sizes, ...times };
}

function scaleUp({ status, ...times }: Condition, backoff: Backoff | undefined): object {
  if (backoff === undefined) return { status, ...times };
  const { errorCode, errorMessage } = backoff;
  return { status, backoffInfo: { errorCode, ...(errorMessage === '' ? {} : { errorMessage }) }, ...times };
}

function scaleDown(condition: (key: string, status: string) => Condition, group: string, candidates: number): object {
  const { status, ...times } = condition(`${group}/scaleDown`, candidates > 0 ? 'CandidatesPresent' : 'NoCandidates');
  return { status, ...(candidates === 0 ? {} : { candidates }), ...times };
}
