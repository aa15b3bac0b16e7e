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
  /** The wait after a refusal, milliseconds: a right may be granted, a resource be served later. */
  readonly refusedMs?: number;
}

export type ReflectorState =
  | { readonly state: 'following' }
  /** Not served, or the user may not see it: asked again now and then. */
  | { readonly state: 'refused'; readonly code: number; readonly message: string }
  | { readonly state: 'lost'; readonly message: string };

type Trouble = Exclude<ReflectorState, { readonly state: 'following' }>;

/** How a list or a watch went: it leads on at once, to nothing new for now, or there is trouble. */
type Step = 'on' | 'idle' | Trouble;

const PAGE = '500';
const WATCH_SECONDS = '290';
const FIRST_BACK_OFF_MS = 800;
const LONGEST_BACK_OFF_MS = 30_000;
const REFUSED_MS = 60_000;
const GONE = 410;
/** Answers that will hardly be another one soon. 401 is none of them: a person logs in again. */
const REFUSALS: ReadonlySet<number> = new Set([403, 404, 405, 406]);
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export class Reflector implements Disposable {
  private readonly options: ReflectorOptions;
  private readonly stopped = new AbortController();
  /** The resourceVersion of what was told last; empty: a list is needed. */
  private version = '';

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
    const { onState, backOffMs = FIRST_BACK_OFF_MS, refusedMs = REFUSED_MS } = this.options;
    let wait = backOffMs;
    while (!this.isStopped) {
      const before = this.version;
      const isList = before === '';
      const step = await (isList ? this.list() : this.watch()).catch(lost);
      if (this.isStopped) break;
      if (typeof step === 'string') {
        if (isList) onState({ state: 'following' });
        first();
        if (step === 'on') {
          // A list alone is no sign of health: a server that ends every watch would be asked for list after list.
          if (!isList) wait = backOffMs;
          continue;
        }
      } else {
        onState(step);
        first();
        // It was lost after it had gone well.
        if (!isList && this.version !== '' && this.version !== before) wait = backOffMs;
      }
      const isRefused = typeof step !== 'string' && step.state === 'refused';
      await this.pause(isRefused ? refusedMs : wait);
      if (!isRefused) wait = Math.min(wait * 2, LONGEST_BACK_OFF_MS);
    }
    first();
  }

  private get isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private async list(): Promise<Step> {
    const { transport, path, metadataOnly, onList } = this.options;
    const objects: KubeObject[] = [];
    let page: Readonly<Record<string, string>> = { limit: PAGE };
    for (;;) {
      const answer = await transport.request({ method: 'GET', path, query: page, ...(metadataOnly ? { accept: METADATA_LIST } : {}) });
      const { code, body } = answer;
      // The pages took longer than the server remembers: all at once, or it would go on like this for ever.
      if (code === GONE && page['continue'] !== undefined) {
        objects.length = 0;
        page = {};
        continue;
      }
      if (code !== 200 || !isRecord(body)) return refusal(answer);
      for (const object of (body['items'] ?? []) as readonly KubeObject[]) objects.push(object);
      const metadata = (body['metadata'] ?? {}) as { readonly resourceVersion?: string; readonly continue?: string };
      const next = metadata.continue ?? '';
      if (next !== '') {
        page = { limit: PAGE, continue: next };
        continue;
      }
      if (this.isStopped) return 'idle';
      onList(objects);
      this.version = metadata.resourceVersion ?? '0';
      return 'on';
    }
  }

  /** Follows changes until the server ends the watch. What was told counts, however the watch ends. */
  private async watch(): Promise<Step> {
    const { transport, path, metadataOnly, onState } = this.options;
    const from = this.version;
    let failure: unknown;
    let ending: Step | undefined;
    const ended = new AbortController();
    const onText = lineReader((line) => {
      if (ending !== undefined || failure !== undefined || this.isStopped) return;
      try {
        ending = this.take(line);
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
      if (ending !== undefined) return ending;
      if (answer.code === GONE) return this.outdated();
      if (answer.code !== 200) return refusal(answer);
      // A watch that ends without a word would be asked for again and again.
      return this.version === from ? 'idle' : 'on';
    } catch (error) {
      throw failure ?? error;
    }
  }

  /** One line of a watch. @returns how the watch ends with it */
  private take(line: string): Step | undefined {
    const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: KubeObject };
    if (type === 'ERROR') {
      const { code, message } = object as { readonly code?: number; readonly message?: string };
      const step = this.outdated();
      return code === GONE ? step : { state: 'lost', message: message ?? 'the server ended the watch' };
    }
    if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') this.options.onChange(type, object);
    this.version = object.metadata.resourceVersion ?? this.version;
    return undefined;
  }

  /** What has been missed is not to be had by a watch: after a pause there is a list. */
  private outdated(): Step {
    this.version = '';
    return 'idle';
  }

  private pause(ms: number): Promise<void> {
    const { signal } = this.stopped;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
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
  return REFUSALS.has(code) ? { state: 'refused', code, message } : { state: 'lost', message };
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
