/**
 * Two clusters of one origin, object by object: what only one of them has, what differs, and who made it so.
 * Invariant: what both share is passed over by identity, so a comparison costs what was written since they parted. Counterpart: kubectl diff.
 */
import { jsonEqual, type Json, type JsonObject } from '../../../base/json.ts';
import { keyOf, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import { actorText } from '../object/causes.ts';
import type { DifferenceModel } from './model.ts';

export interface Differences {
  readonly differences: readonly DifferenceModel[];
  readonly more: number;
}

const MAX_DIFFERENCES = 200;
const MAX_FIELDS = 3;
/** What was reported and what only says that somebody lives differs always and means nothing. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'clocks.kubepad.dev',
  'metrics.kubepad.dev',
]);

export function differencesOf(left: Store, right: Store): Differences {
  const found: DifferenceModel[] = [];
  let more = 0;
  for (const resource of new Set([...left.resources(), ...right.resources()])) {
    if (PASSED_OVER.has(resource)) continue;
    const keys = new Set([...left.list(resource), ...right.list(resource)].map(keyOf));
    for (const key of keys) {
      const [a, b] = [left.get(resource, key), right.get(resource, key)];
      if (a === b) continue;
      const fields = a === undefined || b === undefined ? [] : fieldsOf(a, b);
      if (a !== undefined && b !== undefined && fields.length === 0) continue;
      if (found.length >= MAX_DIFFERENCES) {
        more++;
        continue;
      }
      const { apiVersion = '', kind = '', metadata } = (a ?? b) as KubeObject;
      found.push({
        key: `${resource} ${key}`,
        ref: { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
        difference: b === undefined ? 'left only' : a === undefined ? 'right only' : 'differs',
        fields: fields.slice(0, MAX_FIELDS).join(', ') + (fields.length > MAX_FIELDS ? `, and ${fields.length - MAX_FIELDS} more` : ''),
        left: writerOf(left, resource, key, a),
        right: writerOf(right, resource, key, b),
      });
    }
  }
  return { differences: found, more };
}

/** Who wrote it last; where it is gone, who deleted it. */
function writerOf(store: Store, resource: string, key: string, object: KubeObject | undefined): string {
  const after = object === undefined ? store.compactedRevision(resource) : Number(object.metadata.resourceVersion) - 1;
  const last = store.since(resource, after)?.findLast((entry) => entry.key === key);
  return last === undefined ? '' : `${actorText(last.actor)}: ${last.verb}`;
}

/** Paths of the fields that differ, but for those that differ with every write. */
function fieldsOf(a: KubeObject, b: KubeObject): readonly string[] {
  const paths: string[] = [];
  visit(comparable(a), comparable(b), '', paths);
  return paths;
}

/** When something happened is not what it came to. */
const MOMENTS: ReadonlySet<string> = new Set([
  'lastHeartbeatTime',
  'lastTransitionTime',
  'lastProbeTime',
  'lastUpdateTime',
  'startedAt',
  'startTime',
]);

function comparable({ metadata, ...rest }: KubeObject): Json {
  const { resourceVersion: _, managedFields: _managed, uid: _uid, creationTimestamp: _created, ...meta } = metadata;
  return { ...rest, metadata: meta } as unknown as Json;
}

function visit(a: Json | undefined, b: Json | undefined, path: string, paths: string[]): void {
  if (a === b || (a !== undefined && b !== undefined && jsonEqual(a, b))) return;
  if (!isObject(a) || !isObject(b)) {
    paths.push(path);
    return;
  }
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!MOMENTS.has(name)) visit(a[name], b[name], Array.isArray(a) ? `${path}[${name}]` : `${path}.${name}`, paths);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
