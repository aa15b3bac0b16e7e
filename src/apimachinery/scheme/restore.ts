/**
 * Why a value that a strategic merge has made is no object of its type, in the words of the converter that reads it then:
 * it knows the shapes of Go and speaks of them, not of JSON.
 * Counterpart: k8s.io/apimachinery/pkg/runtime.DefaultUnstructuredConverter.
 */
import type { TypeNode } from './typeNode.ts';

/** @returns the first problem in the order of the fields; undefined if the shapes fit */
export function restoreProblem(node: TypeNode, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (node.kind) {
    case 'struct': {
      if (kindOf(value) !== 'map') return `cannot restore struct from: ${kindOf(value)}`;
      for (const { name, type } of node.fields.values()) {
        const problem = restoreProblem(type, (value as Readonly<Record<string, unknown>>)[name]);
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    case 'map': {
      if (kindOf(value) !== 'map') return `cannot restore map from ${kindOf(value)}`;
      return first(Object.values(value as object), (item) => restoreProblem(node.item, item));
    }
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${kindOf(value)}`;
      return first(value, (item) => restoreProblem(node.item, item));
    case 'bytes':
      return typeof value === 'string' || Array.isArray(value) ? undefined : `cannot restore slice from ${kindOf(value)}`;
    case 'string':
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'double':
      return scalarProblem(node.kind, value, node.goType);
    default:
      return undefined;
  }
}

function first(items: readonly unknown[], problemOf: (item: unknown) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

type Scalar = 'string' | 'boolean' | 'int32' | 'int64' | 'double';

const GO_KINDS: Readonly<Record<Scalar, string>> = { string: 'string', boolean: 'bool', int32: 'int32', int64: 'int64', double: 'float64' };

/** Go converts numbers into each other and into texts; the converter allows only what JSON would. */
function scalarProblem(wanted: Scalar, value: unknown, goType: string): string | undefined {
  const given = kindOf(value);
  const isNumber = given === 'int64' || given === 'float64';
  if (wanted === 'string') {
    if (given === 'string') return undefined;
    return given === 'int64' ? `cannot convert int64 to ${goType}` : `unrecognized type: ${GO_KINDS[wanted]}`;
  }
  if (wanted === 'boolean') return given === 'bool' ? undefined : `unrecognized type: ${GO_KINDS[wanted]}`;
  if (!isNumber) return `unrecognized type: ${GO_KINDS[wanted]}`;
  return given === 'float64' && wanted !== 'double' ? `cannot convert float64 to ${goType}` : undefined;
}

/** The kind of Go value that JSON is read as. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  switch (typeof value) {
    case 'object':
      return 'map';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    default:
      return 'string';
  }
}
