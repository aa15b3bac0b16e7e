/**
 * `kubectl describe` of one object: what it is, what it wants, how it is, and what happened to it.
 * Invariant: reads only what the API serves. Counterpart: k8s.io/kubectl/pkg/describe.
 */
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { stringify } from 'yaml';
import type { Rest } from '../rest.ts';
import { eventsOf } from './events.ts';
import { describeImage } from './image.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { label, lines, mapLines } from './text.ts';
import { describeDeployment } from './workload.ts';

/**
 * @param nowMs virtual time, for ages
 * @param more lines of those who know more of the object than the API says
 */
export async function describeObject(rest: Rest, object: UnknownObject, nowMs: number, more: readonly string[] = []): Promise<string> {
  const body = await bodyOf(rest, object, nowMs);
  return `${lines([...body, ...more])}${await eventsOf(rest, object, nowMs)}`;
}

async function bodyOf(rest: Rest, object: UnknownObject, nowMs: number): Promise<readonly string[]> {
  switch (object.kind) {
    case 'Pod':
      return describePod(object, nowMs);
    case 'Node':
      return describeNode(rest, object, nowMs);
    case 'Image':
      return object.apiVersion === 'kubepad.dev/v1' ? describeImage(object) : describeAny(object);
    case 'Deployment':
      return describeDeployment(rest, object);
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
