/**
 * Field selectors: `metadata.name=web,spec.nodeName!=node-1`.
 * Invariant: a selector is plain data; which fields a kind offers is said by its Strategy.
 * Counterpart: k8s.io/apimachinery/pkg/fields.
 */
import { quote } from '../field/quote.ts';

export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export type FieldSelector = readonly FieldTerm[];
export type FieldSelectorResult = { readonly selector: FieldSelector } | { readonly error: string };

/** Fields that every kind offers. */
export const META_FIELDS: readonly string[] = ['metadata.name', 'metadata.namespace'];

/** @param supported the fields that the kind offers; others are an error */
export function parseFieldSelector(text: string, supported: readonly string[] = META_FIELDS): FieldSelectorResult {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text)) {
    if (part === '') continue;
    const match = /^((?:[^=!\\]|\\.|!(?!=))*?)(!=|==|=)(.*)$/s.exec(part);
    if (match === null) return { error: `invalid selector: '${text}'; can't understand '${part}'` };
    const [, field = '', operator, raw = ''] = match;
    const value = unescape(raw);
    if (value === undefined) return { error: `invalid field selector: ${quote(raw)}: invalid escape sequence` };
    if (!supported.includes(field)) return { error: `field label not supported: ${field}` };
    terms.push({ field, operator: operator === '!=' ? '!=' : '=', value });
  }
  return { selector: terms };
}

export function matchesFields(selector: FieldSelector, object: unknown): boolean {
  return selector.every(({ field, operator, value }) => (fieldText(object, field) === value) === (operator === '='));
}

/** The value that one term demands to be equal, if the selector has such a term: lets a list use a key directly. */
export function requiredValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find((term) => term.field === field && term.operator === '=')?.value;
}

/** A field as text: absent is empty, booleans are `true` and `false`. */
export function fieldText(object: unknown, field: string): string {
  let value: unknown = object;
  for (const name of field.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function splitTerms(text: string): readonly string[] {
  return text.match(/(?:[^,\\]|\\.|\\$)+/gs) ?? [];
}

function unescape(text: string): string | undefined {
  if (!/^(?:[^\\]|\\[\\,=])*$/s.test(text)) return undefined;
  return text.replace(/\\([\\,=])/g, '$1');
}
