import type { Expr } from '../ast.ts';
import type { Issue } from '../source.ts';
import { typeText, type Type, type TypeKind } from '../types.ts';

interface Clause {
  readonly kinds: readonly TypeKind[];
  readonly complaint: string;
}

/** What the clauses of a format take. */
const CLAUSES: Readonly<Record<string, Clause>> = {
  s: {
    kinds: ['bool', 'bytes', 'double', 'int', 'list', 'map', 'null', 'string', 'type', 'timestamp', 'duration', 'uint'],
    complaint: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  },
  d: { kinds: ['int', 'uint'], complaint: 'decimal clause can only be used on integers' },
  f: { kinds: ['double', 'string'], complaint: 'fixed-point clause can only be used on doubles' },
  e: { kinds: ['double', 'string'], complaint: 'scientific clause can only be used on doubles' },
  b: { kinds: ['int', 'uint', 'bool'], complaint: 'only integers and bools can be formatted as binary' },
  o: { kinds: ['int', 'uint'], complaint: 'octal clause can only be used on integers' },
  x: { kinds: ['int', 'uint', 'bytes', 'string'], complaint: 'only integers, byte buffers, and strings can be formatted as hex' },
};

const UNKNOWN: ReadonlySet<TypeKind> = new Set(['dyn', 'error', 'param']);

/** Whether a format and its arguments fit, as far as types tell. @param offset of the call */
export function checkFormat(offset: number, format: string, args: readonly (readonly [Expr, Type])[]): readonly Issue[] {
  let used = 0;
  for (const [clause, verb = ''] of format.matchAll(/%(?:\.\d*)?([^]?)/g)) {
    if (clause === '%%') continue;
    if (verb === '') return [{ offset, message: 'unexpected end of string' }];
    const rule = CLAUSES[verb === 'X' ? 'x' : verb];
    if (rule === undefined) return [{ offset, message: `could not parse formatting clause: unrecognized formatting clause "${verb}"` }];
    const arg = args[used];
    if (arg === undefined) return [{ offset, message: `index ${used} out of range` }];
    used++;
    const [expr, type] = arg;
    if (!UNKNOWN.has(type.kind) && !rule.kinds.includes(type.kind))
      return [{ offset: expr.offset, message: `error during formatting: ${rule.complaint}, was given ${typeText(type)}` }];
  }
  if (args.length <= used) return [];
  return [{ offset, message: `too many arguments supplied to string.format (expected ${used}, got ${args.length})` }];
}
