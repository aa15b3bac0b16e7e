/**
 * Macros: calls that become other expressions while parsing.
 * Counterpart: cel-go/parser/macro.go, ext/comprehensions.go and the macros of optional types.
 */
import { ACCU, OP, type CallExpr, type Expr } from './ast.ts';
import type { Issue } from './source.ts';
import type { Value } from './values.ts';

/**
 * What a call expands to; undefined if it is no macro, or if something is wrong with it (which `issues` gets).
 * @param bindings whether `cel.bind` is a macro
 */
export function expandMacro(call: CallExpr, issues: Issue[], bindings: boolean): Expr | undefined {
  const { fn, target, args } = call;
  const make = new Maker(call.offset, issues);
  if (target === undefined) return fn === 'has' && args.length === 1 ? make.presence(args[0] as Expr) : undefined;
  const [first, second, third, fourth] = args;
  if (first === undefined || second === undefined) return undefined;
  if (third === undefined) return ONE_VARIABLE[fn]?.(make, target, first, second);
  if (bindings && fn === 'bind' && args.length === 3 && target.kind === 'ident' && target.name === 'cel')
    return make.bind(first, second, third, 'cel.bind() variable names must be simple identifiers');
  if (fourth === undefined)
    return fn === 'map' ? make.map(target, first, third, second) : TWO_VARIABLES[fn]?.(make, target, [first, second], third);
  return args.length === 4 ? FILTERED[fn]?.(make, target, [first, second], third, fourth) : undefined;
}

type Pair = readonly [Expr, Expr];

const ONE_VARIABLE: Readonly<Record<string, (make: Maker, target: Expr, variable: Expr, body: Expr) => Expr | undefined>> = {
  all: (make, target, variable, body) => make.all(target, [variable], body),
  exists: (make, target, variable, body) => make.exists(target, [variable], body),
  exists_one: (make, target, variable, body) => make.existsOne(target, [variable], body),
  existsOne: (make, target, variable, body) => make.existsOne(target, [variable], body),
  map: (make, target, variable, body) => make.map(target, variable, body, undefined),
  filter: (make, target, variable, body) => make.filter(target, variable, body),
  sortBy: (make, target, variable, body) => make.sortBy(target, variable, body),
  optMap: (make, target, variable, body) => make.optMap(target, variable, body, true),
  optFlatMap: (make, target, variable, body) => make.optMap(target, variable, body, false),
};

const TWO_VARIABLES: Readonly<Record<string, (make: Maker, target: Expr, variables: Pair, body: Expr) => Expr | undefined>> = {
  all: (make, target, variables, body) => make.all(target, variables, body),
  exists: (make, target, variables, body) => make.exists(target, variables, body),
  exists_one: (make, target, variables, body) => make.existsOne(target, variables, body),
  existsOne: (make, target, variables, body) => make.existsOne(target, variables, body),
  transformList: (make, target, variables, body) => make.transformList(target, variables, undefined, body),
  transformMap: (make, target, variables, body) => make.transformMap(target, variables, undefined, body),
  transformMapEntry: (make, target, variables, body) => make.transformMapEntry(target, variables, undefined, body),
};

const FILTERED: Readonly<Record<string, (make: Maker, target: Expr, variables: Pair, filter: Expr, body: Expr) => Expr | undefined>> = {
  transformList: (make, target, variables, filter, body) => make.transformList(target, variables, filter, body),
  transformMap: (make, target, variables, filter, body) => make.transformMap(target, variables, filter, body),
  transformMapEntry: (make, target, variables, filter, body) => make.transformMapEntry(target, variables, filter, body),
};

const SORT_INPUT = '@__sortBy_input__';
const SIMPLE_NAME = 'argument must be a simple name';
const NOT_IDENTIFIER = 'argument is not an identifier';

/** Everything that a macro makes stands where the macro stands. */
class Maker {
  private readonly offset: number;
  private readonly issues: Issue[];

  constructor(offset: number, issues: Issue[]) {
    this.offset = offset;
    this.issues = issues;
  }

  presence(argument: Expr): Expr | undefined {
    if (argument.kind === 'select' && !argument.testOnly)
      return { kind: 'select', offset: this.offset, operand: argument.operand, field: argument.field, testOnly: true };
    this.issues.push({ offset: argument.offset, message: 'invalid argument to has() macro' });
    return undefined;
  }

  all(range: Expr, variables: readonly Expr[], body: Expr): Expr | undefined {
    const condition = this.call(OP.notStrictlyFalse, [this.accu()]);
    return this.fold(range, variables, SIMPLE_NAME, this.constant(true), condition, this.call(OP.and, [this.accu(), body]), this.accu());
  }

  exists(range: Expr, variables: readonly Expr[], body: Expr): Expr | undefined {
    const condition = this.call(OP.notStrictlyFalse, [this.call(OP.not, [this.accu()])]);
    return this.fold(range, variables, SIMPLE_NAME, this.constant(false), condition, this.call(OP.or, [this.accu(), body]), this.accu());
  }

  existsOne(range: Expr, variables: readonly Expr[], body: Expr): Expr | undefined {
    const step = this.when(body, this.call(OP.add, [this.accu(), this.constant(1n)]));
    const result = this.call(OP.equals, [this.accu(), this.constant(1n)]);
    return this.fold(range, variables, SIMPLE_NAME, this.constant(0n), this.constant(true), step, result);
  }

