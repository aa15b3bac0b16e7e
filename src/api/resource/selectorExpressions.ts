/**
 * The expressions that choose devices: what they can name, and what they may cost.
 * Invariant: the same text gives the same findings, so they are remembered.
 * Counterpart: k8s.io/dynamic-resource-allocation/cel.
 */
import { compile, type Compiled } from '../../apimachinery/cel/compile.ts';
import { estimateCost, type SizeOfPath } from '../../apimachinery/cel/cost/estimate.ts';
import type { Environment } from '../../apimachinery/cel/environment.ts';
import { KUBERNETES } from '../../apimachinery/cel/library/kubernetes.ts';
import { BOOL, DYN, formatType, mapOf, objectType, opaque, STRING, type Type } from '../../apimachinery/cel/types.ts';
import { forbidden, invalid } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { Sink } from '../core/pod/sink.ts';

export function validateSelectorExpression(sink: Sink, expression: string, path: Path): void {
  const problem = problemOf(expression);
  if (problem === undefined) return;
  sink.push(problem === TOO_COMPLEX ? forbidden(path, problem) : invalid(path, expression, problem));
}

const MAX_COST = 1_000_000;
const MAX_REMEMBERED = 200;
const MAX_PROPERTIES = 32;
const MAX_DOMAIN = 63;
const MAX_ID = 32;
const TOO_COMPLEX = 'too complex, exceeds cost limit';

/** What a compiled expression comes to, kept by its text. */
interface Known {
  readonly compiled: Compiled;
  /** Undefined: not asked yet; null: nothing. */
  problem: string | null | undefined;
}

const remembered = new Map<string, Known>();

/** The expression ready to run, with `device` as its only variable. */
export function compileSelector(expression: string): Compiled {
  return known(expression).compiled;
}

function known(expression: string): Known {
  const before = remembered.get(expression);
  if (before !== undefined) return before;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const fresh: Known = { compiled: compile(environment(), expression), problem: undefined };
  remembered.set(expression, fresh);
  return fresh;
}

function problemOf(expression: string): string | undefined {
  const entry = known(expression);
  if (entry.problem === undefined) entry.problem = compileProblem(entry.compiled) ?? null;
  return entry.problem ?? undefined;
}

function compileProblem(compiled: Compiled): string | undefined {
  if (!compiled.ok) return compiled.error;
  const { type, checked } = compiled.program;
  if (type.kind !== 'bool' && type.kind !== 'dyn') return `must evaluate to bool or the unknown type, not ${formatType(type)}`;
  return estimateCost(checked, sizeOfPath).max > MAX_COST ? TOO_COMPLEX : undefined;
}

let made: Environment | undefined;

/** `device.driver`, `device.attributes["domain"].name`, `device.capacity["domain"].name`, `device.allowMultipleAllocations` */
function environment(): Environment {
  made ??= KUBERNETES.withBindings().withVariables({ device: objectType('kubernetes.DRADevice', (name) => FIELDS[name]) });
  return made;
}

const FIELDS: { readonly [name: string]: Type } = {
  driver: STRING,
  attributes: mapOf(STRING, mapOf(STRING, DYN)),
  capacity: mapOf(STRING, mapOf(STRING, opaque('kubernetes.Quantity'))),
  allowMultipleAllocations: BOOL,
};

/** How large what is reached from `device` can be: the sizes that a slice allows. */
const sizeOfPath: SizeOfPath = ([, field, first, second]) => {
  const upTo = (max: number): { readonly min: number; readonly max: number } => ({ min: 0, max });
  if (field === undefined || field === 'allowMultipleAllocations') return upTo(1);
  if (field === 'driver') return upTo(MAX_DOMAIN);
  if (field !== 'attributes' && field !== 'capacity') return undefined;
  if (first === undefined) return upTo(MAX_PROPERTIES);
  if (first === '@keys') return upTo(MAX_DOMAIN);
  if (second === undefined) return upTo(MAX_PROPERTIES);
  return upTo(second === '@keys' ? MAX_ID : 1);
};
