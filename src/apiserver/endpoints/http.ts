import type { Disposable } from '../../base/lifecycle.ts';
import type { UserInfo } from '../request.ts';
import type { RemoteConnection, RemoteOutput, RemoteProcess } from './nodeApi.ts';

/** A request as the wire brings it, without the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded from percent signs only where a segment is read; starts with `/`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The body as it came, where it is not text (protobuf). */
  readonly bytes?: Uint8Array;
  /** Who asks, once authenticated; see authentication.ts. */
  readonly user: UserInfo;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Texts of `Warning` headers, in order. */
  readonly warnings: readonly string[];
  readonly body: string;
  /** The body in pieces, where it is too long to be made at once; then `body` joins them for who needs all. */
  readonly pieces?: Iterable<string>;
  /** The body where it is not text. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

/**
 * A watch: an answer without an end. The host reads from it when the connection can take more, so a slow reader costs
 * nothing but its own lag; one that falls behind what history keeps gets the error event that the API server sends.
 */
export interface WatchStream {
  readonly kind: 'watch';
  readonly headers: Readonly<Record<string, string>>;
  /** What is read is one character a byte, not text. */
  readonly binary?: boolean;
  /** Real time after which the watch ends, milliseconds. */
  readonly timeoutMs: number;
  /** Up to so many events as text, one a line; empty if there is nothing new. */
  read(limit: number): string;
  /** An event that says only how far the watch has come; empty if the client does not want such. */
  bookmark(): string;
  /** After an error event there is nothing more. */
  readonly ended: boolean;
  /** Calls back after each write that may concern the watch. */
  onChange(listener: () => void): Disposable;
}

/** A connection that is to be upgraded to the streams of a process in a container. */
export interface ProcessStream {
  readonly kind: 'process';
  readonly stdin: boolean;
  readonly tty: boolean;
  open(output: RemoteOutput): RemoteProcess;
  /** Calls back when the process may go on. */
  onAdvance(listener: () => void): Disposable;
}

/** A connection that is to be upgraded to connections with the ports of a Pod. */
export interface PortStreams {
  readonly kind: 'ports';
  /** @returns the connection, or why there is none */
  dial(port: number): RemoteConnection | string;
}

export type Upgrade = ProcessStream | PortStreams;
export type HttpAnswer = HttpResponse | WatchStream | Upgrade;

/** Whether a list request asks for a watch. */
export function isWatch(query: URLSearchParams): boolean {
  return flagOf(query, 'watch') === true;
}

/** A yes or no of the query: everything is yes but `0` and `false`; undefined if it is not there. */
export function flagOf(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}
