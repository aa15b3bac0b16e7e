import type { MatchCondition, Variable } from '../../../../api/schema/types/admissionregistration/v1.ts';
import { compileAdmission, type Expression, type Extras } from '../../../../api/cel/admission.ts';
import { Variables } from '../../../../api/cel/variables.ts';
import { BOOL, type Type } from '../../../../apimachinery/cel/types.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import { CelError } from '../../../../apimachinery/cel/values.ts';
import { Evaluation, OutOfBudget, CONDITIONS_BUDGET, type Bindings } from './evaluation.ts';

export interface CompiledExpression {
  readonly source: string;
  readonly expression: Expression;
}

/** What both kinds of policies have. */
export interface PolicyObject extends KubeObject {
  readonly spec?: {
    readonly failurePolicy?: 'Fail' | 'Ignore';
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
    readonly matchConditions?: readonly MatchCondition[];
    readonly variables?: readonly Variable[];
  };
}

/** The expressions of a stored policy, compiled once. */
export class CompiledPolicy {
  readonly variables = new Variables();
  readonly conditions: readonly CompiledExpression[];
  private readonly extras: Extras;
  private readonly others = new Map<string, CompiledExpression>();

  constructor({ spec = {} }: PolicyObject) {
    this.extras = { params: spec.paramKind !== undefined, authorizer: true };
    for (const { name, expression } of spec.variables ?? []) this.variables.add(name, expression, this.extras);
    this.conditions = (spec.matchConditions ?? []).map(({ expression }) => this.expression(expression, [BOOL]));
  }

  /** @param more what this expression has beside the policy's others, or lacks */
  expression(source: string, results: readonly Type[], more: Extras = {}): CompiledExpression {
    const key = `${JSON.stringify(more)} ${source}`;
    let compiled = this.others.get(key);
    if (compiled === undefined) {
      const extras = { ...this.extras, ...more, ...(this.variables.programs.size === 0 ? {} : { variables: this.variables.type }) };
      compiled = { source, expression: compileAdmission(source, extras, results) };
      this.others.set(key, compiled);
    }
    return compiled;
  }

  evaluation(bindings: Bindings, budget: number): Evaluation {
    return new Evaluation(bindings, this.variables.programs, budget);
  }

  /** Whether a request meets the conditions: one that is false is enough not to; errors count only where none is. */
  meets(bindings: Bindings): boolean | { readonly error: string } {
    if (this.conditions.length === 0) return true;
    // Conditions do not see the namespace.
    const evaluation = this.evaluation({ ...bindings, namespaceObject: null }, CONDITIONS_BUDGET);
    const problems: string[] = [];
    try {
      for (const condition of this.conditions) {
        const result = evaluation.run(condition);
        if ('error' in result) problems.push(result.error);
        else if (result.value === false) return false;
      }
    } catch (error) {
      if (!(error instanceof OutOfBudget) && !(error instanceof CelError)) throw error;
      return { error: error.message };
    }
    const different = [...new Set(problems)];
    if (different.length === 0) return true;
    return { error: different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]` };
  }
}

const policies = new WeakMap<KubeObject, CompiledPolicy>();

export function compiledPolicy(policy: PolicyObject): CompiledPolicy {
  let compiled = policies.get(policy);
  if (compiled === undefined) policies.set(policy, (compiled = new CompiledPolicy(policy)));
  return compiled;
}
