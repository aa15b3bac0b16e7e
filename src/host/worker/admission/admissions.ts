/**
 * What the cluster would answer now if open documents were applied: asked on request, one file at a time, in slices.
 * Invariant: a document is tried again only if its text, what it owes to others of its file, or an object that the answer was looked up in
 * has changed; of two questions about a file the newer one counts. Counterpart: none in Kubernetes.
 */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Disposable } from '../../../base/lifecycle.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { shiftDiagnostic, type Entry, type PlacedEntry } from '../../../manifest/documents.ts';
import type { Range } from '../../../manifest/model.ts';
import { admissionRequests, tellOfAdmission, type AdmissionAnswer, type AdmissionParams } from '../../protocol/admission.ts';
import { SLICE_MS } from '../../driver.ts';
import { createInProcessRest } from '../inProcessRest.ts';
import { ObservedStore, questionsOf } from './observedStore.ts';
import { contextsOf, SubjectReader, subjectsOf, type Subject } from './subjects.ts';
import { countedNamespaces, trialOn, tryObject, type Finding } from './trial.ts';

export interface AdmissionsOptions {
  readonly cluster: () => Cluster;
  /** The documents of an open file; undefined: it is not open. */
  readonly entriesOf: (uri: string) => readonly PlacedEntry[] | undefined;
  /** Whether an object that no cluster has is in a file of the workspace. */
  readonly isWritten: (kind: string, name: string) => boolean;
  /** Whether a hint between objects says already that something is missing there. */
  readonly isSaid: (uri: string, range: Range) => boolean;
  readonly changed: (uris: readonly string[]) => void;
}

/** The cluster changes: no faster than a person reads, milliseconds. */
const PAUSE_MS = 500;

interface Known {
  readonly uri: string;
  readonly context: string;
  readonly namespace: string;
  readonly findings: readonly Finding[];
  readonly reads: ReadonlySet<string>;
  isStale: boolean;
}

