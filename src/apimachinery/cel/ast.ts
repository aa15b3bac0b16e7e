import type { Value } from './values.ts';

/** Where an expression stands: the offset in code points of what cel-go reports it by (an operator, a dot, a bracket). */
interface Placed {
  readonly offset: number;
}

export interface ConstExpr extends Placed {
  readonly kind: 'const';
  readonly value: Value;
}

export interface IdentExpr extends Placed {
  readonly kind: 'ident';
  readonly name: string;
}

export interface SelectExpr extends Placed {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  /** `has(a.b)` rather than `a.b` */
  readonly testOnly: boolean;
}

export interface CallExpr extends Placed {
  readonly kind: 'call';
  /** `_+_`, `startsWith` */
  readonly fn: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}

export interface ListExpr extends Placed {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
  /** Indexes of `?x`: left out where the optional is empty. */
  readonly optional: ReadonlySet<number>;
}

export interface MapEntry extends Placed {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapExpr extends Placed {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface StructField extends Placed {
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface StructExpr extends Placed {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly StructField[];
}

/** What macros like `all` expand to: a fold over a list or a map. */
export interface ComprehensionExpr extends Placed {
  readonly kind: 'comprehension';
  readonly range: Expr;
  readonly iterVar: string;
  /** The value beside the index or key, in comprehensions of two variables. */
  readonly iterVar2: string | undefined;
  readonly accuVar: string;
  readonly accuInit: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

export type Expr = ConstExpr | IdentExpr | SelectExpr | CallExpr | ListExpr | MapExpr | StructExpr | ComprehensionExpr;

export const ACCU = '@result';

/** The operators as functions, by the names that messages give them. */
export const OP = {
  conditional: '_?_:_',
  and: '_&&_',
  or: '_||_',
  not: '!_',
  negate: '-_',
  equals: '_==_',
  notEquals: '_!=_',
  less: '_<_',
  lessEquals: '_<=_',
  greater: '_>_',
  greaterEquals: '_>=_',
  add: '_+_',
  subtract: '_-_',
  multiply: '_*_',
  divide: '_/_',
  modulo: '_%_',
  index: '_[_]',
  optIndex: '_[?_]',
  optSelect: '_?._',
  in: '@in',
  notStrictlyFalse: '@not_strictly_false',
} as const;

/** The parts of an expression, in the order of the text. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case 'list':
      return expr.elements;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'comprehension':
      return [expr.range, expr.accuInit, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
