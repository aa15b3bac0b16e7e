/**
 * The words of CEL expressions in manifests: of admission policies, of webhooks' conditions, of rules in definitions, of device classes.
 * Invariant: an expression that is not finished gives what its tokens are; the lexer is that of the API server.
 * Counterpart: none; syntax highlighting of a language within another.
 */
import { tokenize, type Token } from '../../apimachinery/cel/lexer.ts';
import type { FieldInfo } from '../fields.ts';
import type { Piece, TokenType } from './token.ts';

/** Fields that hold an expression, by the definition that holds them. */
const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.admissionregistration.v1.ApplyConfiguration': ['expression'],
  'io.k8s.api.admissionregistration.v1.AuditAnnotation': ['valueExpression'],
  'io.k8s.api.admissionregistration.v1.JSONPatch': ['expression'],
  'io.k8s.api.admissionregistration.v1.MatchCondition': ['expression'],
  'io.k8s.api.admissionregistration.v1.Validation': ['expression', 'messageExpression'],
  'io.k8s.api.admissionregistration.v1.Variable': ['expression'],
  'io.k8s.api.resource.v1.CELDeviceSelector': ['expression'],
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule': ['rule', 'messageExpression'],
};

export function isExpression({ holder = '', field = '' }: FieldInfo): boolean {
  return EXPRESSIONS[holder]?.includes(field) === true;
}

/** @returns offsets in the expression */
export function expressionPieces(source: string): readonly Piece[] {
  const tokens = tokenize(source, []);
  return tokens.flatMap((token, index): readonly Piece[] => {
    const type = typeOf(token, tokens[index - 1], tokens[index + 1]);
    return type === undefined ? [] : [{ start: token.start, end: token.start + token.text.length, type }];
  });
}

function typeOf({ type }: Token, before: Token | undefined, after: Token | undefined): TokenType | undefined {
  switch (type) {
    case 'IDENTIFIER':
    case 'ESC_IDENTIFIER':
      if (after?.type === '(') return 'function';
      return before?.type === '.' ? 'property' : 'variable';
    case 'true':
    case 'false':
    case 'null':
    case 'in':
      return 'keyword';
    case 'NUM_FLOAT':
    case 'NUM_INT':
    case 'NUM_UINT':
      return 'number';
    case 'STRING':
    case 'BYTES':
      return 'string';
    case 'EOF':
    case '[':
    case ']':
    case '{':
    case '}':
    case '(':
    case ')':
    case '.':
    case ',':
      return undefined;
    default:
      return 'operator';
  }
}
