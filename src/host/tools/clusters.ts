/**
 * The clusters that tools can name: the main one, and copies of it in which things are tried.
 * Invariant: a copy never touches what it was made of; when the main cluster is replaced, its copies go with it.
 * Counterpart: none in Kubernetes.
 */
import type { Preset } from '../../cluster/options.ts';
import { placeOf, type Place } from './place.ts';
import { ToolError } from './tool.ts';

export const MAIN = 'main';
/** Each copy shares what it does not change, and holds what it does. */
const MAX_FORKS = 16;

export interface ClustersOptions {
  /** The main cluster as it is now. */
  readonly main: () => Place;
  /** Replaces the main cluster by a new one. */
  readonly reset: (wish: NewCluster) => void;
}

/** What a new main cluster consists of, where it is not as the last one began. */
export interface NewCluster {
  readonly preset: Preset | undefined;
  readonly nodes: number | undefined;
}

export class Clusters {
  private readonly options: ClustersOptions;
  private readonly forks = new Map<string, Place>();
  private made = 0;
  /** Of which the copies are. */
  private origin: unknown;

  constructor(options: ClustersOptions) {
    this.options = options;
  }

  /** @throws ToolError if there is none of that name */
  place(name: string = MAIN): Place {
    this.forget();
    const place = name === MAIN ? this.options.main() : this.forks.get(name);
    if (place === undefined) throw new ToolError(`There is no cluster ${name}; there are: ${this.names().join(', ')}.`);
    place.sync();
    return place;
  }

  names(): readonly string[] {
    this.forget();
    return [MAIN, ...this.forks.keys()];
  }

  /** The name of the copy. */
  fork(name: string = MAIN): string {
    const { cluster } = this.place(name);
    if (this.forks.size >= MAX_FORKS) throw new ToolError(`There are ${MAX_FORKS} copies already; discard one first.`);
    const copy = `fork-${++this.made}`;
    this.forks.set(copy, placeOf(cluster.fork()));
    return copy;
  }

  discard(name: string): void {
    if (name === MAIN) throw new ToolError('The main cluster cannot be discarded; reset it instead.');
    this.place(name);
    this.forks.delete(name);
  }

  reset(wish: NewCluster): void {
    this.options.reset(wish);
    this.forget();
  }

  private forget(): void {
    const { cluster } = this.options.main();
    if (cluster === this.origin) return;
    this.origin = cluster;
    this.forks.clear();
  }
}
