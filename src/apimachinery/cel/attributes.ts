/** Which parts of an expression count as one thing to read. Counterpart: cel-go/interpreter/attributes.go. */
import { indexValue, optionalIndex, optionalSelect } from './access.ts';
import { OP, type Expr } from './ast.ts';
import { CelUint, type Value } from './values.ts';

export interface Access {
  readonly read: (value: Value, index: Value) => Value;
  readonly optional: boolean;
}

export const ATTRIBUTE_CALLS: ReadonlyMap<string, Access> = new Map([
  [OP.index, { read: indexValue, optional: false }],
  [OP.optIndex, { read: optionalIndex, optional: true }],
  [OP.optSelect, { read: optionalSelect, optional: true }],
]);

/** What is read as one: a variable, what is selected of it, and a choice between such. */
export function isAttribute(expr: Expr): boolean {
  if (expr.kind === 'ident') return true;
  if (expr.kind === 'select') return !expr.testOnly;
  return expr.kind === 'call' && (ATTRIBUTE_CALLS.has(expr.fn) || expr.fn === OP.conditional);
}

export function isPlain(value: Value): boolean {
  return typeof value !== 'object' || value instanceof CelUint;
}
