/**
 * What the schema alone says about an object: fields that must be there, values that a text may have, selectors and Pod
 * templates wherever they stand. It serves kinds whose own validation is not written yet.
 * Invariant: says only what holds for a field of that type in any kind; what a kind asks beyond it stays unsaid.
 * Counterpart: the declarative validation of k8s.io/kubernetes, as far as the published schema carries it.
 */
import { notSupported, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { validateLabelSelector } from '../../apimachinery/labels/validation.ts';
import type { KubeObject, UnknownObject } from '../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import type { FieldNode, StructNode, TypeNode } from '../../apimachinery/scheme/typeNode.ts';
import { validatePodTemplateSpec } from '../core/pod/validation.ts';
import { nodeOf } from '../scheme.ts';
import type { PodTemplateSpec } from '../schema/types/core/v1.ts';

const LABEL_SELECTOR = 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector';
const POD_TEMPLATE = 'io.k8s.api.core.v1.PodTemplateSpec';

/** Metadata is judged elsewhere; status is written by controllers. */
const LEFT_OUT: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The rules of the schema as a Strategy's `validate`. */
export function validateBySchema(resource: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): (object: KubeObject) => ErrorList {
  return (object) => {
    const errors: FieldError[] = [];
    const node = nodeOf(resource);
    if (node !== undefined)
      for (const field of node.fields.values())
        if (!LEFT_OUT.has(field.name)) visitField(errors, field, object as UnknownObject, Path.root);
    return errors;
  };
}

function visitField(errors: FieldError[], field: FieldNode, holder: Readonly<Record<string, unknown>>, path: Path): void {
  const value = holder[field.name];
  const at = path.child(field.name);
  if (field.required && isMissing(field, value)) errors.push(required(at, ''));
  else if (field.enum !== undefined && typeof value === 'string' && value !== '' && !field.enum.includes(value))
    errors.push(notSupported(at, value, field.enum));
  else if (value !== undefined) visit(errors, field.type, value, at);
}

function visit(errors: FieldError[], type: TypeNode, value: unknown, path: Path): void {
  switch (type.kind) {
    case 'struct':
      visitStruct(errors, type, value as Readonly<Record<string, unknown>>, path);
      break;
    case 'list':
      if (type.item.kind === 'struct')
        for (const [index, item] of (value as readonly unknown[]).entries()) visit(errors, type.item, item, path.index(index));
      break;
    case 'map':
      if (type.item.kind === 'struct')
        for (const [key, item] of Object.entries(value as object)) visit(errors, type.item, item, path.key(key));
      break;
    default:
      break;
  }
}

function visitStruct(errors: FieldError[], type: StructNode, value: Readonly<Record<string, unknown>>, path: Path): void {
  if (type.definition === LABEL_SELECTOR) errors.push(...validateLabelSelector(value as LabelSelector, path));
  else if (type.definition === POD_TEMPLATE) errors.push(...validatePodTemplateSpec(value as unknown as PodTemplateSpec, path));
  else for (const field of type.fields.values()) visitField(errors, field, value, path);
}

/** A number that must be there may be zero; an empty text, list or map is as good as none. */
function isMissing({ type, pointer }: FieldNode, value: unknown): boolean {
  if (value === undefined) return pointer || type.kind !== 'struct';
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return value === '';
    case 'list':
      return (value as readonly unknown[]).length === 0;
    default:
      return false;
  }
}
