/**
 * The simulated clusters of the editor, by name: one is current and goes on, the others stand still as they are.
 * Invariant: each is kept in a file of its own (or, without files, in memory); an answer of refusal changes nothing.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MessageConnection } from 'vscode-jsonrpc';
import type { Cluster, ClusterHooks } from '../../cluster/cluster.ts';
import { PRESET_NAMES, type ClusterOptions } from '../../cluster/options.ts';
import { CLUSTER_NAME, FIRST_CLUSTER, clusterRequests, type ClusterAnswer, type ClusterEntry } from '../protocol/clusters.ts';
import { optionsOf } from './clusterPlan.ts';
import type { Session } from './session.ts';

/** What a new cluster begins as. */
export interface Beginning {
  readonly planned?: Partial<ClusterOptions>;
  /** Makes it; left out: a new one by the options. */
  readonly first?: (hooks: ClusterHooks) => Cluster;
}

export interface NamedClustersOptions {
  /** The file of the first one; undefined: memory only. */
  readonly dataFile: string | undefined;
  /** Which one is current at the start. */
  readonly begin: string;
  readonly open: (name: string, dataFile: string | undefined, beginning: Beginning) => Session;
  /** The current one is another: it is to be shown. */
  readonly show: (session: Session) => void;
  /** Ends what else is shown in place of the current one. */
  readonly endGuests: () => void;
}

export class NamedClusters {
  private readonly options: NamedClustersOptions;
  private readonly sessions = new Map<string, Session>();
  private name: string;

  constructor(options: NamedClustersOptions) {
    this.options = options;
    this.name = CLUSTER_NAME.test(options.begin) && this.stored().includes(options.begin) ? options.begin : FIRST_CLUSTER;
    this.sessions.set(this.name, this.open(this.name, {}));
  }

  get current(): Session {
    return this.sessions.get(this.name) as Session;
  }

  list(): readonly ClusterEntry[] {
    const names = [...new Set([FIRST_CLUSTER, ...[...this.stored(), ...this.sessions.keys()].toSorted()])];
    return names.map((name) => {
      const store = this.sessions.get(name)?.cluster.api.store;
      return { name, isCurrent: name === this.name, nodes: store?.count('nodes'), pods: store?.count('pods') };
    });
  }

  /** @throws Error if the name is taken or no name */
  create(name: string, beginning: Beginning): Session {
    if (!CLUSTER_NAME.test(name)) throw new Error(`“${name}” is no name of a cluster: small letters, digits and dashes, at most 40.`);
    if (this.has(name)) throw new Error(`There is a cluster “${name}” already.`);
    this.options.endGuests();
    let session: Session;
    try {
      session = this.open(name, beginning);
    } catch (error) {
      removeDatabase(this.fileOf(name));
      throw error;
    }
    return this.enter(name, session);
  }

  /** @throws Error if there is none of that name */
  choose(name: string): Session {
    if (!this.has(name)) throw new Error(`There is no cluster “${name}”.`);
    this.options.endGuests();
    const known = this.sessions.get(name);
    if (name === this.name) {
      this.options.show(this.current);
      return this.current;
    }
    known?.driver.start();
    return this.enter(name, known ?? this.open(name, {}));
  }

  /** @throws Error if there is none, or it is the first */
  remove(name: string): Session {
    if (name === FIRST_CLUSTER) throw new Error(`The cluster “${FIRST_CLUSTER}” stays; it can be reset.`);
    if (!this.has(name)) throw new Error(`There is no cluster “${name}”.`);
    if (name === this.name) this.choose(FIRST_CLUSTER);
    this.sessions.get(name)?.dispose();
    this.sessions.delete(name);
    removeDatabase(this.fileOf(name));
    return this.current;
  }

  /** Throws the current one away and starts a new one in its place, unshown yet. */
  reset(planned: Partial<ClusterOptions>): Session {
    this.current.dispose();
    removeDatabase(this.fileOf(this.name));
    const fresh = this.open(this.name, { planned });
    this.sessions.set(this.name, fresh);
    return fresh;
  }

  /** Everything that was acknowledged is on the disk when this returns. */
  flush(): void {
    for (const session of this.sessions.values()) session.flush();
  }

  handle(connection: MessageConnection): void {
    connection.onRequest(clusterRequests.list, () => this.list());
    connection.onRequest(clusterRequests.create, ({ name, preset, config }) =>
      answerOf(() => this.create(name, { planned: config === undefined ? presetOptions(preset) : optionsOf(config) })),
    );
    connection.onRequest(clusterRequests.keepFork, ({ fork, name }) =>
      answerOf(() => {
        const forked = this.current.forks.cluster(fork);
        if (forked === undefined) throw new Error('That fork is not there any more.');
        return this.create(name, { first: () => forked.fork() });
      }),
    );
    connection.onRequest(clusterRequests.choose, ({ name }) => answerOf(() => this.choose(name)));
    connection.onRequest(clusterRequests.remove, ({ name }) => answerOf(() => this.remove(name)));
  }

  private has(name: string): boolean {
    return name === FIRST_CLUSTER || this.sessions.has(name) || this.stored().includes(name);
  }

  private enter(name: string, session: Session): Session {
    const former = this.current;
    this.sessions.set(name, session);
    this.name = name;
    former.driver.dispose();
    former.flush();
    this.options.show(session);
    return session;
  }

  private open(name: string, beginning: Beginning): Session {
    const file = this.fileOf(name);
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
    return this.options.open(name, file, beginning);
  }

  private fileOf(name: string): string | undefined {
    const { dataFile } = this.options;
    return dataFile === undefined || name === FIRST_CLUSTER ? dataFile : join(folderOf(dataFile), `${name}.sqlite`);
  }

  /** The names of those that have files, but for the first. */
  private stored(): readonly string[] {
    const { dataFile } = this.options;
    if (dataFile === undefined) return [];
    try {
      const files = readdirSync(folderOf(dataFile));
      return files.flatMap((file) => /^([-a-z0-9]+)\.sqlite$/.exec(file)?.[1] ?? []).filter((name) => name !== FIRST_CLUSTER);
    } catch {
      // Nobody has made a second one yet.
      return [];
    }
  }
}

function folderOf(dataFile: string): string {
  return join(dirname(dataFile), 'clusters');
}

function presetOptions(preset: string | undefined): Partial<ClusterOptions> {
  const known = PRESET_NAMES.find((name) => name === preset);
  return known === undefined ? {} : { preset: known };
}

export function answerOf(act: () => Session): ClusterAnswer {
  try {
    return { info: act().info() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function removeDatabase(file: string | undefined): void {
  if (file === undefined) return;
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
