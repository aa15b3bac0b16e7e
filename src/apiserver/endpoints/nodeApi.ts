/**
 * What the API server asks of the kubelet of a node when a request reaches into a container.
 * Promised: answers are at the present virtual time; a text instead of an answer is the kubelet's refusal.
 * Not promised: that anything happens between two calls: whoever holds a process or a log runs it on when time has passed.
 * Counterpart: the HTTP API of k8s.io/kubernetes/pkg/kubelet/server.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { Disposable } from '../../base/lifecycle.ts';

export interface LogOptions {
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Virtual time, milliseconds since 1970. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
}

export interface LogReader {
  /** What was written since the last call. */
  read(): string;
  /** The container has ended: there is nothing more. */
  readonly ended: boolean;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

export interface RemoteOutput {
  readonly out: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly err: (bytes: Uint8Array<ArrayBuffer>) => void;
}

export interface RemoteProcess {
  write(bytes: Uint8Array): void;
  closeInput(): void;
  /** Goes on as far as it can. */
  run(): void;
  /** Nobody listens any more: it may go on, but what it writes is lost, and nothing will be typed to it. */
  close(): void;
  readonly exitCode: number | undefined;
  /** Why it could not be started. */
  readonly failure?: string;
}

/** One connection to a port of a Pod. */
export interface RemoteConnection {
  /** @returns what the other side sends back */
  send(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  /** The other side has nothing more to say. */
  readonly ended: boolean;
}

/** A request to a port of a Pod. */
export interface RemoteRequest {
  readonly method: string;
  /** With the query: `/path?x=1`. */
  readonly path: string;
  /** One character a byte. */
  readonly body: string;
}

export interface RemoteAnswer {
  readonly code: number;
  readonly contentType: string;
  /** One character a byte. */
  readonly body: string;
}

export interface ContainerUsage {
  readonly name: string;
  readonly nanoCpu: number;
  readonly memoryBytes: number;
}

export interface NodeApi {
  /** Why the kubelet of the Pod's node cannot be asked; undefined if it can. @param path of the kubelet's API, for the text */
  unreachable(pod: Pod, path: string): string | undefined;
  logs(pod: Pod, container: string, options: LogOptions): LogReader | string;
  exec(pod: Pod, container: string, options: ExecOptions): ((output: RemoteOutput) => RemoteProcess) | string;
  attach(pod: Pod, container: string, options: Omit<ExecOptions, 'command'>): ((output: RemoteOutput) => RemoteProcess) | string;
  /** @returns a refusal, or the connection */
  dial(pod: Pod, port: number): RemoteConnection | string;
  /** @returns what the server at the port answers, or why there is no answer */
  fetch(pod: Pod, port: number, request: RemoteRequest): RemoteAnswer | string;
  /** What the running containers of a Pod use now. */
  usage(pod: Pod): readonly ContainerUsage[];
  /** Calls back when virtual time has gone on, as long as somebody listens. */
  onAdvance(listener: () => void): Disposable;
}
