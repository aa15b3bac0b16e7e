/**
 * What an expression can cost at most, before it runs: sizes of what is known, of literals and of declared limits.
 * Invariant: never less than what a run can cost.
 * Counterpart: cel-go/checker/cost.go.
 */
import { ACCU, type CallExpr, type ComprehensionExpr, type Expr } from '../ast.ts';
import type { Checked } from '../checker.ts';
import type { Type } from '../types.ts';
import { codePoints } from '../values.ts';
import { estimateCall, type CostNode } from './estimateCall.ts';
import { fixed, plus, times, union, UNKNOWN, UNKNOWN_SIZE, ZERO, type Range } from './range.ts';

/** The size of what stands at a path of fields from a variable; `@items`, `@keys` and `@values` go into containers. */
export type SizeOfPath = (path: readonly string[]) => Range | undefined;

export function estimateCost(checked: Checked, sizeOfPath: SizeOfPath): Range {
  return new Estimator(checked, sizeOfPath).cost(checked.expr);
}

interface EntrySize {
  readonly isList: boolean;
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly name: string;
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entry: EntrySize | undefined;
}

const LIST_COST = fixed(10);
const MAP_COST = fixed(30);
const STRUCT_COST = fixed(40);
const STEP = fixed(1);

class Estimator {
  private readonly checked: Checked;
  private readonly sizeOfPath: SizeOfPath;
  private readonly paths = new Map<Expr, readonly string[]>();
  private readonly sizes = new Map<Expr, Range>();
  private readonly entries = new Map<Expr, EntrySize>();
  private readonly locals: Local[] = [];

