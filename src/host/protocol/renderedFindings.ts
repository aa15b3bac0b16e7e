/**
 * What is shown of charts and kustomizations: a file can be part of several, and the findings of one stay while a file of it is open.
 * Invariant: a finding that two of them share is shown once. Counterpart: none in Kubernetes.
 */
import type { Diagnostic } from '../../manifest/model.ts';
import type { RenderedRoot } from './rendering.ts';

export class RenderedFindings {
  private readonly show: (uri: string, diagnostics: readonly Diagnostic[]) => void;
  private readonly roots = new Map<string, { readonly askedBy: Set<string>; readonly files: RenderedRoot['files'] }>();

  constructor(show: (uri: string, diagnostics: readonly Diagnostic[]) => void) {
    this.show = show;
  }

  /** @param asking the file for which was rendered */
  set(asking: string, answers: readonly RenderedRoot[]): void {
    const touched = this.leave(asking);
    for (const { root, files } of answers) {
      const before = this.roots.get(root);
      for (const { uri } of [...(before?.files ?? []), ...files]) touched.add(uri);
      this.roots.set(root, { askedBy: new Set([...(before?.askedBy ?? []), asking]), files });
    }
    this.showAll(touched);
  }

  /** The file is closed. */
  forget(asking: string): void {
    this.showAll(this.leave(asking));
  }

  clear(): void {
    const touched = new Set([...this.roots.values()].flatMap(({ files }) => files.map(({ uri }) => uri)));
    this.roots.clear();
    this.showAll(touched);
  }

  /** @returns the files of what nobody asks about any more */
  private leave(asking: string): Set<string> {
    const touched = new Set<string>();
    for (const [root, { askedBy, files }] of this.roots) {
      if (!askedBy.delete(asking) || askedBy.size > 0) continue;
      for (const { uri } of files) touched.add(uri);
      this.roots.delete(root);
    }
    return touched;
  }

  private showAll(uris: ReadonlySet<string>): void {
    for (const uri of uris) {
      const own = [...this.roots.values()].flatMap(({ files }) =>
        files.filter((file) => file.uri === uri).flatMap(({ diagnostics }) => diagnostics),
      );
      const once = new Map(own.map((each) => [`${each.range.start.line}:${each.range.start.character} ${each.message}`, each]));
      this.show(uri, [...once.values()]);
    }
  }
}
