/**
 * The rules of a schema as they are judged when a definition is written: texts, compilation, and what they can cost.
 * Counterpart: cel_validation.go of apiextensions-apiserver's validation.
 */
import { UNKNOWN } from '../../../apimachinery/cel/cost/range.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { rulesOf, type CompiledRule } from '../structural/celRules.ts';
import { declTypeOf, maxCardinality } from '../structural/declType.ts';
import { resolveFieldPath } from '../structural/fieldPath.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import { printRule } from './internalForm.ts';
import type { SchemaErrors } from './schemaRules.ts';

/** Most a rule may cost, for all the places in an object where it is run. */
const RULE_LIMIT = 10_000_000;
/** Most that all rules of a schema may cost together. */
const TOTAL_LIMIT = 100_000_000;
const MOST_EXPENSIVE = 4;

interface Total {
  cost: number;
  readonly expensive: { readonly path: Path; readonly cost: number }[];
}

export interface RuleContext {
  readonly isResource: boolean;
  /** How often the place can be in an object; undefined if nothing limits it. */
  readonly cardinality: number | undefined;
  readonly total: Total;
  /** The schema was there before, so the cost of a single rule is no reason to refuse it now. */
  readonly unchanged: boolean;
}

export function rootContext(unchanged: boolean): RuleContext {
  return { isResource: true, cardinality: 1, total: { cost: 0, expensive: [] }, unchanged };
}

export function child(context: RuleContext | undefined, schema: JSONSchema, inner: JSONSchema): RuleContext | undefined {
  if (context === undefined) return undefined;
  const factor = maxElements(schema);
  const cardinality =
    context.cardinality === undefined || factor === undefined ? undefined : Math.min(context.cardinality * factor, UNKNOWN);
  return { ...context, cardinality, isResource: inner['x-kubernetes-embedded-resource'] === true };
}

/** How often a container multiplies what is in it. */
function maxElements(schema: JSONSchema): number | undefined {
  if (schema.type === 'object' && schema.additionalProperties !== undefined)
    return schema.maxProperties === undefined ? undefined : Math.max(0, schema.maxProperties);
  if (schema.type === 'array') return schema.maxItems === undefined ? undefined : Math.max(0, schema.maxItems);
  return 1;
}

export function totalErrors({ total }: RuleContext, path: Path): readonly FieldError[] {
  if (total.cost <= TOTAL_LIMIT) return [];
  const text = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
  const whole = costText('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total.cost, TOTAL_LIMIT);
  return [...total.expensive.map((rule) => forbidden(rule.path, text)), forbidden(path, whole)];
}

export function checkRules(
  errors: SchemaErrors,
  schema: JSONSchema,
  path: Path,
  uncorrelatable: Path | undefined,
  context: RuleContext | undefined,
): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return;
  for (const [index, rule] of rules.entries()) checkTexts(errors.schema, schema, rule, path.child('x-kubernetes-validations').index(index));
  // A schema that is wrong at this place or below cannot be compiled against.
  if (errors.schema.length > 0 || context === undefined) return;
  const type = declTypeOf(schema, context.isResource);
  if (type === undefined) return;
  const cardinality = context.cardinality ?? maxCardinality(type);
  for (const [index, compiled] of rulesOf(schema, context.isResource).entries())
    checkCompiled(errors.cel, compiled, path.child('x-kubernetes-validations').index(index), uncorrelatable, context, cardinality);
}

type Rule = NonNullable<JSONSchema['x-kubernetes-validations']>[number];
const REASONS: readonly string[] = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const BREAK = /[\n\r]/;

function checkTexts(errors: FieldError[], schema: JSONSchema, rule: Rule, path: Path): void {
  const { rule: text = '', message = '', messageExpression = '', fieldPath = '' } = rule;
  const [trimmed, trimmedMessage] = [text.trim(), message.trim()];
  if (trimmed === '') errors.push(required(path.child('rule'), 'rule is not specified'));
  else if (message !== '' && trimmedMessage === '') errors.push(invalid(path.child('message'), message, 'must be non-empty if specified'));
  else if (BREAK.test(trimmedMessage)) errors.push(invalid(path.child('message'), message, 'must not contain line breaks'));
  else if (BREAK.test(trimmed) && trimmedMessage === '')
    errors.push(required(path.child('message'), 'message must be specified if rule contains line breaks'));
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'));
  if (rule.reason !== undefined && !REASONS.includes(rule.reason)) errors.push(notSupported(path.child('reason'), rule.reason, REASONS));
  const at = path.child('fieldPath');
  if (fieldPath !== '' && fieldPath.trim() === '') errors.push(invalid(at, fieldPath, 'must be non-empty if specified'));
  if (BREAK.test(fieldPath)) errors.push(invalid(at, fieldPath, 'must not contain line breaks'));
  if (fieldPath !== '' && 'error' in resolveFieldPath(fieldPath, schema, true)) errors.push(invalid(at, fieldPath, 'must be a valid path'));
}

function checkCompiled(
  errors: FieldError[],
  compiled: CompiledRule,
  path: Path,
  uncorrelatable: Path | undefined,
  context: RuleContext,
  cardinality: number,
): void {
  const { rule } = compiled;
  const cost = Math.min(compiled.maxCost * cardinality, UNKNOWN);
  if (!context.unchanged && cost > RULE_LIMIT)
    errors.push(forbidden(path.child('rule'), costText('estimated rule cost', cost, RULE_LIMIT)));
  observe(context.total, path.child('rule'), cost);
  if (compiled.error !== undefined) errors.push(invalid(path.child('rule'), printRule(rule), compiled.error));
  if (compiled.messageError !== undefined) errors.push(invalid(path.child('messageExpression'), printRule(rule), compiled.messageError));
  else if (compiled.message !== undefined) {
    if (!context.unchanged && compiled.messageMaxCost > RULE_LIMIT) {
      const text = costText('estimated messageExpression cost', compiled.messageMaxCost, RULE_LIMIT);
      errors.push(forbidden(path.child('messageExpression'), text));
    }
    observe(context.total, path.child('messageExpression'), compiled.messageMaxCost);
  }
  if (compiled.usesOldSelf && uncorrelatable !== undefined) {
    const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable.toString()}`;
    errors.push(invalid(path.child('rule'), rule.rule, text));
  } else if (!compiled.usesOldSelf && rule.optionalOldSelf !== undefined)
    errors.push(invalid(path.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
}

function observe(total: Total, path: Path, cost: number): void {
  total.cost = Math.min(total.cost + cost, UNKNOWN);
  if (cost < TOTAL_LIMIT / 100) return;
  total.expensive.push({ path, cost });
  total.expensive.sort((left, right) => right.cost - left.cost);
  total.expensive.length = Math.min(total.expensive.length, MOST_EXPENSIVE);
}

function costText(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
