import type { CustomResourceDefinition } from '../../api/schema/types/apiextensions/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { definitionsIn, withDefinitions } from '../../manifest/customKinds.ts';
import type { Judge } from '../../manifest/judge.ts';

/** The CustomResourceDefinitions that the editor knows: those of the files it has seen, and those of the cluster. */
export class Definitions {
  private readonly base: Judge;
  private readonly ofCluster: () => readonly KubeObject[];
  private readonly ofFiles = new Map<string, readonly CustomResourceDefinition[]>();
  private known: { readonly cluster: readonly KubeObject[]; readonly judge: Judge } | undefined;

  /** @param ofCluster the stored ones; the same list as long as nothing changed */
  constructor(base: Judge, ofCluster: () => readonly KubeObject[]) {
    this.base = base;
    this.ofCluster = ofCluster;
  }

  /** A file keeps its definitions when it is closed: it is still there. */
  change(uri: string, text: string): void {
    const definitions = definitionsIn(text);
    if (definitions.length === 0 && !this.ofFiles.has(uri)) return;
    if (definitions.length === 0) this.ofFiles.delete(uri);
    else this.ofFiles.set(uri, definitions);
    this.known = undefined;
  }

  /** The same one as long as no definition changes. Files come before the cluster: they are what is being worked on. */
  judge(): Judge {
    const cluster = this.ofCluster();
    if (this.known?.cluster !== cluster) {
      const definitions = [...(cluster as readonly CustomResourceDefinition[]), ...[...this.ofFiles.values()].flat()];
      this.known = { cluster, judge: withDefinitions(this.base, definitions) };
    }
    return this.known.judge;
  }
}
