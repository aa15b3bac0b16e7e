/**
 * .dockerignore: which files of the context are left out.
 * Counterpart: github.com/moby/patternmatcher.
 */
import { expressionOf } from '../pattern.ts';

interface Pattern {
  readonly expression: RegExp;
  readonly negated: boolean;
}

/** @returns whether a path relative to the context is left out: the last pattern that fits it or a directory above it decides */
export function ignoredBy(text: string): (path: string) => boolean {
  const patterns = text.split(/\r?\n/).flatMap(patternOf);
  return (path) => {
    let ignored = false;
    for (const { expression, negated } of patterns) if (ignored === negated && expression.test(path)) ignored = !negated;
    return ignored;
  };
}

/** Whether a directory need not be looked into: it is left out and nothing below it is taken back in. */
export function mayPrune(text: string): boolean {
  return !text.split(/\r?\n/).some((line) => line.trim().startsWith('!'));
}

function patternOf(line: string): readonly Pattern[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  if (trimmed === '' || trimmed === '.' || trimmed === '/') return [];
  const negated = trimmed.startsWith('!');
  const pattern = cleaned(negated ? trimmed.slice(1).trim() : trimmed);
  return pattern === '' ? [] : [{ expression: expressionOf(`^${source(pattern)}(?:/.*)?$`), negated }];
}

/** `/a//b/../c/` is `a/c`. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function source(pattern: string): string {
  let made = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const close = char === '[' ? pattern.indexOf(']', at + 1) : -1;
    if (pattern.startsWith('**/', at)) {
      made += '(?:.*/)?';
      at += 2;
    } else if (pattern.startsWith('**', at)) {
      made += '.*';
      at += 1;
    } else if (char === '*') made += '[^/]*';
    else if (char === '?') made += '[^/]';
    else if (close > 0) {
      made += `[${pattern.slice(at + 1, close).replaceAll('\\', '\\\\')}]`;
      at = close;
    } else made += (char === '\\' && at + 1 < pattern.length ? pattern.charAt(++at) : char).replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return made;
}
