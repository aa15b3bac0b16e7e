/**
 * Keeps problems, hovers and completions of manifests from being shown twice where another extension judges them, too.
 * Invariant: asks once a workspace, and only when a manifest is open; changes settings of others only when told so.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { settings } from '../ids.ts';
import { looksLikeManifest } from '../manifests/recognise.ts';
import { readSettings } from '../settings.ts';
import { asObject, changesFor, type Coexistence, doublesOf, type Neighbours } from './doubles.ts';

const ASKED = 'coexistence.asked';
const ANSWERS: readonly (readonly [title: string, choice: Coexistence])[] = [
  ['Only Kubepad', 'kubepad'],
  ['Only the Other', 'others'],
  ['Both', 'both'],
];

export function registerCoexistence({ workspaceState }: vscode.ExtensionContext): vscode.Disposable {
  const look = (document: vscode.TextDocument | undefined): void => {
    if (document?.languageId !== 'yaml' || readSettings().coexistence !== 'ask' || workspaceState.get(ASKED) === true) return;
    const names = doublesOf(neighbours());
    if (names.length === 0 || !looksLikeManifest(document.getText())) return;
    void workspaceState.update(ASKED, true).then(() => askWho(names));
  };
  look(vscode.window.activeTextEditor?.document);
  return vscode.window.onDidChangeActiveTextEditor((editor) => look(editor?.document));
}

function neighbours(): Neighbours {
  const configuration = vscode.workspace.getConfiguration();
  const { defaultValue, globalValue, workspaceValue } = configuration.inspect('yaml.schemas') ?? {};
  const isUser = answerPlace() === vscode.ConfigurationTarget.Global;
  return {
    isInstalled: (id) => vscode.extensions.getExtension(id) !== undefined,
    schemas: configuration.get('yaml.schemas'),
    ownSchemas: isUser ? globalValue : workspaceValue,
    schemasBeneath: isUser ? defaultValue : { ...asObject(defaultValue), ...asObject(globalValue) },
  };
}

/** Where the answer is written down: at the user where no folder is open. */
function answerPlace(): vscode.ConfigurationTarget {
  return vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
}

async function askWho(names: readonly string[]): Promise<void> {
  // The text of a notification knows no markup.
  const changes = changesFor('kubepad', neighbours()).map(({ name }) => name);
  const how = changes.length === 0 ? '' : ` "Only Kubepad" changes ${changes.join(' and ')} in this workspace.`;
  const all = [['Kubepad', ...names.slice(0, -1)].join(', '), names.at(-1) ?? ''].join(' and ');
  const text = `${all} judge Kubernetes manifests: problems can be shown twice. Who should in this workspace?${how}`;
  const title = await vscode.window.showInformationMessage(text, ...ANSWERS.map(([each]) => each));
  const choice = ANSWERS.find(([each]) => each === title)?.[1];
  if (choice === undefined) return;
  const configuration = vscode.workspace.getConfiguration();
  for (const { name, value } of [...changesFor(choice, neighbours()), { name: settings.coexistence, value: choice }])
    await configuration.update(name, value, answerPlace());
}

/** Whether manifests are left to another extension that is installed. */
export function othersSpeak(): boolean {
  return readSettings().coexistence === 'others' && doublesOf(neighbours()).length > 0;
}
