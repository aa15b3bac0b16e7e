/**
 * A checked expression as a function: planned once, run often.
 * Invariant: running is deterministic and counts its cost as Kubernetes does; it ends with CostExceeded at the limit.
 * Counterpart: cel-go/interpreter (planner, interpretable, runtimecost).
 */
import { ACCU, OP, type CallExpr, type ComprehensionExpr, type Expr } from './ast.ts';
import type { Checked } from './checker.ts';
import { callCost } from './cost/actual.ts';
import type { Constants } from './constants.ts';
import type { Environment, Implementation } from './environment.ts';
import { selectField, testField } from './access.ts';
import { ATTRIBUTE_CALLS, isAttribute, isPlain, type Access } from './attributes.ts';
import { celEquals } from './equality.ts';
import { CelError, CelOptional, CelTypeValue, CostExceeded, isList, MapLike, MapValue, noSuchOverload, type Value } from './values.ts';

/** The variables of one run, and what it has cost so far. */
export interface Frame {
  readonly slots: (Value | Failed | undefined)[];
  cost: number;
  readonly limit: number;
}

/** An error that a fold carries on: a later item may decide without it. */
class Failed {
  readonly error: CelError;

  constructor(error: CelError) {
    this.error = error;
  }
}

export type Step = (frame: Frame) => Value;

/** How an object of a declared type is made of its fields. */
export type ObjectMaker = (name: string, fields: ReadonlyMap<string, Value>) => Value;

export interface Plan {
  readonly run: Step;
  /** The slots of the variables that the expression uses. */
  readonly slots: ReadonlyMap<string, number>;
  readonly size: number;
}

export function plan(environment: Environment, checked: Checked, makeObject: ObjectMaker, constants: Constants): Plan {
  const planner = new Planner(environment, checked, makeObject, constants);
  const run = planner.step(checked.expr);
  return { run, slots: planner.slots, size: planner.size };
}

const LIST_COST = 10;
const MAP_COST = 30;
const STRUCT_COST = 40;

function charge(frame: Frame, cost: number): void {
  frame.cost += cost;
  if (frame.cost > frame.limit) throw new CostExceeded('operation cancelled: actual cost limit exceeded');
}

class Planner {
  readonly slots = new Map<string, number>();
  size = 0;
  private readonly environment: Environment;
  private readonly checked: Checked;
  private readonly makeObject: ObjectMaker;
  private readonly constants: Constants;
  private readonly locals: (readonly [string, number])[] = [];

  constructor(environment: Environment, checked: Checked, makeObject: ObjectMaker, constants: Constants) {
    this.environment = environment;
    this.checked = checked;
    this.makeObject = makeObject;
    this.constants = constants;
  }

  /** @param free an attribute of which only the qualifiers count: it is read as a part of another one */
  step(expr: Expr, free = false): Step {
    const constant = this.constants.get(expr);
    if (constant !== undefined) return () => constant.value;
    switch (expr.kind) {
      case 'const': {
        const { value } = expr;
        return () => value;
      }
      case 'ident':
        return this.variable(this.checked.names.get(expr) ?? expr.name, expr.name.startsWith('.'), free);
      case 'select': {
        const name = this.checked.names.get(expr);
        return name === undefined ? this.select(expr, free) : this.variable(name, true, free);
      }
      case 'call':
        return this.call(expr, free);
      case 'list':
        return this.list(expr);
      case 'map':
        return this.map(expr);
      case 'struct':
        return this.struct(expr);
      default:
        return this.comprehension(expr);
    }
  }

  private variable(name: string, isGlobal: boolean, free = false): Step {
    const slot = (isGlobal ? undefined : this.local(name)) ?? this.global(name);
    if (slot === undefined) {
      const type = new CelTypeValue(name);
      return () => type;
    }
    return (frame) => {
      if (!free) charge(frame, 1);
      const value = frame.slots[slot];
      if (value instanceof Failed) throw value.error;
      if (value === undefined) throw new CelError(`no such attribute(s): ${name}`);
      return value;
    };
  }

  private local(name: string): number | undefined {
    return this.locals.findLast(([local]) => local === name)?.[1];
  }

  private global(name: string): number | undefined {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    const type = this.environment.variables.get(name);
    if (type === undefined || type.kind === 'type') return undefined;
    const slot = this.size++;
    this.slots.set(name, slot);
    return slot;
  }

  private select({ operand, field, testOnly }: Extract<Expr, { kind: 'select' }>, free: boolean): Step {
    const target = this.step(operand, free);
    const cost = 1 + this.baseCost(operand, free);
    if (testOnly) return (frame) => testField(target(frame), field);
    return (frame) => {
      const value = target(frame);
      charge(frame, cost);
      return selectField(value, field);
    };
  }

