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

/** Told of the objects that a patch opened: the library prints their members by name afterwards, those of all others as they stood. */
export interface Opened {
  add(object: object): unknown;
}

const NOBODY: Opened = { add: () => undefined };

/** @param patch a list of operations, not trusted to be one */
export function applyJsonPatch(document: unknown, patch: unknown, opened: Opened = NOBODY): PatchResult {
  if (!Array.isArray(patch)) return { badRequest: decodingError(`${jsonType(patch)} into Go value of type []handlers.jsonPatchOp`) };
  if (patch.length > MAX_OPERATIONS)
    return { badRequest: `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}` };
  // The document hangs below a holder, so that an operation on the whole (`path: ""`) is one like any other.
  const holder: Record<string, unknown> = { root: cloneJson(document) };
  for (const operation of patch as readonly unknown[]) {
    if (!isObject(operation)) return { badRequest: decodingError(`${jsonType(operation)} into Go value of type handlers.jsonPatchOp`) };
    const misfit = (['op', 'from', 'path'] as const).find((name) => (operation[name] ?? '') !== '' && typeof operation[name] !== 'string');
    if (misfit !== undefined)
      return { badRequest: decodingError(`${jsonType(operation[misfit])} into Go struct field jsonPatchOp.${misfit} of type string`) };
    const problem = applyOperation({ root: holder, opened }, operation);
    if (problem !== undefined) return { unprocessable: problem };
  }
  return { value: holder['root'] };
}

function decodingError(what: string): string {
  return `error decoding patch: json: cannot unmarshal ${what}`;
}

/** Members of the patch replace those of the document, null takes them away, objects are merged. */
export function applyMergePatch(document: unknown, patch: unknown, opened: Opened = NOBODY): PatchResult {
  if (!isObject(patch))
    return { badRequest: `error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}` };
  return { value: mergeObjects(document, patch, opened) };
}

function mergeObjects(document: unknown, patch: Readonly<Record<string, unknown>>, opened: Opened): unknown {
  const result: Record<string, unknown> = isObject(document) ? { ...document } : {};
  opened.add(result);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setOwn(result, key, isObject(value) ? mergeObjects(result[key], value, opened) : openAll(value, opened));
  }
  return result;
}

/** Lists of the patch are looked through for nulls, which opens the objects in them. */
function openAll<T>(value: T, opened: Opened): T {
  if (Array.isArray(value)) value.forEach((item) => openAll(item, opened));
  else if (isObject(value)) {
    opened.add(value);
    for (const item of Object.values(value)) openAll(item, opened);
  }
  return value;
}

interface Target {
  /** The document hangs below it as `root`. */
  readonly root: Record<string, unknown>;
  readonly opened: Opened;
}

/** @returns what is wrong; undefined if the operation was carried out */
function applyOperation(target: Target, operation: Readonly<Record<string, unknown>>): string | undefined {
  const { op, path, from } = operation;
  if (typeof path !== 'string') return 'operation missing path field';
  if (typeof op !== 'string') return `Unexpected kind: ${String(op)}`;
  switch (op) {
    case 'add':
      return add(target, path, cloneJson(operation['value']));
    case 'remove':
      return remove(target, path);
    case 'replace':
      return replace(target, path, cloneJson(operation['value']));
    case 'test':
      return test(target, path, operation['value']);
    case 'move':
    case 'copy': {
      if (typeof from !== 'string') return `${op} operation failed to decode from: missing value`;
      const found = read(target, from);
      if (found === undefined) return `${op} operation for path: ${quote(from)}: missing value`;
      if (op === 'move') {
        if (path.startsWith(`${from}/`)) return `move operation moves ${quote(from)} into itself`;
        const problem = remove(target, from);
        if (problem !== undefined) return problem;
      }
      return add(target, path, op === 'copy' ? cloneJson(found.value) : found.value);
    }
    default:
      return `Unexpected kind: ${op}`;
  }
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placeOf({ root, opened }: Target, path: string): Place | undefined {
  if (path === '') return { parent: root, key: 'root' };
  if (!path.startsWith('/')) return undefined;
  const tokens = path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = tokens.pop() ?? '';
  let parent = root['root'];
  if (isObject(parent)) opened.add(parent);
  for (const token of tokens) {
    if (Array.isArray(parent)) parent = (parent as unknown[])[indexOf(token, parent.length) ?? -1];
    else if (isObject(parent) && Object.hasOwn(parent, token)) parent = parent[token];
    else return undefined;
    if (isObject(parent)) opened.add(parent);
  }
  return Array.isArray(parent) || isObject(parent) ? { parent, key } : undefined;
}

function add(target: Target, path: string, value: unknown): string | undefined {
  const place = placeOf(target, path);
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

function remove(target: Target, path: string): string | undefined {
  const place = placeOf(target, path);
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

function replace(target: Target, path: string, value: unknown): string | undefined {
  const place = placeOf(target, path);
  const missing = `replace operation does not apply: doc is missing key: ${path}: missing value`;
  if (place === undefined) return missing;
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = indexOf(key, parent.length);
    if (index === undefined) return missing;
    parent[index] = value;
    return undefined;
  }
  // The library takes a member that is not there for one without a value.
  setOwn(parent, key, value);
  return undefined;
}

function test(target: Target, path: string, value: unknown): string | undefined {
  const found = read(target, path)?.value;
  // A missing member and null are one to the library that the API server uses.
  return jsonEqual(found ?? null, value ?? null) ? undefined : `testing path ${path} failed: test failed`;
}

function read(target: Target, path: string): { readonly value: unknown } | undefined {
  const place = placeOf(target, path);
  if (place === undefined) return undefined;
  const { parent, key } = place;
  // A member that is not there reads as null; only a path that leads nowhere is missing.
  if (!Array.isArray(parent)) return { value: Object.hasOwn(parent, key) ? parent[key] : null };
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
