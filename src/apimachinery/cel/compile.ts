/**
 * From the text of an expression to something that runs: the door that all rooms which have expressions come through.
 * Invariant: never throws; what is wrong comes back as text in cel-go's form.
 * Counterpart: cel-go/cel.Env.Compile and Program, with the options of k8s.io/apiserver/pkg/cel.
 */
import { check, type Checked } from './checker.ts';
import type { Environment } from './environment.ts';
import { foldConstants, type Constants } from './constants.ts';
import { plan, type Frame, type ObjectMaker, type Plan } from './interpreter.ts';
import { parse } from './parser.ts';
import { formatIssues, type Issue } from './source.ts';
import type { Type } from './types.ts';
import { validateLiterals } from './literalRules.ts';
import { CelError, CostExceeded, MapValue, type Value } from './values.ts';

/** What a single expression may cost (`PerCallLimit`). */
export const PER_CALL_LIMIT = 1_000_000;

export type Result =
  { readonly value: Value; readonly cost: number } | { readonly error: string; readonly cost: number; readonly exceeded: boolean };

export interface Program {
  readonly source: string;
  readonly type: Type;
  readonly checked: Checked;
  /** @param limit of the cost; what exceeds it ends with an error */
  run(variables: Readonly<Record<string, Value | undefined>>, limit: number): Result;
}

/** `error` says how it failed, `issues` only where and why in the text; empty if nothing is wrong with that. */
export type Compiled =
  { readonly ok: true; readonly program: Program } | { readonly ok: false; readonly error: string; readonly issues: string };

/** An expression is compiled to a map where no type of its own says otherwise. */
const asMap: ObjectMaker = (_name, fields) => new MapValue(fields);

export function compile(environment: Environment, source: string, makeObject: ObjectMaker = asMap): Compiled {
  const parsed = parse(source, environment.bindings);
  if (parsed.expr === undefined || parsed.issues.length > 0) return failed(source, parsed.issues);
  const checked = check(environment, parsed.expr);
  const issues = checked.issues.length > 0 ? checked.issues : validateLiterals(checked);
  if (issues.length > 0) return failed(source, issues);
  const constants = foldConstants(environment, checked);
  if ('error' in constants) return { ok: false, error: `program instantiation failed: ${String(constants.error)}`, issues: '' };
  return { ok: true, program: new PlannedProgram(environment, source, checked, makeObject, constants) };
}

function failed(source: string, issues: readonly Issue[]): Compiled {
  const text = formatIssues(source, issues);
  return { ok: false, error: `compilation failed: ${text}`, issues: text };
}

class PlannedProgram implements Program {
  readonly source: string;
  readonly checked: Checked;
  private readonly environment: Environment;
  private readonly makeObject: ObjectMaker;
  private readonly constants: Constants;
  private planned: Plan | undefined;

  constructor(environment: Environment, source: string, checked: Checked, makeObject: ObjectMaker, constants: Constants) {
    this.constants = constants;
    this.environment = environment;
    this.source = source;
    this.checked = checked;
    this.makeObject = makeObject;
  }

  get type(): Type {
    return this.checked.type;
  }

  run(variables: Readonly<Record<string, Value | undefined>>, limit: number): Result {
    // Most expressions of an editor are compiled and never run.
    this.planned ??= plan(this.environment, this.checked, this.makeObject, this.constants);
    const { run, slots, size } = this.planned;
    const frame: Frame = { slots: new Array<undefined>(size).fill(undefined), cost: 0, limit };
    for (const [name, slot] of slots) frame.slots[slot] = variables[name];
    try {
      return { value: run(frame), cost: frame.cost };
    } catch (error) {
      if (!(error instanceof CelError) && !(error instanceof CostExceeded)) throw error;
      return { error: error.message, cost: frame.cost, exceeded: error instanceof CostExceeded };
    }
  }
}