  /** What is no attribute becomes one when something of it is read. */
  private baseCost(operand: Expr, free: boolean): number {
    return free || (isAttribute(operand) && !this.constants.has(operand)) ? 0 : 1;
  }

  private call(expr: CallExpr, free: boolean): Step {
    const { fn, args } = expr;
    const place = ATTRIBUTE_CALLS.get(fn);
    if (place !== undefined) return this.access(expr, place, free);
    const [first, second, third] = args.map((arg, index) => this.step(arg, fn === OP.conditional && index > 0));
    if (first !== undefined && second !== undefined) {
      if (third !== undefined && fn === OP.conditional) return (frame) => (truth(first(frame)) ? second(frame) : third(frame));
      switch (fn) {
        case OP.and:
          return logical(first, second, false);
        case OP.or:
          return logical(first, second, true);
        case OP.equals:
          return this.charged(expr, [first, second], ([a, b]) => celEquals(a as Value, b as Value));
        case OP.notEquals:
          return this.charged(expr, [first, second], ([a, b]) => !celEquals(a as Value, b as Value));
        case OP.in: {
          const container = args[1];
          const list = container === undefined ? undefined : this.constants.get(container)?.value;
          // A look into a set that is known beforehand costs nothing.
          if (list !== undefined && isList(list) && list.every(isPlain))
            return (frame) => {
              const wanted = first(frame);
              return list.some((item) => celEquals(item, wanted));
            };
          break;
        }
        default:
          break;
      }
      if (fn === OP.add && isAccu(args[0]) && args[1]?.kind === 'list') return this.append(args[1].elements, second);
    }
    if (fn === OP.notStrictlyFalse && first !== undefined) return notStrictlyFalse(first);
    if (fn === 'orValue' || fn === 'or') {
      const lazy = this.optionalOr(expr, first);
      if (lazy !== undefined) return lazy;
    }
    return this.ordinary(expr);
  }

  /** `operand[index]`, `operand.?field`, `operand[?index]` */
  private access({ args }: CallExpr, { read, optional }: Access, free: boolean): Step {
    const [operand, key] = args as readonly [Expr, Expr];
    const target = this.step(operand, free);
    const index = this.step(key, isAttribute(key));
    const base = this.baseCost(operand, free);
    return (frame) => {
      const [value, at] = [target(frame), index(frame)];
      charge(frame, optional ? base : base + 1);
      const found = read(value, at);
      if (optional && found instanceof CelOptional && found.value !== undefined) charge(frame, 1);
      return found;
    };
  }

  private ordinary(expr: CallExpr): Step {
    const namespaced = this.checked.functions.get(expr);
    const declaration = namespaced ?? this.environment.functions.get(expr.fn.startsWith('.') ? expr.fn.slice(1) : expr.fn);
    if (declaration === undefined) throw new Error(`unplanned function ${expr.fn}`);
    const steps = [...(expr.target === undefined || namespaced !== undefined ? [] : [expr.target]), ...expr.args].map((arg) =>
      this.step(arg),
    );
    return this.charged(expr, steps, declaration.call, declaration.name);
  }

  private charged(expr: CallExpr, steps: readonly Step[], call: Implementation, name: string = expr.fn): Step {
    const { overloads } = this.checked;
    const overload = overloads.get(expr)?.length === 1 ? (overloads.get(expr)?.[0]?.id ?? '') : '';
    return (frame) => {
      const values: Value[] = [];
      let result: Value;
      try {
        for (const step of steps) values.push(step(frame));
        result = call(values);
      } catch (error) {
        // What fails has been done all the same.
        if (error instanceof CelError) charge(frame, values.length < steps.length ? 1 : callCost(name, overload, values, null));
        throw error;
      }
      charge(frame, callCost(name, overload, values, result));
      return result;
    };
  }

  /** `a.orValue(b)` and `a.or(b)` do not look at b if a has a value. */
  private optionalOr(expr: CallExpr, other: Step | undefined): Step | undefined {
    if (expr.target === undefined || other === undefined || this.checked.functions.has(expr)) return undefined;
    const target = this.step(expr.target);
    return (frame) => {
      const value = target(frame);
      if (!(value instanceof CelOptional)) throw noSuchOverload();
      if (value.value === undefined) return other(frame);
      return expr.fn === 'or' ? value : value.value;
    };
  }

