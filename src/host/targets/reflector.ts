/**
 * One resource of a real cluster, followed by a list and a watch that goes on from it.
 * Invariant: told in order; after a gap the whole list is told anew. It tries again for ever, ever more slowly, until it is disposed.
 * Counterpart: client-go's Reflector.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { RestAnswer } from '../../kubectl/rest.ts';
import type { Transport } from './transport.ts';

export interface ReflectorOptions {
  readonly transport: Pick<Transport, 'request' | 'stream'>;
  /** Of the collection. */
  readonly path: string;
  /** Nothing but the metadata of objects is asked for. */
  readonly metadataOnly: boolean;
  readonly onList: (objects: readonly KubeObject[]) => void;
  readonly onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void;
  /** The server answers, or why it is not followed any more for now. */
  readonly onState: (state: ReflectorState) => void;
  /** The first wait after a failure, milliseconds. */
  readonly backOffMs?: number;
}

export type ReflectorState =
  | { readonly state: 'following' }
  /** Refused for good: not served, or the user may not see it. */
  | { readonly state: 'refused'; readonly code: number; readonly message: string }
  | { readonly state: 'lost'; readonly message: string };

type Trouble = Exclude<ReflectorState, { readonly state: 'following' }>;

const PAGE = '500';
const WATCH_SECONDS = '290';
const FIRST_BACK_OFF_MS = 800;
const LONGEST_BACK_OFF_MS = 30_000;
const GONE = 410;
/** Answers that will be the same next time. */
const FINAL: ReadonlySet<number> = new Set([401, 403, 404, 405, 406]);
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export class Reflector implements Disposable {
  private readonly options: ReflectorOptions;
  private readonly stopped = new AbortController();

  constructor(options: ReflectorOptions) {
    this.options = options;
  }

  /** Resolves when the first list is there, or is not to be had. */
  start(): Promise<void> {
    return new Promise((resolve) => void this.run(resolve));
  }

  dispose(): void {
    this.stopped.abort();
  }

  private async run(first: () => void): Promise<void> {
    const { onState, backOffMs = FIRST_BACK_OFF_MS } = this.options;
    let wait = backOffMs;
    let version = '';
    while (!this.isStopped) {
      const step = await (version === '' ? this.list() : this.watch(version)).catch(lost);
      if (this.isStopped) break;
      if (typeof step === 'string') {
        if (step !== '' && version === '') onState({ state: 'following' });
        const idle = step === version;
        version = step;
        wait = backOffMs;
        first();
        // A watch that ends at once would be asked for again and again.
        if (idle) await this.pause(wait);
        continue;
      }
      onState(step);
      if (step.state === 'refused') break;
      first();
      await this.pause(wait);
      wait = longer(wait);
    }
    first();
  }

  private get isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  /** The version that the list is of, or why there is none. */
  private async list(): Promise<string | Trouble> {
    const { transport, path, metadataOnly, onList } = this.options;
    const objects: KubeObject[] = [];
    let next = '';
    for (;;) {
      const query = { limit: PAGE, ...(next === '' ? {} : { continue: next }) };
      const answer = await transport.request({ method: 'GET', path, query, ...(metadataOnly ? { accept: METADATA_LIST } : {}) });
      const { code, body } = answer;
      // The pages took longer than the server remembers: from the beginning.
      if (code === GONE && next !== '') return this.list();
      if (code !== 200 || !isRecord(body)) return refusal(answer);
      objects.push(...((body['items'] ?? []) as readonly KubeObject[]));
      const metadata = (body['metadata'] ?? {}) as { readonly resourceVersion?: string; readonly continue?: string };
      next = metadata.continue ?? '';
      if (next !== '') continue;
      if (!this.isStopped) onList(objects);
      return metadata.resourceVersion ?? '0';
    }
  }

  /** Follows changes until the server ends the watch. @returns the version to go on from; empty: a new list is needed */
  private async watch(from: string): Promise<string | Trouble> {
    const { transport, path, metadataOnly, onChange, onState } = this.options;
    let version = from;
    let outdated = false;
    let failure: unknown;
    const ended = new AbortController();
    const one = (line: string): void => {
      const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: KubeObject };
      if (type === 'ERROR') {
        outdated = true;
        return;
      }
      version = object.metadata.resourceVersion ?? version;
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') onChange(type, object);
    };
    const onText = lineReader((line) => {
      if (outdated || failure !== undefined || this.isStopped) return;
      try {
        one(line);
      } catch (error) {
        failure = error;
        ended.abort();
      }
    });
    const query = { watch: '1', resourceVersion: from, allowWatchBookmarks: 'true', timeoutSeconds: WATCH_SECONDS };
    const signal = AbortSignal.any([this.stopped.signal, ended.signal]);
    const reader = { onText, signal, onOpen: () => onState({ state: 'following' }) };
    try {
      const answer = await transport.stream({ path, query, ...(metadataOnly ? { accept: METADATA } : {}) }, reader);
      if (outdated || answer.code === GONE) return '';
      return answer.code === 200 ? version : refusal(answer);
    } catch (error) {
      throw failure ?? error;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.stopped;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}

function refusal({ code, body }: RestAnswer): Trouble {
  const message = messageOf(code, body);
  return FINAL.has(code) ? { state: 'refused', code, message } : { state: 'lost', message };
}

function messageOf(code: number, body: unknown): string {
  if (isRecord(body) && typeof body['message'] === 'string') return body['message'];
  return `the server answered ${code}`;
}

function lost(error: unknown): Trouble {
  return { state: 'lost', message: error instanceof Error ? error.message : String(error) };
}

/** Takes pieces of text and gives whole lines, empty ones left out. */
export function lineReader(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}

function longer(wait: number): number {
  return Math.min(wait * 2, LONGEST_BACK_OFF_MS);
}
