/**
 * What an item of a list may be, as the parameters of a call are shown; the worker knows it.
 * Invariant: silent where another extension speaks about manifests, as hovers are. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { languageRequests, signatureTriggers } from '../../host/protocol/language.ts';
import { othersSpeak } from '../coexistence/coexistence.ts';
import { fromPosition } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import type { Services } from '../services.ts';
import { ask } from './ask.ts';

export function registerSignature(services: Services): vscode.Disposable {
  return vscode.languages.registerSignatureHelpProvider(
    documentSelector,
    {
      async provideSignatureHelp(document, position, token, { triggerCharacter, isRetrigger }) {
        if (othersSpeak()) return undefined;
        const at = { uri: document.uri.toString(), position: fromPosition(position) };
        // What goes on in a signature that is shown is as good as asked for.
        const typed = isRetrigger || triggerCharacter === undefined ? {} : { typed: triggerCharacter };
        const found = await ask(services, document, languageRequests.signature, { ...at, ...typed }, token);
        if (found === undefined || found === null) return undefined;
        const signature = new vscode.SignatureInformation(found.label, new vscode.MarkdownString(found.documentation));
        signature.parameters = found.parameters.map(
          ({ label: [from, to], documentation }) => new vscode.ParameterInformation([from, to], new vscode.MarkdownString(documentation)),
        );
        const help = new vscode.SignatureHelp();
        help.signatures = [signature];
        help.activeSignature = 0;
        help.activeParameter = found.active;
        return help;
      },
    },
    { triggerCharacters: signatureTriggers.begin, retriggerCharacters: signatureTriggers.goOn },
  );
}
