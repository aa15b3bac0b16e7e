/**
 * Regular expressions as Go's regexp package reads them: linear in time, with its messages.
 * Invariant: compiling never throws; a pattern is compiled once.
 * Counterpart: Go's regexp and regexp/syntax.
 */
import { RE2JS } from 're2js';

export interface GoRegexp {
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean;
  /** The first occurrences, as [start, end] in UTF-16 units; all of them if `limit` is negative. */
  find(text: string, limit: number): readonly (readonly [number, number])[];
  /** The first occurrence and what its groups hold, the whole before the first; an unused group is empty. Undefined: there is none. */
  groups(text: string): readonly string[] | undefined;
}

export type CompiledRegexp = { readonly regexp: GoRegexp } | { readonly error: string };

const MAX_CACHED = 500;
const cache = new Map<string, CompiledRegexp>();

/** @returns `error parsing regexp: missing closing ): …` if the pattern is none */
export function compileGoRegexp(pattern: string): CompiledRegexp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const compiled = compile(pattern);
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): CompiledRegexp {
  try {
    const compiled = RE2JS.compile(pattern);
    const test = (text: string): boolean => compiled.test(text);
    return { regexp: { test, find: (text, limit) => occurrences(compiled, text, limit), groups: (text) => groupsOf(compiled, text) } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: message.startsWith('error parsing regexp: ') ? message : `error parsing regexp: ${message}` };
  }
}

function groupsOf(compiled: RE2JS, text: string): readonly string[] | undefined {
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
}

function occurrences(compiled: RE2JS, text: string, limit: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const matcher = compiled.matcher(text);
  while ((limit < 0 || found.length < limit) && matcher.find()) found.push([matcher.start(), matcher.end()]);
  return found;
}