  /** What `map` and `filter` do for each item. Nobody but the fold sees the list while it grows. */
  private append(elements: readonly Expr[], items: Step): Step {
    const accu = this.variable(ACCU, false);
    const single = elements.length === 1 && elements[0] !== undefined ? this.step(elements[0]) : undefined;
    return (frame) => {
      const list = accu(frame);
      if (!isList(list)) throw noSuchOverload();
      if (single === undefined) return [...list, ...(items(frame) as readonly Value[])];
      const value = single(frame);
      charge(frame, LIST_COST + 1);
      (list as Value[]).push(value);
      return list;
    };
  }

  private list({ elements, optional }: Extract<Expr, { kind: 'list' }>): Step {
    const steps = elements.map((element) => this.step(element));
    return (frame) => {
      const values: Value[] = [];
      for (const [index, step] of steps.entries()) {
        const value = step(frame);
        if (!optional.has(index)) values.push(value);
        else if (!(value instanceof CelOptional)) throw new CelError(`cannot initialize optional list element from non-optional value`);
        else if (value.value !== undefined) values.push(value.value);
      }
      charge(frame, LIST_COST);
      return values;
    };
  }

  private map({ entries }: Extract<Expr, { kind: 'map' }>): Step {
    const steps = entries.map(({ key, value, optional }) => ({ key: this.step(key), value: this.step(value), optional }));
    return (frame) => {
      const values: (readonly [Value, Value])[] = [];
      for (const { key, value, optional } of steps) {
        const [name, given] = [key(frame), value(frame)];
        if (!optional) values.push([name, given]);
        else if (!(given instanceof CelOptional)) throw new CelError(`cannot initialize optional entry from non-optional value`);
        else if (given.value !== undefined) values.push([name, given.value]);
      }
      charge(frame, MAP_COST);
      const map = new MapValue(values);
      if (map.size < values.length) throw new CelError('Failed with repeated key');
      return map;
    };
  }

  private struct({ name, fields }: Extract<Expr, { kind: 'struct' }>): Step {
    const steps = fields.map((field) => ({ name: field.name, value: this.step(field.value), optional: field.optional }));
    return (frame) => {
      const values = new Map<string, Value>();
      for (const field of steps) {
        const value = field.value(frame);
        if (!field.optional) values.set(field.name, value);
        else if (value instanceof CelOptional && value.value !== undefined) values.set(field.name, value.value);
      }
      charge(frame, STRUCT_COST);
      return this.makeObject(name, values);
    };
  }

  private comprehension(expr: ComprehensionExpr): Step {
    const range = this.step(expr.range);
    const init = this.step(expr.accuInit);
    const accuSlot = this.size++;
    const firstSlot = this.size++;
    const secondSlot = this.size++;
    this.locals.push([expr.accuVar, accuSlot]);
    const depth = this.locals.length;
    this.locals.push([expr.iterVar, firstSlot]);
    if (expr.iterVar2 !== undefined) this.locals.push([expr.iterVar2, secondSlot]);
    const condition = this.step(expr.condition);
    const step = this.step(expr.step);
    this.locals.length = depth;
    const result = this.step(expr.result);
    this.locals.pop();
    const two = expr.iterVar2 !== undefined;
    return (frame) => {
      const over = range(frame);
      const start = attempt(init, frame);
      // The fold adds to its list in place.
      frame.slots[accuSlot] = Array.isArray(start) ? [...(start as readonly Value[])] : start;
      const items = isList(over) ? over : over instanceof MapLike ? over.keys() : undefined;
      if (items === undefined) throw noSuchOverload();
      for (const [index, item] of items.entries()) {
        frame.slots[firstSlot] = two && isList(over) ? BigInt(index) : item;
        if (two) frame.slots[secondSlot] = over instanceof MapLike ? over.find(item) : item;
        if (condition(frame) !== true) break;
        frame.slots[accuSlot] = attempt(step, frame);
      }
      return result(frame);
    };
  }
}

function attempt(step: Step, frame: Frame): Value | Failed {
  try {
    return step(frame);
  } catch (error) {
    if (error instanceof CelError) return new Failed(error);
    throw error;
  }
}

/** An operand that fails does not matter if the other one decides. */
function logical(left: Step, right: Step, decisive: boolean): Step {
  return (frame) => {
    let failed: CelError | undefined;
    try {
      if (truth(left(frame)) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      failed = error;
    }
    const value = truth(right(frame), failed);
    if (value === decisive || failed === undefined) return value;
    throw failed;
  };
}

function notStrictlyFalse(operand: Step): Step {
  return (frame) => {
    const value = attempt(operand, frame);
    charge(frame, 1);
    return value !== false;
  };
}

function truth(value: Value, failed?: CelError): boolean {
  if (typeof value === 'boolean') return value;
  throw failed ?? noSuchOverload();
}

function isAccu(expr: Expr | undefined): boolean {
  return expr?.kind === 'ident' && expr.name === ACCU;
}
