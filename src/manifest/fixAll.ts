import { compare } from './lines.ts';
import type { Diagnostic, TextEdit } from './model.ts';

/** The edits of all preferred fixes that do not get in each other's way: of two that touch the same text the first one counts. */
export function fixAll(diagnostics: readonly Diagnostic[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const { fixes } of diagnostics) {
    const edits = fixes.find(({ preferred }) => preferred)?.edits ?? [];
    if (edits.every((edit) => taken.every((other) => apart(edit, other)))) taken.push(...edits);
  }
  return taken;
}

function apart({ range: a }: TextEdit, { range: b }: TextEdit): boolean {
  return compare(a.end, b.start) < 0 || compare(b.end, a.start) < 0;
}
