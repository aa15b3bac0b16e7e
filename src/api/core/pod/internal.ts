/**
 * The server's own form of a Pod's parts, as it prints them in messages: every field, in the order of its type, under
 * its Go name, with `null` or a zero value where nothing is set.
 * Invariant: only messages use this form; objects are never stored or sent in it.
 * Counterpart: k8s.io/kubernetes/pkg/apis/core types. The order of the fields is that of the recorded messages.
 */
import { carryEmpty, wasEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import { SHAPES, type ShapeName } from './internalShapes.ts';
import type { PodSpec, PodTemplateSpec } from '../../schema/types/core/v1.ts';

/** A value for `Invalid value: {"Name":…}`. */
export function internalValue(shape: ShapeName, value: object): unknown {
  return convert(fieldsOf(shape), value as Record<string, unknown>);
}

/** The namespaces of the host stand in the security context there. */
export function internalPodSpec(spec: PodSpec): unknown {
  const { hostNetwork, hostPID, hostIPC, hostUsers, shareProcessNamespace } = spec;
  const context = { ...spec.securityContext, hostNetwork, hostPID, hostIPC, hostUsers, shareProcessNamespace };
  carryEmpty(spec.securityContext ?? spec, context);
  return internalValue('PodSpec', carryEmpty(spec, { ...spec, securityContext: context }));
}

/** Metadata is shared with the API and has its names there; what is not set is left out. */
export function internalPodTemplate(template: PodTemplateSpec): unknown {
  const { metadata = {}, spec = { containers: [] } } = template as Partial<PodTemplateSpec>;
  const printed: Record<string, unknown> = {};
  for (const name of META_FIELDS) {
    const value = metadata[name];
    if (value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)) continue;
    printed[name] = name === 'labels' || name === 'annotations' ? sortKeys(value as Record<string, unknown>) : value;
  }
  return { ...printed, Spec: internalPodSpec(spec) };
}

const META_FIELDS = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const satisfies readonly (keyof ObjectMeta)[];

interface Field {
  readonly goName: string;
  readonly jsonName: string;
  readonly kind: string;
  /** Left out of the form when it is not set, as in the types that are shared with the API. */
  readonly omitEmpty: boolean;
}

const parsed = new Map<ShapeName, readonly Field[]>();

function fieldsOf(shape: ShapeName): readonly Field[] {
  let fields = parsed.get(shape);
  if (!fields) parsed.set(shape, (fields = SHAPES[shape].trim().split(/\s+/).map(parseField)));
  return fields;
}

/** `GoName`, `GoName=jsonName`, each with `?` and with `:kind`. */
function parseField(token: string): Field {
  const [head = '', kind = 'nullable'] = token.split(':');
  const omitEmpty = head.endsWith('?');
  const [goName = '', jsonName] = (omitEmpty ? head.slice(0, -1) : head).split('=');
  return { goName, jsonName: jsonName ?? jsonNameOf(goName), kind, omitEmpty };
}

/** `HTTPGet` is `httpGet`, `FSType` is `fsType`, `TTY` is `tty`. */
function jsonNameOf(goName: string): string {
  const [capitals = ''] = /^[A-Z]*/.exec(goName) ?? [];
  const count = capitals.length > 1 && capitals.length < goName.length ? capitals.length - 1 : capitals.length;
  return goName.slice(0, count).toLowerCase() + goName.slice(count);
}

function convert(fields: readonly Field[], value: Record<string, unknown>): unknown {
  const result: Record<string, unknown> = {};
  for (const { goName, jsonName, kind, omitEmpty } of fields) {
    const given = jsonName.includes('.') ? nested(value, jsonName) : value[jsonName];
    // A list that must be there may stand for one that was not given.
    const item = Array.isArray(given) && given.length === 0 ? undefined : given;
    if (item === undefined && omitEmpty) continue;
    result[goName] = item === undefined && wasEmpty(value, jsonName) ? empty(kind) : convertField(kind, item);
  }
  return result;
}

function empty(kind: string): unknown {
  return kind === 'map' ? {} : [];
}

function nested(value: Record<string, unknown>, path: string): unknown {
  let item: unknown = value;
  for (const name of path.split('.')) item = (item as Record<string, unknown> | undefined)?.[name];
  return item;
}

const ZERO: { readonly [kind: string]: unknown } = { string: '', int: 0, bool: false, quantity: '0' };

function convertField(kind: string, value: unknown): unknown {
  if (kind in ZERO) return value ?? ZERO[kind];
  if (kind === 'nullable') return value ?? null;
  if (kind === 'map') return value === undefined ? null : sortKeys(value as Record<string, unknown>);
  if (kind.startsWith('[]')) {
    const fields = fieldsOf(kind.slice(2) as ShapeName);
    return value === undefined ? null : (value as readonly Record<string, unknown>[]).map((item) => convert(fields, item));
  }
  if (kind.startsWith('*'))
    return value === undefined ? null : convert(fieldsOf(kind.slice(1) as ShapeName), value as Record<string, unknown>);
  return convert(fieldsOf(kind as ShapeName), (value ?? {}) as Record<string, unknown>);
}

function sortKeys(map: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, map[key]]),
  );
}