export class Admissions {
  private readonly options: AdmissionsOptions;
  private readonly files = new Map<string, ReadonlyMap<Entry, Known>>();
  /** Who is to be asked again if the question is answered anew. */
  private readonly readers = new Map<string, Set<Known>>();
  private readonly reader = new SubjectReader();
  private readonly newest = new Map<string, number>();
  private readonly stale = new Set<string>();
  /** What was answered anew while documents are being tried. */
  private meanwhile: Set<string> | undefined;
  private questions = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private subscription: Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: AdmissionsOptions) {
    this.options = options;
  }

  /** Listens to the cluster that is there now. */
  attach(): void {
    this.subscription?.dispose();
    this.subscription = this.options.cluster().api.store.onRevision((revision) => this.written(revision));
    for (const [uri, known] of this.files) {
      for (const one of known.values()) one.isStale = true;
      this.wake(uri);
    }
  }

  /** Null: not open, cancelled, or outrun by a newer question. */
  async ask({ uri, namespace, warnings }: AdmissionParams, token: CancellationToken): Promise<AdmissionAnswer | null> {
    const question = ++this.questions;
    this.newest.set(uri, question);
    const isOutrun = (): boolean => token.isCancellationRequested || this.newest.get(uri) !== question;
    const tried = await this.inTurn(() => (isOutrun() ? Promise.resolve(undefined) : this.judge(uri, namespace, isOutrun)));
    const entries = this.options.entriesOf(uri);
    if (tried === undefined || entries === undefined || isOutrun()) return null;
    const known = this.files.get(uri);
    const diagnostics = entries.flatMap(({ entry, line }) =>
      (known?.get(entry)?.findings ?? [])
        .map((each) => ({ ...each, diagnostic: shiftDiagnostic(each.diagnostic, line) }))
        .filter((finding) => this.counts(finding, uri, warnings))
        .map(({ diagnostic }) => diagnostic),
    );
    return { diagnostics, tried, kept: entries.length - tried };
  }

  close(uri: string): void {
    this.newest.delete(uri);
    for (const known of this.files.get(uri)?.values() ?? []) this.unregister(known);
    this.files.delete(uri);
  }

  private counts({ diagnostic, misses }: Finding, uri: string, warnings: boolean): boolean {
    const { isWritten, isSaid } = this.options;
    if (misses !== undefined && (isWritten(misses.kind, misses.name) || isSaid(uri, diagnostic.range))) return false;
    return warnings || diagnostic.severity === 'error';
  }

  /** How many documents were tried; undefined: the file is not open, or nobody wants to know any more. */
  private async judge(uri: string, namespace: string, isOutrun: () => boolean): Promise<number | undefined> {
    const entries = this.options.entriesOf(uri);
    if (entries === undefined) return undefined;
    const cluster = this.options.cluster();
    const counted = countedNamespaces(cluster.api);
    const subjects = subjectsOf(
      entries,
      (entry) => this.reader.objects(entry, namespace),
      (name) => counted.has(name),
    );
    const contextOf = contextsOf(subjects);
    const before = this.files.get(uri);
    const after = new Map<Entry, Known>();
    const open: Subject[] = [];
    for (const subject of subjects) {
      const known = before?.get(subject.entry);
      if (known?.isStale === false && known.namespace === namespace && known.context === contextOf(subject))
        after.set(subject.entry, known);
      else open.push(subject);
    }
    if (open.length > 0) {
      const wanted = new Set(open.flatMap(({ takes }) => takes));
      const chosen = subjects.filter(({ gives, entry }) => !after.has(entry) || gives.some((name) => wanted.has(name)));
      this.meanwhile = new Set();
      try {
        const found = await tryAll(cluster, chosen, isOutrun);
        if (found === undefined) return undefined;
        for (const subject of open) {
          const { findings = [], reads = new Set<string>() } = found.get(subject.entry) ?? {};
          const isStale = [...reads].some((read) => this.meanwhile?.has(read) === true);
          after.set(subject.entry, { uri, namespace, context: contextOf(subject), findings, reads, isStale });
          if (isStale) this.wake(uri);
        }
      } finally {
        this.meanwhile = undefined;
      }
    }
    for (const [entry, known] of before ?? []) if (after.get(entry) !== known) this.unregister(known);
    for (const [entry, known] of after) if (before?.get(entry) !== known) this.register(known);
    this.files.set(uri, after);
    return open.length;
  }

  private written(revision: Revision): void {
    if (this.readers.size === 0 && this.meanwhile === undefined) return;
    for (const question of questionsOf(revision)) {
      this.meanwhile?.add(question);
      for (const known of this.readers.get(question) ?? []) {
        if (known.isStale) continue;
        known.isStale = true;
        this.wake(known.uri);
      }
    }
  }

  private wake(uri: string): void {
    this.stale.add(uri);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const uris = [...this.stale];
      this.stale.clear();
      this.options.changed(uris);
    }, PAUSE_MS);
  }

  private register(known: Known): void {
    for (const read of known.reads) {
      const set = this.readers.get(read);
      if (set === undefined) this.readers.set(read, new Set([known]));
      else set.add(known);
    }
  }

  private unregister(known: Known): void {
    for (const read of known.reads) {
      const set = this.readers.get(read);
      if (set?.delete(known) === true && set.size === 0) this.readers.delete(read);
    }
  }

  /** Two at a time would only make both later. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

interface Tried {
  readonly findings: readonly Finding[];
  readonly reads: ReadonlySet<string>;
}

/** Undefined: nobody wants to know any more. */
async function tryAll(
  cluster: Cluster,
  subjects: readonly Subject[],
  isOutrun: () => boolean,
): Promise<ReadonlyMap<Entry, Tried> | undefined> {
  let end = performance.now() + SLICE_MS;
  let store: ObservedStore | undefined;
  const api = cluster.apiTwin((kernel) => (store = new ObservedStore(kernel)));
  const rest = createInProcessRest({ api, before: () => undefined, after: () => undefined });
  const tried = new Map<Entry, Tried>();
  for (const { entry, objects } of subjects) {
    if (performance.now() >= end) {
      await new Promise((resolve) => setImmediate(resolve));
      end = performance.now() + SLICE_MS;
    }
    if (isOutrun()) return undefined;
    const reads = new Set<string>();
    if (store !== undefined) store.reads = reads;
    const findings: Finding[] = [];
    for (const object of objects)
      findings.push(
        ...(await tryObject(
          trialOn(api, rest, () => entry.document),
          object,
        )),
      );
    tried.set(entry, { findings, reads });
  }
  return tried;
}

/** @param isOff nothing is to be said of documents now: they are for another cluster */
export function handleAdmissionRequests(connection: MessageConnection, admissions: Admissions, isOff: () => boolean): void {
  connection.onRequest(admissionRequests.document, (params, token) =>
    isOff() ? { diagnostics: [], tried: 0, kept: 0 } : admissions.ask(params, token),
  );
}

export function tellChangedAdmission(connection: MessageConnection): (uris: readonly string[]) => void {
  return (uris) => void connection.sendNotification(tellOfAdmission.changed, { uris });
}
