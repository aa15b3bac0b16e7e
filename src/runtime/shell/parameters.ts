import { matches, patternSource } from './pattern.ts';
import type { ParameterOperator } from './syntax.ts';

/** The value that a variable gets or a problem, where an operator asks for more than a text. */
export type Expanded = { readonly text: string; readonly assign?: boolean } | { readonly problem: string };

/**
 * `${NAME…}` with an operator.
 * @param value undefined: not set
 * @param operand expanded already; for patterns with what was quoted escaped
 */
export function applyOperator(
  name: string,
  value: string | undefined,
  operator: ParameterOperator,
  operand: string,
  second: string | undefined,
): Expanded {
  const text = value ?? '';
  switch (operator) {
    case ':-':
      return { text: text === '' ? operand : text };
    case '-':
      return { text: value ?? operand };
    case ':=':
      return text === '' ? { text: operand, assign: true } : { text };
    case '=':
      return value === undefined ? { text: operand, assign: true } : { text };
    case ':+':
      return { text: text === '' ? '' : operand };
    case '+':
      return { text: value === undefined ? '' : operand };
    case ':?':
    case '?':
      if (value !== undefined && (operator === '?' || value !== '')) return { text };
      return { problem: `${name}: ${operand === '' ? `parameter not set${operator === ':?' ? ' or null' : ''}` : operand}` };
    case 'length':
      return { text: String([...text].length) };
    case '#':
    case '##':
      return { text: withoutPrefix(text, operand, operator === '##') };
    case '%':
    case '%%':
      return { text: withoutSuffix(text, operand, operator === '%%') };
    case '/':
    case '//':
      return { text: replaced(text, operand, second ?? '', operator === '//') };
    case ':':
      return { text: slice(text, operand, second) };
    case '^^':
      return { text: text.toUpperCase() };
    case ',,':
      return { text: text.toLowerCase() };
    case '^':
      return { text: text.charAt(0).toUpperCase() + text.slice(1) };
    case ',':
      return { text: text.charAt(0).toLowerCase() + text.slice(1) };
    case '!':
      return { text };
  }
}

function withoutPrefix(text: string, pattern: string, longest: boolean): string {
  for (let step = 0; step <= text.length; step++) {
    const size = longest ? text.length - step : step;
    if (matches(pattern, text.slice(0, size))) return text.slice(size);
  }
  return text;
}

function withoutSuffix(text: string, pattern: string, longest: boolean): string {
  for (let step = 0; step <= text.length; step++) {
    const size = longest ? step : text.length - step;
    if (matches(pattern, text.slice(size))) return text.slice(0, size);
  }
  return text;
}

function replaced(text: string, pattern: string, by: string, all: boolean): string {
  if (pattern === '') return text;
  const [source, flags] = pattern.startsWith('#')
    ? [`^${patternSource(pattern.slice(1))}`, '']
    : pattern.startsWith('%')
      ? [`${patternSource(pattern.slice(1))}$`, '']
      : [patternSource(pattern), all ? 'g' : ''];
  return text.replace(new RegExp(source, flags), () => by);
}

function slice(text: string, from: string, count: string | undefined): string {
  const start = Number.parseInt(from, 10) || 0;
  const begin = start < 0 ? Math.max(text.length + start, 0) : start;
  if (count === undefined) return text.slice(begin);
  const size = Number.parseInt(count, 10) || 0;
  return text.slice(begin, size < 0 ? text.length + size : begin + size);
}
