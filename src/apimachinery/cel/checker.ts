/**
 * The type of every part of an expression, or what is wrong with it, in cel-go's words.
 * Invariant: pure; each part has a type afterwards, so that cost can be estimated and the expression be planned.
 * Counterpart: cel-go/checker.
 */
import { assign, assignAll, isDynOrError, isMoreGeneral, Mapping, substitute } from './assign.ts';
import { OP, type CallExpr, type ComprehensionExpr, type Expr, type SelectExpr, type StructExpr } from './ast.ts';
import type { Environment, FunctionDecl, Overload } from './environment.ts';
import type { Issue } from './source.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  ERROR,
  formatArguments,
  formatType,
  INT,
  isOptional,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  param,
  STRING,
  UINT,
  type Type,
} from './types.ts';
import { CelUint, type Value } from './values.ts';

export interface Checked {
  readonly expr: Expr;
  readonly type: Type;
  readonly types: ReadonlyMap<Expr, Type>;
  /** Chains of fields that are the name of a variable (`authorizer.requestResource`) or a type. */
  readonly names: ReadonlyMap<Expr, string>;
  /** Calls of functions whose name has a dot, so that what looks like a target is none. */
  readonly functions: ReadonlyMap<CallExpr, FunctionDecl>;
  readonly overloads: ReadonlyMap<CallExpr, readonly Overload[]>;
  readonly issues: readonly Issue[];
}

export function check(environment: Environment, expr: Expr): Checked {
  const checker = new Checker(environment);
  checker.check(expr);
  return checker.result(expr);
}

class Checker {
  private readonly environment: Environment;
  private readonly types = new Map<Expr, Type>();
  private readonly names = new Map<Expr, string>();
  private readonly functions = new Map<CallExpr, FunctionDecl>();
  private readonly overloads = new Map<CallExpr, readonly Overload[]>();
  private readonly issues: Issue[] = [];
  private readonly scopes: (readonly [string, Type])[] = [];
  private mapping = new Mapping();
  private freeVariables = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  result(expr: Expr): Checked {
    const { names, functions, overloads, issues } = this;
    const types = new Map([...this.types].map(([part, type]) => [part, substitute(this.mapping, type, true)]));
    return { expr, type: types.get(expr) ?? ERROR, types, names, functions, overloads, issues };
  }

  check(expr: Expr): Type {
    const type = this.typeOf(expr);
    this.types.set(expr, type);
    return type;
  }

  private typeOf(expr: Expr): Type {
    switch (expr.kind) {
      case 'const':
        return constantType(expr.value);
      case 'ident':
        return this.ident(expr, expr.name);
      case 'select':
        return this.select(expr);
      case 'call':
        return this.call(expr);
      case 'list':
        return this.list(expr.elements, expr.optional);
      case 'map':
        return this.map(expr);
      case 'struct':
        return this.struct(expr);
      default:
        return this.comprehension(expr);
    }
  }

  private ident(expr: Expr, name: string): Type {
    const found = this.lookup(name);
    if (found === undefined) return this.report(expr, `undeclared reference to '${name}' (in container '')`);
    this.names.set(expr, plainName(name));
    return found;
  }

  /** Local variables hide others, but for a name that begins with a dot. */
  private lookup(name: string): Type | undefined {
    if (!name.startsWith('.'))
      for (let index = this.scopes.length - 1; index >= 0; index--) {
        const scope = this.scopes[index];
        if (scope?.[0] === name) return scope[1];
      }
    const plain = plainName(name);
    return this.environment.variables.get(plain) ?? this.objectAsType(plain);
  }

  private objectAsType(name: string): Type | undefined {
    const type = this.environment.object(name);
    return type === undefined ? undefined : { kind: 'type', name: 'type', params: [type] };
  }

  private select(expr: SelectExpr): Type {
    if (!expr.testOnly) {
      const name = qualifiedName(expr);
      const isLocal = name !== undefined && this.scopes.some(([local]) => local === name.split('.')[0]);
      const found = name === undefined || isLocal ? undefined : this.lookup(name);
      if (name !== undefined && found !== undefined) {
        this.names.set(expr, plainName(name));
        return found;
      }
    }
    const operand = this.check(expr.operand);
    const type = this.field(expr, operand, expr.field);
    return expr.testOnly ? BOOL : type;
  }

  private field(at: Expr, operandType: Type, field: string): Type {
    const target = substitute(this.mapping, operandType, false);
    if (isOptional(target)) return optionalOf(this.plainField(at, target.params[0] ?? DYN, field));
    return this.plainField(at, target, field);
  }

