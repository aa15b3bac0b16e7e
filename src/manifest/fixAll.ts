import { compare } from './yaml/lines.ts';
import type { Diagnostic, TextEdit } from './model.ts';

/**
 * The edits of all preferred fixes that do not get in each other's way: of two that touch the same text the first one counts, and
 * a field is not added where another fix gives one its name.
 */
export function fixAll(diagnostics: readonly Diagnostic[]): readonly TextEdit[] {
  const chosen = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    edits: diagnostic.fixes.find(({ preferred }) => preferred)?.edits ?? [],
  }));
  const named = new Set(
    chosen.filter(({ code }) => code === 'UnknownField').flatMap(({ path, edits }) => edits.map(({ newText }) => sibling(path, newText))),
  );
  const taken: TextEdit[] = [];
  for (const { code, path, edits } of chosen) {
    if (code === 'FieldValueRequired' && named.has(path)) continue;
    if (edits.every((edit) => taken.every((other) => apart(edit, other)))) taken.push(...edits);
  }
  return taken;
}

/** The path of another field of the same map. @param written its name, in quotes it may be */
function sibling(path: string, written: string): string {
  return `${path.slice(0, path.lastIndexOf('.') + 1)}${written.replaceAll(/^["']|["']$/g, '')}`;
}

function apart({ range: a }: TextEdit, { range: b }: TextEdit): boolean {
  return compare(a.end, b.start) < 0 || compare(b.end, a.start) < 0;
}
