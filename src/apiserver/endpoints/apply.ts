/**
 * PATCH with an apply patch: the configuration of a manager is laid over the stored object, or becomes the object.
 * Invariant: what comes out is decoded like any body; a conflict changes nothing unless it is forced.
 * Counterpart: the applyPatcher of k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
 */
import { decodeValue, type FieldValidation } from '../../api/decodeBody.ts';
import { fieldTypeOf } from '../../api/fieldTypes.ts';
import type { Strategy } from '../../api/strategy.ts';
import { draft, type Draft } from '../../base/json.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { agreedFields, applyValue, describeConflicts, type Applied } from '../../apimachinery/managedfields/apply.ts';
import { difference, has, isEmptySet } from '../../apimachinery/managedfields/fieldSet.ts';
import type { FieldType } from '../../apimachinery/managedfields/fieldType.ts';
import { ownCreated, type ManagedFields, type Writer } from '../../apimachinery/managedfields/managers.ts';
import { typeProblem } from '../../apimachinery/managedfields/validate.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { readYaml } from '../../apimachinery/yaml/readYaml.ts';
import type { Applier } from '../registry/change.ts';
import { writerOf } from '../registry/ownership.ts';
import { refused, succeeded, type Outcome } from '../request.ts';
import { managedOf } from '../storage/managed.ts';
import { isStatus } from './list.ts';
import type { WriteOptions } from './options.ts';
import type { ResourceRequest } from './resource.ts';
import { inForm, toStorage } from './versions.ts';

/** A configuration that somebody applies: an object with whatever part of it matters to them. */
export type Configuration = KubeObject & Readonly<Record<string, unknown>>;

export interface ApplyTarget {
  readonly type: FieldType;
  readonly live: KubeObject | undefined;
  readonly entries: ManagedFields;
  readonly writer: Writer;
  readonly force: boolean;
}

const KUBECTL = 'kubectl';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** How the configuration of a request changes the stored object. */
export function applierOf(
  { request, api, served, info }: ResourceRequest,
  options: WriteOptions,
  strategy: Strategy,
  warn: (text: string) => void,
): Applier {
  return (stored) => {
    const configuration = readConfiguration(request.body, served.type);
    if (isStatus(configuration)) return refused(configuration);
    const applied = applyConfiguration(configuration, {
      type: fieldTypeOf(strategy),
      live: stored === undefined ? undefined : inForm(served.type, stored),
      entries: stored === undefined ? [] : managedOf(stored),
      writer: writerOf(options.context, strategy, info.subresource, api.registry.now()),
      force: options.force,
    });
    if (!applied.ok) return applied;
    const repeated = readRepeated(request.body, options.fieldValidation);
    if (repeated !== undefined && options.fieldValidation === 'Strict')
      return refused(errors.badRequest(`error strict decoding YAML: ${repeated}`));
    if (repeated !== undefined) warn(repeated);
    const { uid = '' } = configuration.metadata;
    if (stored === undefined && uid !== '') {
      const text = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      return refused(errors.conflict(served.type, info.name, text));
    }
    const { object, entries } = applied.object;
    if (object === undefined) return succeeded({ object: draft(stored as KubeObject), owners: entries });
    const decoded = decodeValue(served.type, object, 'Ignore');
    return decoded.ok ? succeeded({ object: toStorage(served.type, decoded.object), owners: entries }) : refused(decoded.status);
  };
}