  private plainField(at: Expr, targetType: Type, field: string): Type {
    const target = substitute(this.mapping, targetType, false);
    switch (target.kind) {
      case 'map':
        return target.params[1] ?? DYN;
      case 'object': {
        if (target.field === undefined) return this.report(at, `unexpected failed resolution of '${target.name}'`);
        const type = target.field(field);
        return type ?? this.report(at, `undefined field '${field}'`);
      }
      case 'param':
        this.isAssignable(DYN, target);
        return DYN;
      case 'dyn':
      case 'error':
        return DYN;
      default:
        this.report(at, `type '${formatType(target)}' does not support field selection`);
        return DYN;
    }
  }

  private call(expr: CallExpr): Type {
    if (expr.fn === OP.optSelect) return this.optionalSelect(expr);
    const { target, args, fn } = expr;
    for (const arg of args) this.check(arg);
    if (fn === OP.and || fn === OP.or) {
      for (const arg of args) this.assertType(arg, BOOL);
      return BOOL;
    }
    if (target === undefined) {
      const found = this.environment.functions.get(plainName(fn));
      if (found === undefined) return this.report(expr, `undeclared reference to '${fn}' (in container '')`);
      return this.resolve(expr, found, args, false);
    }
    const name = qualifiedName(target);
    const namespaced = name === undefined ? undefined : this.environment.functions.get(`${plainName(name)}.${fn}`);
    if (namespaced !== undefined) {
      this.functions.set(expr, namespaced);
      return this.resolve(expr, namespaced, args, false);
    }
    this.check(target);
    const found = this.environment.functions.get(fn);
    if (found === undefined) return this.report(expr, `undeclared reference to '${fn}' (in container '')`);
    return this.resolve(expr, found, [target, ...args], true);
  }

  private optionalSelect(expr: CallExpr): Type {
    const [operand, field] = expr.args as readonly [Expr, Expr];
    const target = substitute(this.mapping, this.check(operand), false);
    this.types.set(field, STRING);
    const name = field.kind === 'const' && typeof field.value === 'string' ? field.value : '';
    const type = this.plainField(expr, isOptional(target) ? (target.params[0] ?? DYN) : target, name);
    return isOptional(type) ? type : optionalOf(type);
  }

  private resolve(expr: CallExpr, fn: FunctionDecl, args: readonly Expr[], isMember: boolean): Type {
    const types = args.map((arg) => this.types.get(arg) ?? ERROR);
    let result: Type | undefined;
    const matching: Overload[] = [];
    for (const overload of fn.overloads) {
      if (overload.isMember !== isMember) continue;
      const instance = this.instantiate(overload);
      const mapping = assignAll(this.mapping, types, instance.args);
      if (mapping === undefined) continue;
      this.mapping = mapping;
      matching.push(overload);
      const type = substitute(mapping, instance.result, false);
      if (result === undefined) result = type;
      else if (result.kind !== 'dyn' && formatType(result) !== formatType(type)) result = DYN;
    }
    if (result === undefined) {
      const shown = formatArguments(
        types.map((type) => substitute(this.mapping, type, true)),
        isMember,
      );
      return this.report(expr, `found no matching overload for '${fn.name}' applied to '${shown}'`);
    }
    this.overloads.set(expr, matching);
    return result;
  }

  /** Fresh variables for the type parameters. */
  private instantiate(overload: Overload): Pick<Overload, 'args' | 'result'> {
    if (overload.typeParams.length === 0) return overload;
    let fresh = new Mapping();
    for (const name of overload.typeParams) fresh = fresh.with(param(name), this.freshVariable());
    return {
      args: overload.args.map((type) => substitute(fresh, type, false)),
      result: substitute(fresh, overload.result, false),
    };
  }

  private list(elements: readonly Expr[], optional: ReadonlySet<number>): Type {
    let type: Type | undefined;
    for (const [index, element] of elements.entries()) {
      const given = this.check(element);
      type = this.join(type, optional.has(index) ? this.unwrapOptional(element, given) : given);
    }
    return listOf(type ?? this.freshVariable());
  }

  private map(expr: Extract<Expr, { kind: 'map' }>): Type {
    let key: Type | undefined;
    let value: Type | undefined;
    for (const entry of expr.entries) {
      key = this.join(key, this.check(entry.key));
      const given = this.check(entry.value);
      value = this.join(value, entry.optional ? this.unwrapOptional(entry.value, given) : given);
    }
    return mapOf(key ?? this.freshVariable(), value ?? this.freshVariable());
  }

