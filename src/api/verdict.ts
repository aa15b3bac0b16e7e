/**
 * The API server's verdict on an object, without a store: what the registry refuses with, and what the editor shows.
 * Invariant: metadata first, then the kind's own rules; warnings for what is valid, but for the few that come before the checks.
 * Counterpart: k8s.io/apiserver/pkg/registry/rest (create.go, update.go).
 */
import { invalid, type ErrorList, type FieldError } from '../apimachinery/field/error.ts';
import { Path } from '../apimachinery/field/path.ts';
import { groupResource, type KubeObject } from '../apimachinery/meta/resource.ts';
import { nameIsPathSegment } from '../apimachinery/validation/objectNames.ts';
import { isPathSegmentName } from '../apimachinery/validation/names.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../apimachinery/validation/objectMeta.ts';
import { validateKubeFinalizers } from './core/finalizers.ts';
import type { Strategy, Surroundings } from './strategy.ts';

export interface Verdict {
  readonly errors: ErrorList;
  readonly warnings: readonly string[];
}

/**
 * @param object defaulted and prepared; a name has been generated
 * @param withWarnings false where nobody reads them
 */
export function validateCreate(strategy: Strategy, object: KubeObject, withWarnings = true, surroundings?: Surroundings): Verdict {
  const errors = [...createdMetadata(strategy, object), ...strategy.validate(object, surroundings)];
  if (errors.length > 0) return { errors, warnings: withWarnings ? (strategy.warningsWhenRefused?.(object) ?? []) : [] };
  // Whatever a kind allows, the name must fit into a URL; this is said only when nothing else is wrong.
  const name = object.metadata.name ?? '';
  const unfit = isPathSegmentName(name).map((text) => invalid(Path.of('metadata', 'name'), name, text));
  if (unfit.length > 0) return { errors: unfit, warnings: [] };
  return { errors, warnings: withWarnings ? (strategy.warnings?.(object, undefined) ?? []) : [] };
}

export function validateUpdate(strategy: Strategy, object: KubeObject, old: KubeObject, withWarnings = true): Verdict {
  const errors = [...updatedMetadata(strategy, object, old), ...strategy.validateUpdate(object, old)];
  return { errors, warnings: withWarnings && errors.length === 0 ? (strategy.warnings?.(object, old) ?? []) : [] };
}

export function validateStatusUpdate(strategy: Strategy, object: KubeObject, old: KubeObject): Verdict {
  const errors = [...updatedMetadata(strategy, object, old), ...(strategy.status?.validateUpdate(object, old) ?? [])];
  return { errors, warnings: [] };
}

function createdMetadata(strategy: Strategy, object: KubeObject): ErrorList {
  if (strategy.validatesMetadata === true) return [];
  return [...validateObjectMeta(object.metadata, strategy.resource.namespaced, strategy.validateName), ...kubeFinalizers(strategy, object)];
}

/** The kinds of Kubernetes itself know which finalizers may have no prefix; extensions take any. */
function kubeFinalizers({ resource }: Strategy, object: KubeObject): ErrorList {
  if (object.metadata.finalizers === undefined || EXTENSIBLE.has(resource.group)) return [];
  const errors: FieldError[] = [];
  validateKubeFinalizers(errors, object.metadata, Path.of('metadata'));
  return errors;
}

const EXTENSIBLE: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io', 'admissionregistration.k8s.io']);

/** Pods do it themselves, in the course of their own rules; the others leave it out. */
const JUDGED_ONCE: ReadonlySet<string> = new Set(['pods', 'limitranges']);

function updatedMetadata(strategy: Strategy, object: KubeObject, old: KubeObject): ErrorList {
  // Without a resourceVersion the registry has decided already whether the kind allows that.
  const { resourceVersion = '' } = object.metadata;
  const metadata = resourceVersion === '' ? { ...object.metadata, resourceVersion: old.metadata.resourceVersion ?? '0' } : object.metadata;
  // The name of a stored object is not judged again, but for what no URL can hold.
  return [
    ...validateObjectMeta(metadata, strategy.resource.namespaced, nameIsPathSegment),
    ...validateObjectMetaUpdate(metadata, old.metadata),
    // The registry judges all objects so, and nearly every kind does it again; the causes of a refusal show both.
    ...(JUDGED_ONCE.has(groupResource(strategy.resource)) ? [] : validateObjectMetaUpdate(metadata, old.metadata)),
    ...(strategy.validatesMetadata === true ? [] : kubeFinalizers(strategy, object)),
  ];
}
