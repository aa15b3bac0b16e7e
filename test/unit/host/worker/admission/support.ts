import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import { Admissions } from '../../../../../src/host/worker/admission/admissions.ts';
import type { AdmissionAnswer } from '../../../../../src/host/protocol/admission.ts';
import { createApiJudge } from '../../../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../../../src/manifest/documents.ts';

export const URI = 'file:///work/app.yaml';
const TOKEN = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

/** An open file beside a cluster, asked about as the extension does. */
export class Desk {
  readonly changed: string[] = [];
  readonly documents = new Documents(createApiJudge());
  readonly admissions: Admissions;
  /** `v1/Namespace shop` */
  readonly written = new Set<string>();

  constructor(cluster: Cluster) {
    this.admissions = new Admissions({
      cluster: () => cluster,
      entriesOf: (uri) => (this.documents.textOf(uri) === undefined ? undefined : this.documents.entries(uri)),
      isWritten: (kind, name) => this.written.has(`${kind} ${name}`),
      isSaid: () => false,
      changed: (uris) => this.changed.push(...uris),
    });
    this.admissions.attach();
  }

  async ask(text: string, warnings = true): Promise<AdmissionAnswer> {
    this.documents.change(URI, text);
    const answer = await this.admissions.ask({ uri: URI, namespace: 'default', warnings }, TOKEN);
    if (answer === null) throw new Error('no answer');
    return answer;
  }

  /** What is underlined, and the message. */
  async underlined(text: string): Promise<readonly (readonly [string, string])[]> {
    const { diagnostics } = await this.ask(text);
    const lines = text.split('\n');
    return diagnostics.map(({ range: { start, end }, message }) => [
      lines[start.line]?.slice(start.character, end.character) ?? '',
      message,
    ]);
  }
}
