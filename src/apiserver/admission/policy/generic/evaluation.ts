/**
 * Expressions of a policy run for a request.
 * Invariant: what an expression costs is counted, with the variables that it is the first to use; who is out of budget runs nothing more.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/cel (activation.go, composition.go).
 */
import { PER_CALL_LIMIT, type Program } from '../../../../apimachinery/cel/compile.ts';
import { fromJson } from '../../../../apimachinery/cel/json.ts';
import { CelError, MapLike, type Value } from '../../../../apimachinery/cel/values.ts';
import type { CompiledExpression } from './compiled.ts';

/** What all validations of a policy may cost together. */
export const RUNTIME_BUDGET = 10_000_000;
export const CONDITIONS_BUDGET = RUNTIME_BUDGET / 4;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

export type Evaluated = { readonly value: Value } | { readonly error: string };

/** By name: object, oldObject, request, params, namespaceObject, authorizer, authorizer.requestResource. */
export type Bindings = Readonly<Record<string, Value | undefined>>;

/** The budget is used up: an error of everything. */
export class OutOfBudget extends Error {}

export class Evaluation {
  private readonly bindings: Bindings;
  private budget: number;

  /** @param programs the policy's variables, undefined those that do not compile */
  constructor(bindings: Bindings, programs: ReadonlyMap<string, Program | undefined>, budget: number) {
    const all: Record<string, Value | undefined> = { ...bindings };
    all['variables'] = new LazyVariables(programs, all);
    this.bindings = all;
    this.budget = budget;
  }

  /** @throws OutOfBudget */
  run({ source, expression }: CompiledExpression): Evaluated {
    if (!expression.ok) return { error: `compilation error: ${expression.error}` };
    const variables = this.bindings['variables'] as LazyVariables;
    const result = expression.program.run(this.bindings, PER_CALL_LIMIT);
    this.budget -= variables.takeCost() + result.cost;
    if (this.budget < 0) throw new OutOfBudget(OUT_OF_BUDGET);
    return 'error' in result ? { error: `expression '${source}' resulted in error: ${result.error}` } : { value: result.value };
  }
}

/** Worked out when first asked for. */
class LazyVariables extends MapLike {
  readonly typeName = 'kubernetes.variables';
  private readonly programs: ReadonlyMap<string, Program | undefined>;
  private readonly bindings: Bindings;
  private readonly known = new Map<string, Value>();
  private cost = 0;

  constructor(programs: ReadonlyMap<string, Program | undefined>, bindings: Bindings) {
    super();
    this.programs = programs;
    this.bindings = bindings;
  }

  get size(): number {
    return this.programs.size;
  }

  takeCost(): number {
    const { cost } = this;
    this.cost = 0;
    return cost;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string' || !this.programs.has(key)) return undefined;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const program = this.programs.get(key);
    if (program === undefined) throw new CelError(`composited variable ${JSON.stringify(key)} fails to compile`);
    const result = program.run(this.bindings, PER_CALL_LIMIT);
    this.cost += result.cost;
    if ('error' in result) throw new CelError(`composited variable ${JSON.stringify(key)} fails to evaluate: ${result.error}`);
    this.known.set(key, result.value);
    return result.value;
  }

  override hasField(name: string): boolean {
    return this.programs.has(name);
  }

  keys(): readonly Value[] {
    return [...this.programs.keys()];
  }
}

/** An object that may not be there. */
export function valueOf(object: unknown): Value {
  return object === undefined ? null : fromJson(object);
}
