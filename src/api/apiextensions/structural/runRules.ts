/**
 * The rules of a schema run over an object.
 * Invariant: the cost of a run is limited, for each rule and for all together; what an update leaves unchanged is not refused.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
 */
import { PER_CALL_LIMIT, type Result } from '../../../apimachinery/cel/compile.ts';
import { CelError, CelOptional, type Value } from '../../../apimachinery/cel/values.ts';
import { duplicate, errorText, forbidden, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import type { ValidationRule } from '../../schema/types/apiextensions/v1.ts';
import { hasRules, rulesOf, type CompiledRule } from './celRules.ts';
import { toCelValue } from './celValue.ts';
import { correlate, isUnchanged, oldItem, type Correlation } from './correlation.ts';
import { withTypeAndMeta } from './declType.ts';
import { placeOf } from './valueErrors.ts';
import { additionalOf, isObject, itemsOf, type JSONSchema } from './jsonSchema.ts';

/** What all rules of one request may cost together. */
export const RUNTIME_BUDGET = 10_000_000;
const MAX_MESSAGE_BYTES = 5 * 1024;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

export interface RulesVerdict {
  readonly errors: ErrorList;
  /** What would have been an error, had an update changed it. */
  readonly warnings: readonly string[];
}

export interface RuleOptions {
  readonly isResourceRoot: boolean;
  readonly path?: Path;
  /** The value before an update. */
  readonly old?: unknown;
  /** Errors about what an update leaves unchanged become warnings. */
  readonly ratchet?: boolean;
}

export function runRules(schema: JSONSchema, value: unknown, options: RuleOptions): RulesVerdict {
  if (!hasRules(schema)) return { errors: [], warnings: [] };
  const run = new Run();
  const correlation: Correlation = options.ratchet === true ? { value: options.old } : undefined;
  run.visit(schema, value, options.old, options.path ?? Path.root, options.isResourceRoot, {
    current: correlation,
    parentUnchanged: false,
  });
  return { errors: run.errors, warnings: run.warnings };
}

interface Ratchet {
  readonly current: Correlation;
  readonly parentUnchanged: boolean;
}

class Run {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  /** Negative: nothing more is run. */
  private budget = RUNTIME_BUDGET;

  visit(schema: JSONSchema, value: unknown, old: unknown, path: Path, isRoot: boolean, ratchet: Ratchet): void {
    if (value === null || value === undefined || this.budget < 0 || !hasRules(schema)) return;
    this.ownRules(schema, value, old ?? undefined, path, isRoot, ratchet);
    if (this.budget < 0) return;
    if (Array.isArray(value)) this.items(schema, value, old, path, ratchet);
    else if (isObject(value)) this.members(schema, value, old, path, isRoot, ratchet);
  }

  private items(schema: JSONSchema, value: readonly unknown[], old: unknown, path: Path, ratchet: Ratchet): void {
    const items = itemsOf(schema);
    if (items === undefined) return;
    const oldItems = Array.isArray(old) ? (old as readonly unknown[]) : [];
    for (const [index, item] of value.entries()) {
      const next = { current: correlate.item(ratchet.current, schema, item, index), parentUnchanged: isRatcheted(ratchet, value) };
      this.visit(items, item, oldItem(schema, oldItems, item), path.index(index), items['x-kubernetes-embedded-resource'] === true, next);
    }
  }

  private members(
    schema: JSONSchema,
    value: Readonly<Record<string, unknown>>,
    old: unknown,
    path: Path,
    isRoot: boolean,
    ratchet: Ratchet,
  ): void {
    const additional = additionalOf(schema);
    for (const [name, item] of Object.entries(value)) {
      const property = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
      const member = property ?? additional;
      if (member === undefined) continue;
      const oldValue = isObject(old) ? old[name] : undefined;
      const isType = isRoot && (name === 'apiVersion' || name === 'kind');
      const next: Ratchet = isType
        ? { current: undefined, parentUnchanged: false }
        : { current: correlate.member(ratchet.current, schema, name), parentUnchanged: isRatcheted(ratchet, value) };
      const at = property === undefined ? path.key(name) : path.child(name);
      this.visit(member, item, oldValue, at, member['x-kubernetes-embedded-resource'] === true, next);
    }
  }

  private ownRules(schema: JSONSchema, value: unknown, old: unknown, path: Path, isRoot: boolean, ratchet: Ratchet): void {
    const rules = rulesOf(schema, isRoot);
    if (rules.length === 0) return;
    const type = schema.type ?? '';
    if (this.budget === 0) return this.giveUp(invalid(placeOf(path), type, OUT_OF_BUDGET));
    const valueSchema = isRoot ? withTypeAndMeta(schema) : schema;
    const self = attempt(() => toCelValue(value, valueSchema));
    const oldSelf = old === undefined ? undefined : attempt(() => toCelValue(old, valueSchema));
    for (const compiled of rules) {
      const { rule, program, error } = compiled;
      if (error !== undefined) this.errors.push(invalid(placeOf(path), type, `rule compile error: ${error}`));
      const skipped = compiled.usesOldSelf && old === undefined && rule.optionalOldSelf !== true;
      if (program === undefined || skipped) continue;
      const variables = variablesOf(self, oldSelf, rule);
      const result: Result =
        'error' in variables ? { error: variables.error, cost: 0, exceeded: false } : program.run(variables.values, PER_CALL_LIMIT);
      if (result.cost > this.budget) return this.giveUp(invalid(placeOf(path), type, OUT_OF_BUDGET));
      this.budget -= result.cost;
      if ('error' in result) this.errors.push(invalid(placeOf(path), type, runtimeError(result.error, rule)));
      if ('error' in result && result.exceeded) this.budget = -1;
      if ('error' in result || result.value === true) {
        if (this.budget < 0) return;
        continue;
      }
      this.report(schema, compiled, value, path, 'error' in variables ? {} : variables.values, ratchet);
      if (this.budget < 0) return;
    }
  }

  private report(
    schema: JSONSchema,
    compiled: CompiledRule,
    value: unknown,
    path: Path,
    variables: Readonly<Record<string, Value | undefined>>,
    ratchet: Ratchet,
  ): void {
    const at = compiled.fieldPath === undefined ? placeOf(path) : path.child(compiled.fieldPath.toString());
    const message = this.message(compiled, variables);
    const add = (error: FieldError): void => {
      if (!compiled.usesOldSelf && isRatcheted(ratchet, value)) this.warnings.push(errorText(error));
      else this.errors.push(error);
    };
    if (typeof message === 'object') {
      add(invalid(at, schema.type ?? '', message.fatal));
      this.budget = -1;
      return;
    }
    const isStructure = schema.type === 'object' || schema.type === 'array';
    add(failure(compiled.rule, at, isStructure ? undefined : { value }, message ?? ruleMessage(compiled.rule)));
  }

  /** The text that messageExpression makes; undefined if there is none or it fails. */
  private message(
    { message, rule }: CompiledRule,
    variables: Readonly<Record<string, Value | undefined>>,
  ): string | undefined | { readonly fatal: string } {
    if (message === undefined) return undefined;
    const result = message.run(variables, PER_CALL_LIMIT);
    if (result.cost > this.budget)
      return { fatal: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run' };
    if ('error' in result && result.exceeded) {
      const quoted = JSON.stringify(rule.messageExpression ?? '');
      return { fatal: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quoted}` };
    }
    this.budget -= result.cost;
    const text = 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
    return text === '' || text.includes('\n') || byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
  }

  private giveUp(error: FieldError): void {
    this.errors.push(error);
    this.budget = -1;
  }
}

type Converted = { readonly value: Value } | { readonly error: string };

function attempt(convert: () => Value): Converted {
  try {
    return { value: convert() };
  } catch (error) {
    if (error instanceof CelError) return { error: error.message };
    throw error;
  }
}

function variablesOf(
  self: Converted,
  oldSelf: Converted | undefined,
  rule: ValidationRule,
): { readonly values: Readonly<Record<string, Value | undefined>> } | { readonly error: string } {
  if ('error' in self) return self;
  if (oldSelf !== undefined && 'error' in oldSelf) return oldSelf;
  const old = rule.optionalOldSelf === true ? new CelOptional(oldSelf?.value) : oldSelf?.value;
  return { values: { self: self.value, oldSelf: old } };
}

function isRatcheted({ current, parentUnchanged }: Ratchet, value: unknown): boolean {
  return current === undefined ? parentUnchanged : isUnchanged(current, value);
}

function runtimeError(error: string, rule: ValidationRule): string {
  const text = ruleText(rule);
  if (error.startsWith('no such overload'))
    return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${text}`;
  if (error.startsWith('operation cancelled: actual cost limit exceeded'))
    return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
  return `${error} evaluating rule: ${text}`;
}

/** @param value undefined: it is not printed */
function failure(rule: ValidationRule, path: Path, value: { readonly value: unknown } | undefined, detail: string): FieldError {
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(path, detail);
    case 'FieldValueRequired':
      return required(path, detail);
    case 'FieldValueDuplicate':
      return value === undefined ? { ...duplicate(path, ''), body: 'Duplicate value' } : duplicate(path, value.value);
    default:
      return value === undefined ? { ...invalid(path, '', detail), body: `Invalid value: ${detail}` } : invalid(path, value.value, detail);
  }
}

function ruleMessage(rule: ValidationRule): string {
  return (rule.message ?? '') === '' ? `failed rule: ${ruleText(rule)}` : ruleText(rule);
}

function ruleText({ rule, message = '' }: ValidationRule): string {
  return (message === '' ? rule : message).trim();
}
