import type * as vscode from 'vscode';
import type { AppliedDiagnostics } from './diagnostics/appliedDiagnostics.ts';
import type { DocumentSync } from './diagnostics/documentSync.ts';
import type { ObjectWatch } from './documents/objectWatch.ts';
import type { TextDocuments } from './documents/textDocuments.ts';
import type { WorkerHost } from './host/workerHost.ts';
import type { Output } from './output.ts';

/** What the parts of the extension are given; made once by `activate`, disposed by VS Code. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly host: WorkerHost;
  readonly output: Output;
  readonly texts: TextDocuments;
  readonly objects: ObjectWatch;
  readonly sync: DocumentSync;
  readonly applied: AppliedDiagnostics;
}
