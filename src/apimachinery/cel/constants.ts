/**
 * Parts of an expression that are known beforehand: lists and maps of literals, and conversions of them.
 * Counterpart: cel-go/interpreter/decorators.go (OptOptimize). They cost nothing when the expression runs.
 */
import { childrenOf, type CallExpr, type Expr } from './ast.ts';
import type { Checked } from './checker.ts';
import type { Environment } from './environment.ts';
import { CelError, MapValue, type Value } from './values.ts';

export type Constants = ReadonlyMap<Expr, { readonly value: Value }>;

const CONVERSIONS: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'string',
  'timestamp',
  'type',
  'uint',
]);

/** @returns the text of the error, where a conversion cannot succeed */
export function foldConstants(environment: Environment, { expr, functions }: Checked): Constants | { readonly error: string } {
  const found = new Map<Expr, { readonly value: Value }>();
  const known = (part: Expr): { readonly value: Value } | undefined => (part.kind === 'const' ? part : found.get(part));
  const conversion = (call: CallExpr): void => {
    const [argument, ...others] = call.args;
    if (argument === undefined || others.length > 0 || call.target !== undefined || functions.has(call)) return;
    const constant = CONVERSIONS.has(call.fn) ? known(argument) : undefined;
    const declaration = constant === undefined ? undefined : environment.functions.get(call.fn);
    if (constant !== undefined && declaration !== undefined) found.set(call, { value: declaration.call([constant.value]) });
  };
  const visit = (part: Expr): void => {
    for (const child of childrenOf(part)) visit(child);
    if (part.kind === 'call') conversion(part);
    else if (part.kind === 'list' && part.optional.size === 0) {
      const items = part.elements.map(known);
      if (items.every((item) => item !== undefined)) found.set(part, { value: items.map(({ value }) => value) });
    } else if (part.kind === 'map' && part.entries.every(({ optional }) => !optional)) {
      const entries = part.entries.map(({ key, value }) => [known(key), known(value)] as const);
      const pairs = entries.flatMap(([key, value]) =>
        key === undefined || value === undefined ? [] : [[key.value, value.value] as const],
      );
      if (pairs.length === entries.length) found.set(part, { value: new MapValue(pairs) });
    }
  };
  try {
    visit(expr);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error: error.message };
  }
  return found;
}
