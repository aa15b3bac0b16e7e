import type { Draft } from '../../../base/json.ts';
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { CustomResourceSubresourceScale } from '../../schema/types/apiextensions/v1.ts';
import { isObject } from '../structural/jsonSchema.ts';
import type { Strategy } from '../../strategy.ts';

const MAX_INT32 = 2 ** 31 - 1;

/** The `/scale` subresource by the paths of a definition. */
export function scaleOf(paths: CustomResourceSubresourceScale): NonNullable<Strategy['scale']> {
  return {
    get: (object) => ({
      specReplicas: numberAt(object, paths.specReplicasPath),
      statusReplicas: numberAt(object, paths.statusReplicasPath),
      selector: paths.labelSelectorPath === undefined ? '' : textAt(object, paths.labelSelectorPath),
      ...(valueAt(object, paths.specReplicasPath) === undefined ? { missing: paths.specReplicasPath } : {}),
    }),
    replicasPath: namesOf(paths.specReplicasPath).map((name) => `f:${name}`),
    set: (object, replicas) => setAt(object, paths.specReplicasPath, replicas),
  };
}

export function validateScaleSpec(object: KubeObject, { specReplicasPath }: CustomResourceSubresourceScale): ErrorList {
  return replicaErrors(object, specReplicasPath);
}

export function validateScaleStatus(
  object: KubeObject,
  { statusReplicasPath, labelSelectorPath }: CustomResourceSubresourceScale,
): ErrorList {
  const errors: FieldError[] = [...replicaErrors(object, statusReplicasPath)];
  const selector = labelSelectorPath === undefined ? undefined : valueAt(object, labelSelectorPath);
  if (labelSelectorPath !== undefined && selector !== undefined && typeof selector !== 'string')
    errors.push(invalid(Path.of(labelSelectorPath), '', wrongType(labelSelectorPath, selector, 'string')));
  return errors;
}

function replicaErrors(object: KubeObject, path: string): ErrorList {
  const value = valueAt(object, path);
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) return [invalid(Path.of(path), 0, wrongType(path, value, 'int64'))];
  if (value < 0) return [invalid(Path.of(path), value, 'should be a non-negative integer')];
  return value > MAX_INT32 ? [invalid(Path.of(path), value, `should be less than or equal to ${MAX_INT32}`)] : [];
}

function wrongType(path: string, value: unknown, type: string): string {
  return `${path} accessor error: ${goPrint(value)} is of the type ${goType(value)}, expected ${type}`;
}

function goPrint(value: unknown): string {
  return value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function namesOf(path: string): readonly string[] {
  return path.replace(/^\./, '').split('.');
}

/** `.spec.replicas` */
export function valueAt(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const name of namesOf(path)) {
    if (!isObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

function numberAt(object: unknown, path: string): number {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : 0;
}

function textAt(object: unknown, path: string): string {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : '';
}

function setAt(object: Draft<KubeObject>, path: string, value: number): void {
  const names = namesOf(path);
  let holder = object as unknown as Record<string, unknown>;
  for (const name of names.slice(0, -1)) {
    if (!isObject(holder[name])) holder[name] = {};
    holder = holder[name] as Record<string, unknown>;
  }
  holder[names.at(-1) ?? ''] = value;
}