  map(range: Expr, variable: Expr, body: Expr, filter: Expr | undefined): Expr | undefined {
    const step = this.when(filter, this.call(OP.add, [this.accu(), this.list([body])]));
    return this.fold(range, [variable], NOT_IDENTIFIER, this.list([]), this.constant(true), step, this.accu());
  }

  filter(range: Expr, variable: Expr, body: Expr): Expr | undefined {
    const step = this.when(body, this.call(OP.add, [this.accu(), this.list([variable])]));
    return this.fold(range, [variable], NOT_IDENTIFIER, this.list([]), this.constant(true), step, this.accu());
  }

  transformList(range: Expr, variables: Pair, filter: Expr | undefined, body: Expr): Expr | undefined {
    const step = this.when(filter, this.call(OP.add, [this.accu(), this.list([body])]));
    return this.fold(range, variables, SIMPLE_NAME, this.list([]), this.constant(true), step, this.accu());
  }

  transformMap(range: Expr, variables: Pair, filter: Expr | undefined, body: Expr): Expr | undefined {
    const step = this.when(filter, this.call('cel.@mapInsert', [this.accu(), variables[0], body]));
    return this.fold(range, variables, SIMPLE_NAME, this.emptyMap(), this.constant(true), step, this.accu());
  }

  transformMapEntry(range: Expr, variables: Pair, filter: Expr | undefined, body: Expr): Expr | undefined {
    const step = this.when(filter, this.call('cel.@mapInsert', [this.accu(), body]));
    return this.fold(range, variables, SIMPLE_NAME, this.emptyMap(), this.constant(true), step, this.accu());
  }

  /** `x.sortBy(v, e)`: x by the values of e. */
  sortBy(target: Expr, variable: Expr, body: Expr): Expr | undefined {
    if (target.kind === 'const' || target.kind === 'map' || target.kind === 'struct')
      return this.fail(target, 'sortBy can only be applied to a list, identifier, comprehension, call or select expression');
    const input: Expr = { kind: 'ident', offset: this.offset, name: SORT_INPUT };
    const keys = this.map(input, variable, body, undefined);
    if (keys === undefined) return undefined;
    const result: CallExpr = { kind: 'call', offset: this.offset, fn: '@sortByAssociatedKeys', target: input, args: [keys] };
    return {
      kind: 'comprehension',
      offset: this.offset,
      range: this.list([]),
      iterVar: '#unused',
      iterVar2: undefined,
      accuVar: SORT_INPUT,
      accuInit: target,
      condition: this.constant(false),
      step: input,
      result,
    };
  }

  /** `x.optMap(v, e)`: e with v bound to the value, if there is one. */
  optMap(target: Expr, variable: Expr, body: Expr, wrap: boolean): Expr | undefined {
    const complaint = `${wrap ? 'optMap' : 'optFlatMap'}() variable name must be a simple identifier`;
    const bound = this.bind(variable, this.memberCall('value', target), body, complaint);
    if (bound === undefined) return undefined;
    const some = wrap ? this.call('optional.of', [bound]) : bound;
    return this.call(OP.conditional, [this.memberCall('hasValue', target), some, this.call('optional.none', [])]);
  }

  /** An accumulator over nothing is a variable: the body sees what it started with. */
  bind(variable: Expr, value: Expr, body: Expr, complaint: string): Expr | undefined {
    if (variable.kind !== 'ident') return this.fail(variable, complaint);
    return {
      kind: 'comprehension',
      offset: this.offset,
      range: this.list([]),
      iterVar: '#unused',
      iterVar2: undefined,
      accuVar: variable.name,
      accuInit: value,
      condition: this.constant(false),
      step: { kind: 'ident', offset: this.offset, name: variable.name },
      result: body,
    };
  }

  private fold(
    range: Expr,
    variables: readonly Expr[],
    complaint: string,
    accuInit: Expr,
    condition: Expr,
    step: Expr,
    result: Expr,
  ): Expr | undefined {
    const names: string[] = [];
    for (const variable of variables) {
      if (variable.kind !== 'ident') return this.fail(variable, complaint);
      if (variable.name === ACCU || variable.name === '__result__')
        return this.fail(variable, 'iteration variable overwrites accumulator variable');
      names.push(variable.name);
    }
    if (names.length === 2 && names[0] === names[1]) return this.fail(variables[1] as Expr, `duplicate variable name: ${names[1] ?? ''}`);
    const [iterVar = '', iterVar2] = names;
    return { kind: 'comprehension', offset: this.offset, range, iterVar, iterVar2, accuVar: ACCU, accuInit, condition, step, result };
  }

  private fail(at: Expr, message: string): undefined {
    this.issues.push({ offset: at.offset, message });
    return undefined;
  }

  private accu(): Expr {
    return { kind: 'ident', offset: this.offset, name: ACCU };
  }

  private when(filter: Expr | undefined, step: Expr): Expr {
    return filter === undefined ? step : this.call(OP.conditional, [filter, step, this.accu()]);
  }

  private call(fn: string, args: readonly Expr[]): Expr {
    return { kind: 'call', offset: this.offset, fn, target: undefined, args };
  }

  private memberCall(fn: string, target: Expr): Expr {
    return { kind: 'call', offset: this.offset, fn, target, args: [] };
  }

  private list(elements: readonly Expr[]): Expr {
    return { kind: 'list', offset: this.offset, elements, optional: new Set() };
  }

  private emptyMap(): Expr {
    return { kind: 'map', offset: this.offset, entries: [] };
  }

  private constant(value: Value): Expr {
    return { kind: 'const', offset: this.offset, value };
  }
}
