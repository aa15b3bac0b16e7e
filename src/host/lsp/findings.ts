/**
 * What is shown of each file: the findings of all who look at it, told together, as the protocol wants it.
 * Invariant: who looks again replaces what he found before and nothing else; an empty file of findings is told once.
 * Counterpart: the diagnostic collections of VS Code.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import { lspTells, type LspDiagnostic } from './protocol.ts';

/** The text by itself, what a chart or a kustomization renders to, the cluster now, the cluster ahead. */
export type Looker = 'text' | 'rendered' | 'cluster' | 'forecast';

export class Findings {
  private readonly connection: MessageConnection;
  private readonly versionOf: (uri: string) => number | undefined;
  private readonly files = new Map<string, Map<Looker, readonly LspDiagnostic[]>>();

  /** @param versionOf of an open document */
  constructor(connection: MessageConnection, versionOf: (uri: string) => number | undefined) {
    this.connection = connection;
    this.versionOf = versionOf;
  }

  set(uri: string, looker: Looker, diagnostics: readonly LspDiagnostic[]): void {
    const known = this.files.get(uri) ?? new Map<Looker, readonly LspDiagnostic[]>();
    const before = known.get(looker);
    // A verdict on the text of an editor is waited for, even if it finds nothing.
    if ((looker !== 'text' || this.versionOf(uri) === undefined) && (before?.length ?? 0) === 0 && diagnostics.length === 0) return;
    known.set(looker, diagnostics);
    this.files.set(uri, known);
    this.tell(uri, [...known.values()].flat());
  }

  /** The file is closed: what is known of it by its text goes. */
  close(uri: string): void {
    const rendered = this.files.get(uri)?.get('rendered') ?? [];
    this.files.delete(uri);
    if (rendered.length > 0) this.files.set(uri, new Map([['rendered', rendered]]));
    this.tell(uri, rendered);
  }

  private tell(uri: string, diagnostics: readonly LspDiagnostic[]): void {
    const version = this.versionOf(uri);
    void this.connection.sendNotification(lspTells.diagnostics, {
      uri,
      diagnostics,
      ...(version === undefined ? {} : { version }),
    });
  }
}
