/**
 * Into which file a container's log is written: the kubelet looks at the sizes now and then, and begins a new one where that is needed.
 * Invariant: nothing waits for a look: what it would have found follows from what was written before it.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/logs (container_log_manager.go); `kubectl logs` shows the file that is written now.
 */

/** What the kubelet of the node says of logs. */
export interface Rotation {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly intervalMs: number;
  /** Where in the interval it looks. */
  readonly phaseMs: number;
}

/** The file that is written now. */
export interface LogFile {
  /** How many lines were written before it. */
  from: number;
  bytes: number;
  /** How many files were before it. */
  rotated: number;
  /** When it was known to be in order last, milliseconds since 1970. */
  lookedMs: number;
}

interface Line {
  readonly atMs: number;
  readonly text: string;
}

/** A time with nine digits of a second, the stream, whether the line is whole, and the end. */
const FRAME_BYTES = '2026-01-05T10:00:00.000000000Z stdout F \n'.length;

export function newLogFile(): LogFile {
  return { from: 0, bytes: 0, rotated: 0, lookedMs: 0 };
}

/** @param count lines that were written so far, in all files */
export function lookAtFile(file: LogFile, count: number, rotation: Rotation, nowMs: number): void {
  const look = (ms: number): number => Math.floor((ms - rotation.phaseMs) / rotation.intervalMs);
  if (look(nowMs) === look(file.lookedMs)) return;
  file.lookedMs = nowMs;
  if (file.bytes <= rotation.maxBytes) return;
  file.from = count;
  file.bytes = 0;
  file.rotated++;
}

export function addLine(file: LogFile, text: string): void {
  file.bytes += text.length + FRAME_BYTES;
}

/** How many lines lie in former files, of a log that is known from its first line on. */
export function formerLines(lines: readonly Line[], rotation: Rotation, nowMs: number): number {
  const file = newLogFile();
  lines.forEach(({ atMs, text }, index) => {
    lookAtFile(file, index, rotation, atMs);
    addLine(file, text);
  });
  lookAtFile(file, lines.length, rotation, nowMs);
  return file.from;
}

/** gzip makes a log about so small. */
const COMPRESSED_SHARE = 0.1;

/** What all files of a log take: those before the last one are compressed. Example: 5 files of 10Mi: 10 + 10 + 3 * 1 = 23Mi at most. */
export function bytesOfFiles({ bytes, rotated }: LogFile, { maxBytes, maxFiles }: Rotation): number {
  const former = Math.min(rotated, maxFiles - 1);
  return bytes + Math.min(former, 1) * maxBytes + Math.max(former - 1, 0) * maxBytes * COMPRESSED_SHARE;
}