  private unwrapOptional(at: Expr, type: Type): Type {
    const known = substitute(this.mapping, type, false);
    if (isOptional(known)) return known.params[0] ?? DYN;
    if (!isDynOrError(known)) this.report(at, `expected type '${formatType(optionalOf(known))}' but found '${formatType(known)}'`);
    return known;
  }

  private struct(expr: StructExpr): Type {
    const name = plainName(expr.name);
    const type = this.environment.object(name);
    if (type === undefined) {
      const variable = this.environment.variables.get(name);
      if (variable === undefined) this.report(expr, `undeclared reference to '${name}' (in container '')`);
      else if (variable.kind === 'type') this.report(expr, `'${formatType(variable.params[0] ?? DYN)}' is not a message type`);
      else this.report(expr, `'${formatType(variable)}' is not a type`);
    }
    for (const field of expr.fields) {
      const given = this.check(field.value);
      const value = field.optional ? this.unwrapOptional(field.value, given) : given;
      if (type === undefined) continue;
      const declared = type.field?.(field.name);
      if (declared === undefined) this.issues.push({ offset: field.offset, message: `undefined field '${field.name}'` });
      else if (!this.isAssignable(declared, value)) {
        const message = `expected type of field '${field.name}' is '${formatType(declared)}' but provided type is '${formatType(this.known(value))}'`;
        this.issues.push({ offset: field.offset, message });
      }
    }
    return type ?? ERROR;
  }

  private comprehension(expr: ComprehensionExpr): Type {
    const range = this.known(this.check(expr.range));
    const accu = this.check(expr.accuInit);
    const [first, second] = this.iterated(expr, range);
    this.scopes.push([expr.accuVar, accu]);
    const depth = this.scopes.length;
    this.scopes.push([expr.iterVar, first]);
    if (expr.iterVar2 !== undefined) this.scopes.push([expr.iterVar2, second]);
    this.check(expr.condition);
    this.assertType(expr.condition, BOOL);
    this.check(expr.step);
    this.assertType(expr.step, accu);
    this.scopes.length = depth;
    const result = this.check(expr.result);
    this.scopes.pop();
    return this.known(result);
  }

  /** The types of the variables of a fold over a range. */
  private iterated({ range, iterVar2 }: ComprehensionExpr, type: Type): readonly [Type, Type] {
    switch (type.kind) {
      case 'list':
        return iterVar2 === undefined ? [type.params[0] ?? DYN, DYN] : [INT, type.params[0] ?? DYN];
      case 'map':
        return [type.params[0] ?? DYN, type.params[1] ?? DYN];
      case 'dyn':
      case 'error':
        return [DYN, DYN];
      case 'param':
        this.isAssignable(DYN, type);
        return [DYN, DYN];
      default:
        this.report(range, `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`);
        return [ERROR, ERROR];
    }
  }

  private join(previous: Type | undefined, current: Type): Type {
    if (previous === undefined) return current;
    if (this.isAssignable(previous, current)) {
      const [left, right] = [this.known(previous), this.known(current)];
      return isMoreGeneral(left, right) ? left : right;
    }
    // Whether that is an error is looked at afterwards: arguments of `format` may differ.
    return DYN;
  }

  private assertType(expr: Expr, type: Type): void {
    const given = this.types.get(expr) ?? ERROR;
    if (this.isAssignable(type, given)) return;
    this.report(expr, `expected type '${formatType(this.known(type))}' but found '${formatType(this.known(given))}'`);
  }

  private isAssignable(from: Type, to: Type): boolean {
    const mapping = assign(this.mapping, from, to);
    if (mapping !== undefined) this.mapping = mapping;
    return mapping !== undefined;
  }

  private known(type: Type): Type {
    return substitute(this.mapping, type, false);
  }

  private freshVariable(): Type {
    return param(`_var${this.freeVariables++}`);
  }

  private report(at: Expr, message: string): Type {
    this.issues.push({ offset: at.offset, message });
    return ERROR;
  }
}

/** `a.b.c` as a name, if it is nothing but names and dots. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const operand = qualifiedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

function plainName(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}

function constantType(value: Value): Type {
  if (value === null) return NULL;
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return STRING;
    default:
      return value instanceof CelUint ? UINT : BYTES;
  }
}