/** The body as a configuration of a kind, or what is wrong with it. */
export function readConfiguration(
  body: string,
  kind: { readonly group: string; readonly version: string; readonly kind: string },
): Configuration | Status {
  const read = readYaml(body);
  if ('error' in read) return errors.badRequest(`error decoding YAML: ${CONVERTING}${read.error}`);
  const value = (read.value ?? {}) as Draft<Configuration>;
  if (typeof value !== 'object' || Array.isArray(value)) {
    const text = `json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`;
    return errors.badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${text}`);
  }
  const given = kindText(value);
  if (given !== kindOf(kind)) return errors.badRequest(`invalid object type: ${given}`);
  const metadata: unknown = value.metadata ?? {};
  if (typeof metadata === 'object' && (metadata as KubeObject['metadata']).managedFields !== undefined)
    return errors.badRequest('metadata.managedFields must be nil');
  return ((value.metadata ?? undefined) === undefined ? { ...value, metadata: {} } : value) as Configuration;
}

/** Members that stand twice in the text; `Ignore` does not ask. */
function readRepeated(body: string, validation: FieldValidation): string | undefined {
  if (validation === 'Ignore') return undefined;
  const read = readYaml(body);
  return 'error' in read || read.strictErrors.length === 0 ? undefined : `${CONVERTING}${read.strictErrors.join(', ')}`;
}

const CONVERTING = 'error converting YAML to JSON: ';

/** Applies a configuration; the object is undefined if the stored one need not change. */
export function applyConfiguration(
  configuration: Configuration,
  target: ApplyTarget,
): Outcome<{ readonly object: object | undefined; readonly entries: ManagedFields }> {
  const { type, writer } = target;
  const problem = typeProblem(type, configuration);
  if (problem !== undefined) {
    const { namespace = '', name = '' } = configuration.metadata;
    const text = `failed to create typed patch object (${namespace}/${name}; ${kindText(configuration)}): ${problem}`;
    return refused(errors.failure(500, undefined, text));
  }
  const live = target.live ?? {};
  // The owners of an object that nobody tracked so far are summed up.
  const untracked = target.entries.length === 0 && target.live !== undefined;
  const entries = untracked ? ownCreated(type, live, { ...writer, manager: BEFORE_FIRST_APPLY }) : target.entries;
  const application = { type, live, wanted: configuration, entries, writer, force: target.force };
  const applied = withoutOwnConflicts(applyValue(application), target, configuration, () => applyValue({ ...application, force: true }));
  if ('conflicts' in applied) {
    const { message, causes } = describeConflicts(applied.conflicts);
    return refused(errors.failure(409, 'Conflict', message, { causes }));
  }
  return succeeded({ object: withLastApplied(applied.object, target, configuration), entries: applied.entries });
}

/** kubectl may take over what it set itself by client-side apply: the fields of its annotation that still have those values. */
function withoutOwnConflicts(applied: Applied, { type, live, writer }: ApplyTarget, wanted: Configuration, force: () => Applied): Applied {
  if (!('conflicts' in applied) || writer.manager !== KUBECTL || live === undefined) return applied;
  const last = lastApplied(live);
  if (last === undefined || last.apiVersion !== wanted.apiVersion || typeProblem(type, last) !== undefined) return applied;
  const own = agreedFields(type, live, last);
  if (isEmptySet(difference(applied.fields, own))) return force();
  const foreign = applied.conflicts.filter(({ elements }) => !has(own, elements));
  return { ...applied, conflicts: foreign };
}

/** The annotation is kept true for clients that still apply from their side. */
function withLastApplied(object: object | undefined, { live, writer }: ApplyTarget, configuration: Configuration): object | undefined {
  if (writer.manager !== KUBECTL || live?.metadata.annotations?.[LAST_APPLIED] === undefined) return object;
  const base = (object ?? live) as KubeObject;
  const { annotations, ...metadata } = configuration.metadata;
  const { [LAST_APPLIED]: _own, ...others } = annotations ?? {};
  const plain = { ...configuration, metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations: others }) } };
  const text = `${JSON.stringify(sorted(plain))}\n`;
  if (base.metadata.annotations?.[LAST_APPLIED] === text) return object;
  return { ...base, metadata: { ...base.metadata, annotations: { ...base.metadata.annotations, [LAST_APPLIED]: text } } };
}

function lastApplied({ metadata }: KubeObject): Configuration | undefined {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Configuration) : undefined;
  } catch {
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** As Go prints a group, version and kind: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. What is no text counts as none. */
function kindText({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): string {
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  return `${version.includes('/') ? '' : '/'}${version}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function kindOf({ group, version, kind }: { readonly group: string; readonly version: string; readonly kind: string }): string {
  return `${group}/${version}, Kind=${kind}`;
}
