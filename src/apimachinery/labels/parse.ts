/**
 * The text form of selectors, as `?labelSelector=` and `kubectl -l` have it: `app=web,tier in (a,b),!legacy,size>3`.
 * Counterpart: k8s.io/apimachinery/pkg/labels.Parse.
 */
import { errorText, invalid } from '../field/error.ts';
import { Path } from '../field/path.ts';
import { isQualifiedName, isValidLabelValue } from '../validation/names.ts';
import type { Requirement, Selector, SelectorOperator } from './selector.ts';

export type SelectorResult = { readonly selector: Selector } | { readonly error: string };

/** @returns the selector, or what the API server says is wrong with the text */
export function parseSelector(text: string): SelectorResult {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? END;
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  // Where a value may stand, `in` and `notin` are ordinary words.
  const isWord = ({ kind }: Token): boolean => kind === 'word' || kind === 'in' || kind === 'notin';
  const fail = (message: string): never => {
    throw new SyntaxProblem(message);
  };

  const parseValues = (): readonly string[] => {
    if (peek().kind !== '(') fail(`found '${next().text}' expected: '('`);
    next();
    const values = new Set<string>();
    for (;;) {
      const token = peek();
      if (token.kind === ')') {
        next();
        return [...values];
      }
      if (token.kind === ',') {
        next();
        if (values.size === 0) values.add('');
        if (peek().kind === ')' || peek().kind === ',') values.add('');
      } else if (isWord(token)) {
        values.add(next().text);
        if (peek().kind !== ',' && peek().kind !== ')') fail(`found '${peek().text}', expected: ',' or ')'`);
      } else fail(`found '${token.text}', expected: ',', ')' or identifier`);
    }
  };

  const parseRequirement = (): Requirement => {
    const negated = peek().kind === '!';
    if (negated) next();
    const keyToken = next();
    if (keyToken.kind !== 'word') fail(`found '${keyToken.text}', expected: identifier`);
    const key = keyToken.text;
    checkKey(key);
    if (negated) return { key, operator: '!', values: [] };
    if (peek().kind === 'end' || peek().kind === ',') return { key, operator: 'exists', values: [] };
    const token = next();
    const operator = OPERATORS[token.kind];
    if (operator === undefined) return fail(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    if (operator === 'in' || operator === 'notin') {
      const values = parseValues();
      if (values.length === 0)
        fail(errorText(invalid(Path.of('values'), values, "for 'in', 'notin' operators, values set can't be empty")));
      return checked({ key, operator, values });
    }
    if (peek().kind === 'end' || peek().kind === ',') return checked({ key, operator, values: [''] });
    const value = next();
    if (!isWord(value)) fail(`found '${value.text}', expected: identifier`);
    return checked({ key, operator, values: [value.text] });
  };

  try {
    const requirements: Requirement[] = [];
    while (peek().kind !== 'end') {
      const token = peek();
      if (token.kind !== 'word' && token.kind !== '!') fail(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(asRequirement(parseRequirement));
      if (peek().kind === 'end') break;
      const separator = next();
      if (separator.kind !== ',') fail(`found '${separator.text}', expected: ',' or 'end of string'`);
      if (peek().kind !== 'word' && peek().kind !== '!') fail(`found '${peek().text}', expected: identifier after ','`);
    }
    return { selector: requirements };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { error: error.message };
    throw error;
  }
}

/** Never leaves this file: it ends the parse at the place where the text is found wrong. */
class SyntaxProblem extends Error {}

interface Token {
  readonly kind: 'word' | 'in' | 'notin' | ',' | '(' | ')' | '!' | '=' | '==' | '!=' | '<' | '>' | 'end';
  readonly text: string;
}

const END: Token = { kind: 'end', text: '' };
const OPERATORS: Partial<Record<Token['kind'], SelectorOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '=',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

function asRequirement(parse: () => Requirement): Requirement {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxProblem) throw new SyntaxProblem(`unable to parse requirement: ${error.message}`);
    throw error;
  }
}

function checkKey(key: string): void {
  const [problem] = isQualifiedName(key);
  if (problem !== undefined) throw new SyntaxProblem(errorText(invalid(Path.of('key'), key, isQualifiedName(key).join('; '))));
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  const path = Path.of('values');
  if (operator === 'gt' || operator === 'lt') {
    const value = values[0] ?? '';
    if (!/^[-+]?[0-9]+$/.test(value))
      throw new SyntaxProblem(errorText(invalid(path.index(0), value, "for 'Gt', 'Lt' operators, the value must be an integer")));
  }
  values.forEach((value, index) => {
    const problems = isValidLabelValue(value);
    if (problems.length > 0) throw new SyntaxProblem(errorText(invalid(path.index(index).key(key), value, problems.join('; '))));
  });
  return requirement;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/\s+|==|!=|[=!<>(),]|[^\s=!<>(),]+/g)) {
    const part = match[0];
    if (part.trim() === '') continue;
    if (part === 'in' || part === 'notin') tokens.push({ kind: part, text: part });
    else if (/^[=!<>(),]/.test(part)) tokens.push({ kind: part as Token['kind'], text: part });
    else tokens.push({ kind: 'word', text: part });
  }
  return tokens;
}