  constructor(checked: Checked, sizeOfPath: SizeOfPath) {
    this.checked = checked;
    this.sizeOfPath = sizeOfPath;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'const':
        return ZERO;
      case 'ident':
        this.paths.set(expr, this.local(expr.name)?.path ?? [expr.name]);
        return STEP;
      case 'select':
        return this.select(expr);
      case 'call':
        return this.call(expr);
      case 'list':
        return this.list(expr);
      case 'map':
        return this.map(expr);
      case 'struct':
        return plus(...expr.fields.map((field) => this.cost(field.value)), STRUCT_COST);
      default:
        return this.isBind(expr) ? this.bind(expr) : this.comprehension(expr);
    }
  }

  private local(name: string): Local | undefined {
    return this.locals.findLast((local) => local.name === name);
  }

  private type(expr: Expr): Type | undefined {
    return this.checked.types.get(expr);
  }

  private select(expr: Extract<Expr, { kind: 'select' }>): Range {
    const name = this.checked.names.get(expr);
    if (name !== undefined) {
      this.paths.set(expr, [name]);
      return STEP;
    }
    const cost = this.cost(expr.operand);
    // Asking whether a field is there costs nothing beyond finding its holder.
    if (expr.testOnly) return cost;
    this.paths.set(expr, [...this.path(expr.operand), expr.field]);
    const kind = this.type(expr.operand)?.kind;
    return kind === 'map' || kind === 'object' || kind === 'param' ? plus(cost, STEP) : cost;
  }

  private call(expr: CallExpr): Range {
    const { fn, args, target } = expr;
    if (fn === 'dyn' && args[0] !== undefined) {
      const cost = this.cost(args[0]);
      this.copySizes(expr, args[0]);
      return plus(STEP, cost);
    }
    const argCosts = args.map((arg) => this.cost(arg));
    const isMember = target !== undefined && !this.checked.functions.has(expr);
    const targetCost = isMember ? this.cost(target) : ZERO;
    const overloads = this.checked.overloads.get(expr) ?? [];
    const argNodes = args.map((arg) => this.node(arg));
    const targetNode = isMember ? this.node(target) : undefined;
    let own: Range = { min: UNKNOWN, max: 0 };
    let size: Range | undefined;
    const name = this.checked.functions.get(expr)?.name ?? fn;
    for (const { id } of overloads.length > 0 ? overloads : [{ id: '' }]) {
      const estimate = estimateCall(name, id, targetNode, argNodes, argCosts);
      own = union(own, estimate.cost);
      if (estimate.size !== undefined) size = size === undefined ? estimate.size : union(size, estimate.size);
      if (estimate.joinsEntries === true) this.joinEntries(expr, args);
      if ((id === 'index_list' || id === 'index_map') && args[0] !== undefined) {
        size = this.entry(args[0])?.value;
        this.paths.set(expr, [...this.path(args[0]), id === 'index_list' ? '@items' : '@values']);
      }
      size ??= this.size(expr);
    }
    if (size !== undefined) this.sizes.set(expr, size);
    return plus(targetCost, own);
  }

  /** The result holds what either of the last two arguments holds. */
  private joinEntries(expr: Expr, args: readonly Expr[]): void {
    const [left, right] = args.slice(-2).map((arg) => this.entry(arg));
    if (left === undefined || right === undefined) return;
    this.entries.set(expr, { isList: left.isList, key: union(left.key, right.key), value: union(left.value, right.value) });
  }

  private list(expr: Extract<Expr, { kind: 'list' }>): Range {
    const costs = expr.elements.map((element) => this.cost(element));
    const value = this.unionOfSizes(expr.elements);
    this.entries.set(expr, { isList: true, key: fixed(1), value });
    return plus(...costs, LIST_COST);
  }

  private map(expr: Extract<Expr, { kind: 'map' }>): Range {
    const costs = expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
    const key = this.unionOfSizes(expr.entries.map((entry) => entry.key));
    this.entries.set(expr, { isList: false, key, value: this.unionOfSizes(expr.entries.map((entry) => entry.value)) });
    return plus(...costs, MAP_COST);
  }

  private unionOfSizes(exprs: readonly Expr[]): Range {
    const sizes = exprs.map((expr) => this.sizeOrUnknown(expr));
    return sizes.length === 0 ? ZERO : sizes.reduce(union);
  }

  private isBind({ range, condition, accuVar }: ComprehensionExpr): boolean {
    return (
      range.kind === 'list' && range.elements.length === 0 && condition.kind === 'const' && condition.value === false && accuVar !== ACCU
    );
  }

  private bind(expr: ComprehensionExpr): Range {
    const cost = plus(this.cost(expr.range), this.cost(expr.accuInit));
    this.pushValue(expr.accuVar, expr.accuInit);
    const result = this.cost(expr.result);
    this.locals.pop();
    this.copySizes(expr, expr.result);
    return plus(cost, result);
  }

  private comprehension(expr: ComprehensionExpr): Range {
    const cost = plus(this.cost(expr.range), this.cost(expr.accuInit));
    this.pushValue(expr.accuVar, expr.accuInit);
    const depth = this.locals.length;
    const entry = this.entry(expr.range);
    const isList = entry?.isList ?? this.type(expr.range)?.kind === 'list';
    const path = this.path(expr.range);
    const push = (name: string, part: string, size: Range | undefined): number =>
      this.locals.push({ name, path: [...path, part], size, entry: undefined });
    if (expr.iterVar2 !== undefined) {
      push(expr.iterVar, isList ? '@indices' : '@keys', entry?.key);
      push(expr.iterVar2, isList ? '@items' : '@values', entry?.value);
    } else push(expr.iterVar, isList ? '@items' : '@keys', isList ? entry?.value : entry?.key);
    const loop = plus(this.cost(expr.condition), this.cost(expr.step));
    this.locals.length = depth;
    const result = this.cost(expr.result);
    this.locals.pop();
    const count = this.sizeOrUnknown(expr.range);
    if (expr.accuInit.kind === 'const') this.setSize(expr, this.size(expr.accuInit));
    else if (expr.accuInit.kind === 'list' || expr.accuInit.kind === 'map') {
      this.setSize(expr, count);
      const made = this.entry(expr.step);
      if (made !== undefined) this.entries.set(expr, made);
    }
    return plus(cost, result, times(count, loop));
  }

  private pushValue(name: string, expr: Expr): void {
    this.locals.push({ name, path: this.path(expr), size: this.size(expr), entry: this.entry(expr) });
  }

  private node(expr: Expr): CostNode {
    const path = this.path(expr);
    return {
      type: this.type(expr),
      size: this.size(expr),
      literal: expr.kind === 'const' ? expr.value : undefined,
      itemSize: path.length === 0 || path[0] === ACCU ? undefined : this.sizeOfPath([...path, '@items']),
    };
  }

  private path(expr: Expr): readonly string[] {
    if (expr.kind === 'ident') {
      const local = this.local(expr.name);
      if (local !== undefined) return local.path;
    }
    return this.paths.get(expr) ?? [];
  }

  private setSize(expr: Expr, size: Range | undefined): void {
    if (size !== undefined) this.sizes.set(expr, size);
  }

  private copySizes(to: Expr, from: Expr): void {
    this.setSize(to, this.size(from));
    const entry = this.entry(from);
    if (entry !== undefined) this.entries.set(to, entry);
  }

  private sizeOrUnknown(expr: Expr): Range {
    return this.size(expr) ?? UNKNOWN_SIZE;
  }

  private size(expr: Expr): Range | undefined {
    const known = this.sizes.get(expr) ?? literalSize(expr);
    if (known !== undefined) return known;
    const path = this.path(expr);
    const declared = path.length === 0 ? undefined : this.sizeOfPath(path);
    if (declared !== undefined) {
      this.sizes.set(expr, declared);
      return declared;
    }
    const type = this.type(expr);
    if (type !== undefined && isScalar(type)) return fixed(1);
    return expr.kind === 'ident' ? this.local(expr.name)?.size : undefined;
  }

  private entry(expr: Expr): EntrySize | undefined {
    return this.entries.get(expr) ?? (expr.kind === 'ident' ? this.local(expr.name)?.entry : undefined);
  }
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'list') return fixed(expr.elements.length);
  if (expr.kind === 'map') return fixed(expr.entries.length);
  if (expr.kind !== 'const') return undefined;
  if (typeof expr.value === 'string') return fixed(codePoints(expr.value));
  return fixed(expr.value instanceof Uint8Array ? expr.value.length : 1);
}

const SCALARS: ReadonlySet<string> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

function isScalar(type: Type): boolean {
  if (SCALARS.has(type.kind)) return true;
  const [inner] = type.params;
  return type.kind === 'opaque' && type.name === 'optional_type' && inner !== undefined && isScalar(inner);
}
