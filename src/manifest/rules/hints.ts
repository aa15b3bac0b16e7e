/**
 * All that is said of an object beyond the API server's verdict: hints between objects and rules, without what comments leave out.
 * Invariant: hints of one object depend on its text, the world and the settings alone. Counterpart: none.
 */
import { shiftDiagnostic } from '../documents.ts';
import type { Diagnostic } from '../model.ts';
import { crossDiagnostics, type Places } from '../references/diagnose.ts';
import type { World } from '../references/world.ts';
import type { IndexedObject } from '../references/workspaceIndex.ts';
import { ruleDiagnostics } from './diagnose.ts';
import type { RuleSettings } from './settings.ts';
import { withoutSuppressed } from './suppress.ts';

export interface HintSettings {
  /** Hints about names and selectors that lead nowhere in workspace and cluster. */
  readonly references: boolean;
  readonly rules: RuleSettings;
}

/** Ranges count from the file's first line. */
export function hintsOf(object: IndexedObject, settings: HintSettings, world: World, places: Places): readonly Diagnostic[] {
  return unshiftedHints(object, settings, world, places).map((each) => shiftDiagnostic(each, object.line));
}

/** Ranges count from the document's first line. */
export function unshiftedHints(object: IndexedObject, settings: HintSettings, world: World, places: Places): readonly Diagnostic[] {
  const found = [
    ...(settings.references ? crossDiagnostics(object, world, places) : []),
    ...ruleDiagnostics(object, settings.rules, world, places),
  ];
  // Comments stand in few files, and texts may be long.
  return world.index.hasMarks(object.uri) ? withoutSuppressed(found, object.text, world.index.textOf(object.uri)) : found;
}
