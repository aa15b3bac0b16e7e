/**
 * `kubectl describe` of one object: what it is, what it wants, how it is, and what happened to it.
 * Invariant: reads only what the API serves. Counterpart: k8s.io/kubectl/pkg/describe.
 */
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { stringify } from 'yaml';
import type { Rest } from '../rest.ts';
import { describeAutoscaler, describeBudget } from './autoscaler.ts';
import { describeClaim } from './claim.ts';
import { eventsOf } from './events.ts';
import { describeImage } from './image.ts';
import { describeNode } from './node.ts';
import { describeIngress, describeService } from './network.ts';
import { describePod } from './pod.ts';
import { label, lines, mapLines } from './text.ts';
import { describeDaemonSet, describeDeployment, describeJob, describeReplicaSet, describeStatefulSet } from './workload.ts';

/**
 * @param nowMs virtual time, for ages
 * @param more lines of those who know more of the object than the API says
 */
export async function describeObject(rest: Rest, object: UnknownObject, nowMs: number, more: readonly string[] = []): Promise<string> {
  const body = await bodyOf(rest, object, nowMs);
  const own = [...body, ...more];
  // Without events, that stands where the value of the line above does.
  const column = /^\s*\S.*?\s{2,}(?=\S)/.exec(own.at(-1) ?? '')?.[0].length;
  return `${lines(own)}${await eventsOf(rest, object, nowMs, column)}`;
}

async function bodyOf(rest: Rest, object: UnknownObject, nowMs: number): Promise<readonly string[]> {
  switch (`${object.apiVersion ?? ''} ${object.kind ?? ''}`) {
    case 'v1 Pod':
      return describePod(object, nowMs);
    case 'v1 Node':
      return describeNode(rest, object, nowMs);
    case 'kubepad.dev/v1 Image':
      return describeImage(object);
    case 'apps/v1 Deployment':
      return describeDeployment(rest, object);
    case 'apps/v1 ReplicaSet':
      return describeReplicaSet(rest, object);
    case 'apps/v1 StatefulSet':
      return describeStatefulSet(rest, object);
    case 'apps/v1 DaemonSet':
      return describeDaemonSet(rest, object);
    case 'batch/v1 Job':
      return describeJob(object);
    case 'v1 Service':
      return describeService(rest, object);
    case 'v1 PersistentVolumeClaim':
      return describeClaim(rest, object, nowMs);
    case 'networking.k8s.io/v1 Ingress':
      return describeIngress(rest, object);
    case 'autoscaling/v2 HorizontalPodAutoscaler':
      return describeAutoscaler(object);
    case 'policy/v1 PodDisruptionBudget':
      return describeBudget(object);
    default:
      return describeAny(object);
  }
}

/** Every kind: its metadata, then its fields as they are. */
function describeAny(object: UnknownObject): readonly string[] {
  const { metadata, apiVersion = '', kind = '', ...fields } = object;
  const head = [
    label('Name', metadata.name ?? ''),
    ...(metadata.namespace === undefined ? [] : [label('Namespace', metadata.namespace)]),
    ...mapLines('Labels', metadata.labels),
    ...mapLines('Annotations', metadata.annotations),
    label('API Version', apiVersion),
    label('Kind', kind),
  ];
  const shown = kind === 'Secret' ? hiddenValues(fields) : fields;
  const text =
    Object.keys(shown).length === 0 ? [] : stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split('\n');
  return [...head, ...text];
}

/** What a Secret holds is not for the screen: only its sizes. */
function hiddenValues(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const data = (fields['data'] ?? {}) as Readonly<Record<string, string>>;
  const sizes = Object.entries(data).map(([key, value]) => [key, `${Math.floor((value.replace(/=+$/, '').length * 3) / 4)} bytes`]);
  return { ...fields, data: Object.fromEntries(sizes) as Readonly<Record<string, string>> };
}
