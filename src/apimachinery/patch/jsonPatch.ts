/**
 * JSON patch (RFC 6902) and JSON merge patch (RFC 7386).
 * Invariant: neither the document nor the patch is changed; the result may share parts with both.
 * Counterpart: gopkg.in/evanphx/json-patch as k8s.io/apiserver uses it.
 */
import { cloneJson, jsonEqual } from '../../base/json.ts';
import { quote } from '../field/quote.ts';
import { setOwn } from '../scheme/jsonText.ts';
import type { PatchResult } from './result.ts';

const MAX_OPERATIONS = 10_000;

/** @param patch a list of operations, not trusted to be one */
export function applyJsonPatch(document: unknown, patch: unknown): PatchResult {
  if (!Array.isArray(patch)) return { badRequest: `json: cannot unmarshal ${jsonType(patch)} into Go value of type jsonpatch.Patch` };
  if (patch.length > MAX_OPERATIONS)
    return { badRequest: `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}` };
  // The document hangs below a holder, so that an operation on the whole (`path: ""`) is one like any other.
  const holder: Record<string, unknown> = { root: cloneJson(document) };
  for (const operation of patch as readonly unknown[]) {
    if (!isObject(operation))
      return { badRequest: `json: cannot unmarshal ${jsonType(operation)} into Go value of type jsonpatch.Operation` };
    const problem = applyOperation(holder, operation);
    if (problem !== undefined) return { unprocessable: problem };
  }
  return { value: holder['root'] };
}

/** Members of the patch replace those of the document, null takes them away, objects are merged. */
export function applyMergePatch(document: unknown, patch: unknown): PatchResult {
  if (!isObject(patch))
    return { badRequest: `error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}` };
  return { value: mergeObjects(document, patch) };
}

function mergeObjects(document: unknown, patch: Readonly<Record<string, unknown>>): unknown {
  const result: Record<string, unknown> = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setOwn(result, key, isObject(value) ? mergeObjects(result[key], value) : value);
  }
  return result;
}

/** @returns what is wrong; undefined if the operation was carried out */
function applyOperation(holder: Record<string, unknown>, operation: Readonly<Record<string, unknown>>): string | undefined {
  const { op, path, from } = operation;
  if (typeof path !== 'string') return 'operation missing path field';
  if (typeof op !== 'string') return `Unexpected kind: ${String(op)}`;
  switch (op) {
    case 'add':
      return add(holder, path, cloneJson(operation['value']));
    case 'remove':
      return remove(holder, path);
    case 'replace':
      return replace(holder, path, cloneJson(operation['value']));
    case 'test':
      return test(holder, path, operation['value']);
    case 'move':
    case 'copy': {
      if (typeof from !== 'string') return `${op} operation failed to decode from: missing value`;
      const found = read(holder, from);
      if (found === undefined) return `${op} operation for path: ${quote(from)}: missing value`;
      if (op === 'move') {
        if (path.startsWith(`${from}/`)) return `move operation moves ${quote(from)} into itself`;
        const problem = remove(holder, from);
        if (problem !== undefined) return problem;
      }
      return add(holder, path, op === 'copy' ? cloneJson(found.value) : found.value);
    }
    default:
      return `Unexpected kind: ${op}`;
  }
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placeOf(holder: Record<string, unknown>, path: string): Place | undefined {
  if (path === '') return { parent: holder, key: 'root' };
  if (!path.startsWith('/')) return undefined;
  const tokens = path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = tokens.pop() ?? '';
  let parent = holder['root'];
  for (const token of tokens) {
    if (Array.isArray(parent)) parent = (parent as unknown[])[indexOf(token, parent.length) ?? -1];
    else if (isObject(parent) && Object.hasOwn(parent, token)) parent = parent[token];
    else return undefined;
  }
  return Array.isArray(parent) || isObject(parent) ? { parent, key } : undefined;
}

function add(holder: Record<string, unknown>, path: string, value: unknown): string | undefined {
  const place = placeOf(holder, path);
  if (place === undefined) return `add operation does not apply: doc is missing path: ${quote(path)}: missing value`;
  const { parent, key } = place;
  if (!Array.isArray(parent)) {
    setOwn(parent, key, value);
    return undefined;
  }
  const index = key === '-' ? parent.length : indexOf(key, parent.length + 1);
  if (index === undefined) return `error in add for path: '${path}': Unable to access invalid index: ${key}: invalid index referenced`;
  parent.splice(index, 0, value);
  return undefined;
}

function remove(holder: Record<string, unknown>, path: string): string | undefined {
  const place = placeOf(holder, path);
  const missing = `remove operation does not apply: doc is missing path: ${quote(path)}: missing value`;
  if (place === undefined) return missing;
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = indexOf(key, parent.length);
    if (index === undefined) return `error in remove for path: '${path}': Unable to access invalid index: ${key}: invalid index referenced`;
    parent.splice(index, 1);
    return undefined;
  }
  if (!Object.hasOwn(parent, key)) return missing;
  delete parent[key];
  return undefined;
}

function replace(holder: Record<string, unknown>, path: string, value: unknown): string | undefined {
  const place = placeOf(holder, path);
  const missing = `replace operation does not apply: doc is missing key: ${path}: missing value`;
  if (place === undefined) return missing;
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = indexOf(key, parent.length);
    if (index === undefined) return missing;
    parent[index] = value;
    return undefined;
  }
  if (!Object.hasOwn(parent, key)) return missing;
  setOwn(parent, key, value);
  return undefined;
}

function test(holder: Record<string, unknown>, path: string, value: unknown): string | undefined {
  const found = read(holder, path)?.value;
  // A missing member and null are one to the library that the API server uses.
  return jsonEqual(found ?? null, value ?? null) ? undefined : `testing path ${path} failed: test failed`;
}

function read(holder: Record<string, unknown>, path: string): { readonly value: unknown } | undefined {
  const place = placeOf(holder, path);
  if (place === undefined) return undefined;
  const { parent, key } = place;
  if (!Array.isArray(parent)) return Object.hasOwn(parent, key) ? { value: parent[key] } : undefined;
  const index = indexOf(key, parent.length);
  return index === undefined ? undefined : { value: parent[index] as unknown };
}

/** Negative indexes count from the end, as the library allows. */
function indexOf(token: string, length: number): number | undefined {
  if (!/^-?[0-9]+$/.test(token)) return undefined;
  const index = Number(token) < 0 ? length + Number(token) : Number(token);
  return index >= 0 && index < length ? index : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
