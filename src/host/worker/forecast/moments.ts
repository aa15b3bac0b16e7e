/**
 * What a write means to a person who follows a rollout: a Pod that goes to a node, a container that ends, a rollout that is through.
 * Invariant: compares the object with the one before it and knows nothing else. Counterpart: what `kubectl get --watch` shows in columns.
 */
import type { Container, ContainerStatus, Pod } from '../../../api/schema/types/core/v1.ts';
import type { Condition } from '../../../apimachinery/meta/types.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { ForecastMoment } from '../../protocol/forecast.ts';
import { schedulingReasons, tellingReasons } from './unscheduled.ts';

export interface Said {
  readonly text: string;
  readonly tone: ForecastMoment['tone'];
}

/** Beside these, whose story the objects that own them tell, every object's beginning and end is told. */
const SILENT: ReadonlySet<string> = new Set([
  'endpointslices.discovery.k8s.io',
  'controllerrevisions.apps',
  'serviceaccounts',
  'volumeattachments.storage.k8s.io',
]);

export function momentsOf(revision: Revision): readonly Said[] {
  const { type, resource, object, previous, verb } = revision;
  if (SILENT.has(resource)) return [];
  if (type === 'DELETED') return [plain('gone')];
  if (previous === undefined) return [plain('created'), ...(resource === 'pods' ? podMoments(object as Pod, { metadata: {} }) : [])];
  if (object.metadata.deletionTimestamp !== undefined && previous.metadata.deletionTimestamp === undefined)
    return [plain('is being deleted')];
  const said = resource === 'pods' ? podMoments(object as Pod, previous as Pod) : objectMoments(object as Loose, previous as Loose);
  // A person's own change is told even where nothing follows from it by itself.
  return said.length === 0 && revision.cause === undefined && !verb.includes('status') ? [plain('configured')] : said;
}

function podMoments(pod: Pod, before: Pod): readonly Said[] {
  const said: Said[] = [];
  const node = pod.spec?.nodeName ?? '';
  if (node !== '' && (before.spec?.nodeName ?? '') === '') said.push(plain(`goes to ${node}`));
  const refusal = unscheduledText(pod);
  if (refusal !== '' && refusal !== unscheduledText(before)) said.push({ text: `has no node: ${refusal}`, tone: 'bad' });
  for (const [status, former] of statusPairs(pod, before)) said.push(...containerMoments(status, former));
  const { phase = '' } = pod.status ?? {};
  if (phase !== before.status?.phase && (phase === 'Succeeded' || phase === 'Failed'))
    said.push({
      text: phase === 'Failed' && (pod.status?.reason ?? '') !== '' ? `Failed: ${pod.status?.reason ?? ''}` : phase,
      tone: phase === 'Failed' ? 'bad' : 'good',
    });
  const [ready, wasReady] = [isReady(pod), isReady(before)];
  if (ready && !wasReady) said.push({ text: 'ready', tone: 'good' });
  if (!ready && wasReady && phase === 'Running' && pod.metadata.deletionTimestamp === undefined)
    said.push({ text: 'not ready any more', tone: 'bad' });
  return said;
}

function unscheduledText(pod: Pod): string {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (condition === undefined) return '';
  return tellingReasons(pod, schedulingReasons(condition.message ?? ''))
    .map(({ text }) => text)
    .join(', ');
}

function statusPairs(pod: Pod, before: Pod): readonly (readonly [ContainerStatus, ContainerStatus | undefined])[] {
  const all = ({ status }: Pod): readonly ContainerStatus[] => [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  const former = new Map(all(before).map((status) => [status.name, status]));
  return all(pod).map((status) => [status, former.get(status.name)]);
}

const WAITS: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function containerMoments({ name, state }: ContainerStatus, former: ContainerStatus | undefined): readonly Said[] {
  const reason = state?.waiting?.reason ?? '';
  if (reason !== '' && !WAITS.has(reason) && reason !== former?.state?.waiting?.reason)
    return [{ text: `${name}: ${reason}`, tone: 'bad' }];
  const ended = state?.terminated;
  if (ended === undefined || former?.state?.terminated !== undefined) return [];
  const text = `${name} ends with exit code ${ended.exitCode}${ended.reason === 'OOMKilled' ? ' (OOMKilled)' : ''}`;
  return [{ text, tone: ended.exitCode === 0 ? 'plain' : 'bad' }];
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

interface Loose extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } } };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

function objectMoments(object: Loose, before: Loose): readonly Said[] {
  const said: Said[] = [];
  const [replicas, former] = [object.spec?.replicas, before.spec?.replicas];
  if (replicas !== undefined && former !== undefined && replicas !== former) said.push(plain(`scaled from ${former} to ${replicas}`));
  const { phase } = object.status ?? {};
  if (phase !== undefined && phase !== before.status?.phase) said.push({ text: phase, tone: phase === 'Bound' ? 'good' : 'plain' });
  for (const condition of object.status?.conditions ?? []) {
    const same = before.status?.conditions?.find(({ type }) => type === condition.type);
    if (same?.status === condition.status && same?.reason === condition.reason) continue;
    const tone = toneOf(condition);
    if (tone !== undefined) said.push({ text: textOf(condition), tone });
  }
  return said;
}

/** Conditions that end a story, or begin a bad one; undefined: it says nothing by itself. */
function toneOf({ type, status, reason }: Condition): ForecastMoment['tone'] | undefined {
  switch (type) {
    case 'Complete':
    case 'Established':
      return status === 'True' ? 'good' : undefined;
    case 'Failed':
    case 'ReplicaFailure':
      return status === 'True' ? 'bad' : undefined;
    case 'Progressing':
      return status === 'False' ? 'bad' : reason === 'NewReplicaSetAvailable' ? 'good' : undefined;
    case 'Ready':
      return status === 'True' ? 'good' : 'bad';
    default:
      return undefined;
  }
}

function textOf({ type, reason = '' }: Condition): string {
  if (reason === 'NewReplicaSetAvailable') return 'rollout complete';
  return reason === '' || reason === type ? type : `${type}: ${reason}`;
}

function plain(text: string): Said {
  return { text, tone: 'plain' };
}
