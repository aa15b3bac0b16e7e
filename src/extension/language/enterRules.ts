/**
 * Where the cursor stands after Enter in YAML: below a key that waits for its value, and below the first key of a list's item.
 * Invariant: silent where Red Hat's extension is, which has such rules; only blanks are typed, no dash and no word.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { REDHAT_YAML } from '../coexistence/doubles.ts';
import { ENTER_RULES, type EnterRule } from './enterPatterns.ts';
import { whileWanted } from './whileWanted.ts';

export function registerEnterRules(): vscode.Disposable {
  return whileWanted(
    () => vscode.extensions.getExtension(REDHAT_YAML) === undefined,
    () => vscode.languages.setLanguageConfiguration('yaml', { onEnterRules: ENTER_RULES.map(toRule) }),
  );
}

function toRule({ before, indents, blanks }: EnterRule): vscode.OnEnterRule {
  const indentAction = indents ? vscode.IndentAction.Indent : vscode.IndentAction.None;
  return { beforeText: before, action: { indentAction, appendText: blanks } };
}
