/**
 * What a build tells while it goes on, as `docker build --progress=plain` prints it.
 * Invariant: lines with the time that passes before each; whoever shows them decides how fast.
 * Counterpart: util/progress/progressui of github.com/moby/buildkit.
 */
export interface BuildLine {
  /** Simulated time since the line before, milliseconds. */
  readonly waitMs: number;
  readonly text: string;
}

/** One step of the Dockerfile. */
export interface BuildStep {
  readonly name: string;
  /** From 1, of the Dockerfile. */
  readonly line: number;
  readonly cached: boolean;
  readonly tookMs: number;
  readonly sizeBytes: number;
}

export class Progress {
  readonly lines: BuildLine[] = [];
  readonly steps: BuildStep[] = [];
  private count = 0;

  constructor() {
    this.lines.push({ waitMs: 0, text: '#0 building with "kubepad" instance using kubepad driver' }, { waitMs: 0, text: '' });
  }

  vertex(name: string): Vertex {
    const id = ++this.count;
    this.lines.push({ waitMs: 0, text: `#${id} ${name}` });
    return new Vertex(id, this.lines);
  }

  plain(text: string): void {
    this.lines.push({ waitMs: 0, text });
  }
}

export class Vertex {
  readonly id: number;
  private readonly lines: BuildLine[];
  private tookMs = 0;

  constructor(id: number, lines: BuildLine[]) {
    this.id = id;
    this.lines = lines;
  }

  /** A line of output, so long after the one before. */
  say(text: string, waitMs = 0): void {
    this.tookMs += waitMs;
    this.lines.push({ waitMs, text: `#${this.id} ${text}` });
  }

  /** What a command wrote, with its time. */
  output(text: string, waitMs = 0): void {
    this.tookMs += waitMs;
    this.lines.push({ waitMs, text: `#${this.id} ${(this.tookMs / 1000).toFixed(3)} ${text}` });
  }

  /** @returns how long the step took, milliseconds */
  done(waitMs = 0): number {
    this.tookMs += waitMs;
    this.lines.push({ waitMs, text: `#${this.id} DONE ${(this.tookMs / 1000).toFixed(1)}s` }, { waitMs: 0, text: '' });
    return this.tookMs;
  }

  cached(): void {
    this.lines.push({ waitMs: 0, text: `#${this.id} CACHED` }, { waitMs: 0, text: '' });
  }

  fail(message: string): void {
    this.lines.push({ waitMs: 0, text: `#${this.id} ERROR: ${message}` });
  }
}
