/**
 * What is wrong with a patch itself, before and after it was laid over an object, and which answer that is.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { UNPROCESSABLE_TEXT } from '../../apimachinery/patch/result.ts';
import type { JsonSource } from '../../apimachinery/scheme/jsonText.ts';

/** A patch that cannot be read or carried out. */
export function badPatch(text: string): Status {
  if (text.startsWith('The allowed maximum operations')) {
    return errors.failure(413, 'RequestEntityTooLarge', `Request entity too large: ${text}`, {});
  }
  if (text.startsWith("patch content doesn't match")) return unprocessable();
  const isMalformed = text.startsWith('error decoding patch') || text.startsWith('json:') || text.startsWith('invalid patch format');
  return isMalformed ? errors.badRequest(text) : errors.failure(500, undefined, text);
}

/** A patch that does not fit the object. The server's answer does not say why. */
export function unprocessable(): Status {
  return errors.failure(422, 'Invalid', UNPROCESSABLE_TEXT, {});
}

/** What the patch makes is no object of the kind. */
export function unfitting(text: string, reason: string): Status {
  const message = `Invalid value: ${quote(text)}: ${reason}`;
  return errors.failure(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
}

const OPERATION_FIELDS: ReadonlySet<string> = new Set(['op', 'from', 'path', 'value']);

/** What a strict reader says of a list of operations. */
export function strictOperationErrors(patch: unknown, source: JsonSource): readonly string[] {
  if (!Array.isArray(patch)) return [];
  const unknown = (patch as readonly unknown[]).flatMap((operation, index) =>
    isBag(operation)
      ? Object.keys(operation)
          .filter((name) => !OPERATION_FIELDS.has(name))
          .map((name) => `unknown field ${quote(`[${index}].${name}`)}`)
      : [],
  );
  return [...repeatedFields(patch, source), ...unknown].map((text) => `json patch ${text}`);
}

/** Members that stand twice in the text of a patch. */
export function repeatedFields(patch: unknown, source: JsonSource, path = ''): readonly string[] {
  if (source.keys.size === 0) return [];
  if (Array.isArray(patch)) return patch.flatMap((item, index) => repeatedFields(item, source, `${path}[${index}]`));
  if (!isBag(patch)) return [];
  const found: string[] = [];
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const keys = source.keys.get(patch) ?? [];
  for (const name of new Set(keys.filter((key, index) => keys.indexOf(key) !== index))) found.push(`duplicate field ${quote(at(name))}`);
  for (const [name, item] of Object.entries(patch)) found.push(...repeatedFields(item, source, at(name)));
  return found;
}

function isBag(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
