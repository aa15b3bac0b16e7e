/**
 * The body of a custom resource: metadata checked, unknown fields found and dropped, defaults filled in.
 * Counterpart: the schemaCoercingDecoder and unstructuredDefaulter of apiextensions-apiserver.
 */
import type { Draft } from '../../../base/json.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { cloneJson } from '../../../base/json.ts';
import type { JsonSource } from '../../../apimachinery/scheme/jsonText.ts';
import { applyDefaults } from '../structural/defaulting.ts';
import { isObject, type JSONSchema } from '../structural/jsonSchema.ts';
import { coerceMetadata } from '../structural/objectMeta.ts';
import { prune, pruneNulls } from '../structural/pruning.ts';

export interface DecodedCustom {
  readonly object: Draft<KubeObject>;
  readonly error: string | undefined;
  readonly strictErrors: readonly string[];
}

/** @param schema undefined: a version that is not there; nothing of the object is known */
export function decodeCustom(value: Readonly<Record<string, unknown>>, schema: JSONSchema | undefined, source: JsonSource): DecodedCustom {
  const object = cloneJson(value) as Record<string, unknown>;
  const strictErrors = duplicates(value, source);
  const root = coerceMetadata({ metadata: object['metadata'] }, undefined, true);
  const metaHolder: Record<string, unknown> = { metadata: object['metadata'] };
  if (object['metadata'] === undefined || object['metadata'] === null) metaHolder['metadata'] = {};
  else if (root.error !== undefined) return { object: object as never, error: withoutPath(root.error), strictErrors };
  coerceMetadata(metaHolder, undefined, true);
  object['metadata'] = metaHolder['metadata'];
  const unknown = [...root.unknown, ...prune(object, schema, true)];
  pruneNulls(object, schema);
  const coerced = coerceMetadata(object, schema, false);
  if (coerced.error !== undefined) return { object: object as never, error: coerced.error, strictErrors };
  unknown.push(...coerced.unknown);
  if (schema !== undefined) applyDefaults(object, schema);
  return {
    object: object as unknown as Draft<KubeObject>,
    error: undefined,
    strictErrors: [...strictErrors, ...unknown.map((path) => `unknown field "${path}"`)],
  };
}

/** `metadata: Invalid value: …: json: cannot unmarshal …`: of the root's own metadata only the last part is said. */
function withoutPath(text: string): string {
  const start = text.indexOf('json: ');
  return start < 0 ? text : text.slice(start);
}

function duplicates(value: unknown, source: JsonSource): string[] {
  if (source.keys.size === 0) return [];
  const found = new Set<string>();
  const visit = (item: unknown, path: string): void => {
    if (Array.isArray(item)) {
      for (const [index, element] of item.entries()) visit(element, `${path}[${index}]`);
      return;
    }
    if (!isObject(item)) return;
    const keys = source.keys.get(item);
    if (keys === undefined) {
      for (const [key, member] of Object.entries(item)) visit(member, `${path}.${key}`);
      return;
    }
    const seen = new Set<string>();
    for (const key of keys) {
      if (seen.has(key)) found.add(`duplicate field "${`${path}.${key}`.slice(1)}"`);
      else visit(item[key], `${path}.${key}`);
      seen.add(key);
    }
  };
  visit(value, '');
  return [...found];
}
