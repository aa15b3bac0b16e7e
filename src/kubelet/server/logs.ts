/**
 * The log of a container as the kubelet serves it: from a time or a number of lines on, and further as it grows.
 * Invariant: each line is given once; whoever begins to read gets what the file has that is written now, and then what comes, in whatever file. Counterpart: k8s.io/kubernetes/pkg/kubelet/kuberuntime/logs.
 */
import type { LogOptions, LogReader } from '../../apiserver/endpoints/nodeApi.ts';
import { encodeUtf8, decodeUtf8 } from '../../runtime/files/bytes.ts';
import { logsOf, type LogEntry } from '../../runtime/logs.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import type { WrittenLog } from '../programs/worlds.ts';
import type { Started } from './started.ts';

export interface LogSource {
  /** What the container has written. @param own what follows from its program's text */
  readonly written: (own: () => readonly LogEntry[]) => WrittenLog;
  readonly record: () => ContainerRecord;
}

export class ContainerLog implements LogReader {
  ended = false;
  private readonly started: Started;
  private readonly options: LogOptions;
  private readonly nowMs: () => number;
  private readonly source: LogSource;
  private given: number;
  private bytesLeft: number;

  constructor(started: Started, options: LogOptions, nowMs: () => number, source: LogSource) {
    this.started = started;
    this.options = options;
    this.nowMs = nowMs;
    this.source = source;
    this.bytesLeft = options.limitBytes ?? Number.POSITIVE_INFINITY;
    const { tailLines, sinceMs } = options;
    const { dropped, former, lines: all } = this.lines();
    const since = sinceMs === undefined ? 0 : all.findIndex(({ atMs }) => atMs >= sinceMs);
    const from = Math.max(since < 0 ? all.length : since, former - dropped);
    this.given = dropped + (tailLines === undefined ? from : Math.max(from, all.length - tailLines));
  }

  read(): string {
    const { exit } = this.source.record();
    if (exit !== null && exit.atMs <= this.nowMs()) this.ended = true;
    const { dropped, lines } = this.lines();
    const text = lines
      .slice(Math.max(this.given - dropped, 0))
      .map(({ atMs, text: line }) => `${this.options.timestamps ? `${stamp(atMs)} ` : ''}${line}\n`)
      .join('');
    this.given = dropped + lines.length;
    return this.limited(text);
  }

  private limited(text: string): string {
    const bytes = encodeUtf8(text);
    if (bytes.length <= this.bytesLeft) {
      this.bytesLeft -= bytes.length;
      return text;
    }
    const cut = bytes.slice(0, this.bytesLeft);
    this.bytesLeft = 0;
    this.ended = true;
    return decodeUtf8(cut);
  }

  private lines(): WrittenLog {
    return this.source.written(() => logsOf(this.source.record(), this.started.start, this.nowMs()));
  }
}

/** As the container runtime writes times: with nine digits of a second. */
function stamp(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000000Z');
}
