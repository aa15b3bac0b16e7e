/** Where in an object a value stands: `status.conditions[Available].status`, `metadata.labels['app.kubernetes.io/name']`. */
import { isRecord } from '../manifest/recognise.ts';

/** A field's name or, in brackets, an item's number, its type or name, or `field=value` of it. */
export type FieldStep =
  { readonly field: string } | { readonly index: number } | { readonly key: string } | { readonly member: string; readonly value: string };

export type FieldPath = readonly FieldStep[];

const MAX_CACHED = 1000;
const cache = new Map<string, FieldPath | { readonly error: string }>();

export function parseFieldPath(text: string): { readonly path: FieldPath } | { readonly error: string } {
  let known = cache.get(text);
  if (known === undefined) {
    if (cache.size >= MAX_CACHED) cache.clear();
    known = parse(text);
    cache.set(text, known);
  }
  return 'error' in known ? known : { path: known };
}

function parse(text: string): FieldPath | { readonly error: string } {
  const steps: FieldStep[] = [];
  let at = text.startsWith('.') ? 1 : 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const name = /^[^.[\]]+/.exec(rest)?.[0];
    if (name !== undefined) {
      steps.push({ field: name });
      at += name.length;
    } else {
      const bracket = /^\[(?:'([^']*)'|"([^"]*)"|([^\]'"]*))\]/.exec(rest);
      if (bracket === null) return { error: `is no path of fields: stops making sense at "${rest}"` };
      steps.push(bracketOf(bracket[1] ?? bracket[2], bracket[3] ?? ''));
      at += bracket[0].length;
    }
    // A dot stands between a step and a name.
    if (text[at] === '.' && at + 1 < text.length) at++;
    else if (at < text.length && text[at] !== '[') return { error: `is no path of fields: stops making sense at "${text.slice(at)}"` };
  }
  return steps.length === 0 ? { error: 'is no path of fields' } : steps;
}

function bracketOf(quoted: string | undefined, bare: string): FieldStep {
  if (quoted !== undefined) return { key: quoted };
  if (/^\d+$/.test(bare)) return { index: Number(bare) };
  const equal = bare.indexOf('=');
  return equal < 0 ? { key: bare } : { member: bare.slice(0, equal), value: bare.slice(equal + 1) };
}

/** Undefined: nothing stands there. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  let at = object;
  for (const step of path) {
    at = into(at, step);
    if (at === undefined) return undefined;
  }
  return at;
}

function into(value: unknown, step: FieldStep): unknown {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    if ('index' in step) return items[step.index];
    if ('field' in step) return step.field === 'length' ? items.length : undefined;
    return items.find((item) => {
      if (!isRecord(item)) return false;
      return 'key' in step ? item['type'] === step.key || item['name'] === step.key : String(item[step.member]) === step.value;
    });
  }
  if (!isRecord(value)) return undefined;
  if ('field' in step) return value[step.field];
  if ('key' in step) return value[step.key];
  return undefined;
}
