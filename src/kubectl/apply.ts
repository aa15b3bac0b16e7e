/**
 * `kubectl apply` of one object: create it, or send the difference between what was applied last, the manifest and the
 * live object. Counterpart: k8s.io/kubectl/pkg/cmd/apply (client-side apply).
 */
import type { UnknownObject } from '../apimachinery/meta/resource.ts';
import { jsonEqual } from '../base/json.ts';
import { SCHEMAS } from '../api/scheme.ts';
import { getObject, noMatch, pathOf, findResource, send, type Answered, type Rest } from './rest.ts';
import { threeWayPatch } from './threeWayMerge.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
export const FIELD_MANAGER = 'kubectl-client-side-apply';

export interface ApplyOptions {
  readonly dryRun: boolean;
  /** For an object that names none. */
  readonly namespace: string;
}

export interface Applied {
  readonly action: 'created' | 'configured' | 'unchanged';
  /** The object as the server has it now; with dryRun, as it would have it. */
  readonly object: UnknownObject;
  /** The object before; undefined if there was none. */
  readonly before: UnknownObject | undefined;
}

export async function applyObject(rest: Rest, manifest: UnknownObject, options: ApplyOptions): Promise<Answered<Applied>> {
  const { apiVersion = '', kind = '' } = manifest;
  const resource = await findResource(rest, apiVersion, kind);
  if (resource === undefined) return { ok: false, status: noMatch(apiVersion, kind) };
  const meta = (manifest.metadata as UnknownObject['metadata'] | undefined) ?? {};
  const namespace = resource.namespaced ? (meta.namespace ?? options.namespace) : '';
  const query = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', ...(options.dryRun ? { dryRun: 'All' } : {}) };
  const modified = withLastApplied(resource.namespaced ? { ...manifest, metadata: { ...meta, namespace } } : manifest);
  const name = meta.name ?? '';
  const create = async (): Promise<Answered<Applied>> => {
    const created = await send(rest, {
      method: 'POST',
      path: pathOf(resource, namespace, ''),
      query,
      contentType: 'application/json',
      body: JSON.stringify(modified),
    });
    return created.ok ? { ...created, value: { action: 'created', object: created.value, before: undefined } } : created;
  };
  if (name === '') return create();
  const live = await getObject(rest, { apiVersion, kind, namespace, name });
  if (!live.ok) return live.status.code === 404 ? create() : live;
  const schema = SCHEMAS.definitions[SCHEMAS.kinds[`${apiVersion}/${kind}`] ?? ''];
  const patch = threeWayPatch(SCHEMAS, schema, { original: lastApplied(live.value), modified, live: live.value });
  if (Object.keys(patch).length === 0)
    return { ok: true, value: { action: 'unchanged', object: live.value, before: live.value }, warnings: [] };
  const contentType = schema === undefined ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
  const patched = await send(rest, {
    method: 'PATCH',
    path: pathOf(resource, namespace, name),
    query,
    contentType,
    body: JSON.stringify(patch),
  });
  if (!patched.ok) return patched;
  // A dry run gives no new resourceVersion; then the content tells.
  const same = options.dryRun
    ? jsonEqual(patched.value, live.value)
    : patched.value.metadata.resourceVersion === live.value.metadata.resourceVersion;
  return { ...patched, value: { action: same ? 'unchanged' : 'configured', object: patched.value, before: live.value } };
}

/** The manifest with itself in the annotation that the next apply compares against. */
function withLastApplied(manifest: UnknownObject): UnknownObject {
  const { [LAST_APPLIED]: _, ...annotations } = manifest.metadata.annotations ?? {};
  const bare = { ...manifest, metadata: { ...manifest.metadata, annotations } };
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${JSON.stringify(sorted(bare))}\n` } } };
}

function lastApplied(live: UnknownObject): Readonly<Record<string, unknown>> {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    // Somebody wrote into the annotation; then nothing is known of the last apply.
    return {};
  }
}

/** Keys in order, as Go prints maps. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
