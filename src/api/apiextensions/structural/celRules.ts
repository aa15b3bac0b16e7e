/**
 * `x-kubernetes-validations`: the rules of a schema compiled, and what they can cost.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go.
 */
import { compile, type Program } from '../../../apimachinery/cel/compile.ts';
import { estimateCost } from '../../../apimachinery/cel/cost/estimate.ts';
import { KUBERNETES } from '../../../apimachinery/cel/library/kubernetes.ts';
import { optionalOf } from '../../../apimachinery/cel/types.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { ValidationRule } from '../../schema/types/apiextensions/v1.ts';
import { declTypeOf, sizesOf, type DeclType } from './declType.ts';
import { resolveFieldPath } from './fieldPath.ts';
import { additionalOf, itemsOf, type JSONSchema } from './jsonSchema.ts';

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Undefined if the rule is empty or wrong. */
  readonly program: Program | undefined;
  readonly error: string | undefined;
  readonly message: Program | undefined;
  readonly messageError: string | undefined;
  readonly usesOldSelf: boolean;
  readonly maxCost: number;
  readonly messageMaxCost: number;
  /** From the schema's place; undefined: the place itself. */
  readonly fieldPath: Path | undefined;
}

const atRoot = new WeakMap<JSONSchema, readonly CompiledRule[]>();
const inside = new WeakMap<JSONSchema, readonly CompiledRule[]>();

/** The rules of a schema, in order; those of its members are theirs. Compiled once. */
export function rulesOf(schema: JSONSchema, isResourceRoot: boolean): readonly CompiledRule[] {
  const rules = schema['x-kubernetes-validations'];
  if (rules === undefined || rules.length === 0) return [];
  const cache = isResourceRoot ? atRoot : inside;
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const type = declTypeOf(schema, isResourceRoot);
  const compiled = type === undefined ? [] : rules.map((rule) => compileRule(schema, rule, type));
  cache.set(schema, compiled);
  return compiled;
}

const NOTHING: Omit<CompiledRule, 'rule'> = {
  program: undefined,
  error: undefined,
  message: undefined,
  messageError: undefined,
  usesOldSelf: false,
  maxCost: 0,
  messageMaxCost: 0,
  fieldPath: undefined,
};

function compileRule(schema: JSONSchema, rule: ValidationRule, type: DeclType): CompiledRule {
  if (rule.rule.trim() === '') return { rule, ...NOTHING };
  const oldSelf = rule.optionalOldSelf === true ? optionalOf(type.type) : type.type;
  const environment = KUBERNETES.withVariables({ self: type.type, oldSelf });
  const compiled = compile(environment, rule.rule);
  if (!compiled.ok) return { rule, ...NOTHING, error: compiled.error };
  const { program } = compiled;
  if (program.type.kind !== 'bool') return { rule, ...NOTHING, error: 'cel expression must evaluate to a bool' };
  const usesOldSelf = [...program.checked.names].some(([expr, name]) => name === 'oldSelf' && expr.kind === 'ident');
  const base = { rule, ...NOTHING, program, usesOldSelf, maxCost: estimateCost(program.checked, sizesOf(type)).max };
  const message = compileMessage(rule, environment, type);
  if ('messageError' in message) return { ...base, messageError: message.messageError };
  const resolved = rule.fieldPath === undefined || rule.fieldPath === '' ? undefined : resolveFieldPath(rule.fieldPath, schema, true);
  return { ...base, ...message, fieldPath: resolved !== undefined && 'path' in resolved ? resolved.path : undefined };
}

function compileMessage(
  { messageExpression = '' }: ValidationRule,
  environment: Parameters<typeof compile>[0],
  type: DeclType,
): Pick<CompiledRule, 'message' | 'messageMaxCost'> | { readonly messageError: string } {
  if (messageExpression === '') return { message: undefined, messageMaxCost: 0 };
  const compiled = compile(environment, messageExpression);
  if (!compiled.ok) return { messageError: `messageExpression ${compiled.error}` };
  if (compiled.program.type.kind !== 'string') return { messageError: 'messageExpression must evaluate to a string' };
  return { message: compiled.program, messageMaxCost: estimateCost(compiled.program.checked, sizesOf(type)).max };
}

const withRules = new WeakMap<JSONSchema, boolean>();

/** Whether a schema has rules, or something in it. */
export function hasRules(schema: JSONSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const [items, additional] = [itemsOf(schema), additionalOf(schema)];
  const found =
    (schema['x-kubernetes-validations'] ?? []).length > 0 ||
    (items !== undefined && hasRules(items)) ||
    (additional !== undefined && hasRules(additional)) ||
    Object.values(schema.properties ?? {}).some(hasRules);
  withRules.set(schema, found);
  return found;
}
