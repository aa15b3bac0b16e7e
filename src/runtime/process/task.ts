/**
 * What a program can do: read and write its descriptors, find files, start others, become another.
 * Invariant: holds nothing that is not in the world; it is made anew each time the process goes on.
 * Counterpart: the system calls.
 */
import { encodeUtf8 } from '../files/bytes.ts';
import { resolvePath, type FileSystem } from '../files/fileSystem.ts';
import { addFile, assign, openFile } from './descriptors.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import type { OpenFile, ProcessRecord, Program } from './world.ts';

/** What was there to be read. */
export interface Taken {
  readonly bytes: string;
  /** Nothing more will come. */
  readonly ended: boolean;
}

const LARGEST_READ = 1_048_576;

export class Task {
  readonly kernel: Kernel;
  readonly proc: ProcessRecord;
  /** It wrote to a pipe that nobody reads. */
  broken = false;
  /** It wrote to a file for which there was no room. */
  full = false;

  constructor(kernel: Kernel, proc: ProcessRecord) {
    this.kernel = kernel;
    this.proc = proc;
  }

  get machine(): Machine {
    return this.kernel.machine;
  }

  get files(): FileSystem {
    return this.kernel.machine.files();
  }

  get nowMs(): number {
    return this.kernel.nowMs;
  }

  get env(): Record<string, string> {
    return this.proc.env;
  }

  get cwd(): string {
    return this.proc.cwd;
  }

  path(name: string): string {
    return resolvePath(this.proc.cwd, name);
  }

  print(text: string): void {
    this.write(1, encodeUtf8(text));
  }

  complain(text: string): void {
    this.write(2, encodeUtf8(`${text}\n`));
  }

  out(bytes: string): void {
    this.write(1, bytes);
  }

  write(fd: number, bytes: string): void {
    const { world } = this.kernel;
    const file = openFile(world, this.proc, fd);
    if (file === undefined || bytes === '') return;
    switch (file.kind) {
      case 'log':
        return this.kernel.log(file.stream, bytes);
      case 'session': {
        const session = world.sessions[file.session];
        // A terminal has one stream: what was complained of stands where it came up.
        if (session !== undefined && file.stream !== 'in') session[session.tty ? 'out' : file.stream] += bytes;
        return;
      }
      case 'pipe': {
        const pipe = world.pipes[file.pipe];
        if (pipe === undefined || pipe.readers === 0) this.broken = true;
        else pipe.bytes += bytes;
        return;
      }
      case 'capture':
        file.content += bytes;
        return;
      case 'file':
        return this.writeFile(file, bytes);
      case 'text':
      case 'null':
      case 'zero':
        return;
    }
  }

  /** Everything that can be read now. @param most bytes */
  take(fd = 0, most = LARGEST_READ): Taken {
    const { world } = this.kernel;
    const file = openFile(world, this.proc, fd);
    switch (file?.kind) {
      case 'pipe': {
        const pipe = world.pipes[file.pipe];
        if (pipe === undefined) return END;
        const bytes = pipe.bytes.slice(0, most);
        pipe.bytes = pipe.bytes.slice(most);
        return { bytes, ended: pipe.writers === 0 && pipe.bytes === '' };
      }
      case 'session': {
        const session = world.sessions[file.session];
        if (session === undefined || file.stream !== 'in') return END;
        const bytes = session.input.slice(0, most);
        session.input = session.input.slice(most);
        return { bytes, ended: session.closed && session.input === '' };
      }
      case 'file':
      case 'text': {
        const content = this.contentOf(file);
        const bytes = content.slice(file.offset, file.offset + most);
        file.offset += bytes.length;
        return { bytes, ended: file.offset >= content.length };
      }
      case 'zero':
        return { bytes: '\0'.repeat(Math.min(most, LARGEST_READ)), ended: false };
      default:
        return END;
    }
  }

  /** A line with its end, the rest at the end, `undefined` if it is not there yet, null at the end. */
  line(fd = 0): string | undefined | null {
    const { world } = this.kernel;
    const file = openFile(world, this.proc, fd);
    if (file?.kind === 'file' || file?.kind === 'text') {
      const content = this.contentOf(file);
      if (file.offset >= content.length) return null;
      const end = content.indexOf('\n', file.offset);
      const line = content.slice(file.offset, end < 0 ? content.length : end + 1);
      file.offset += line.length;
      return line;
    }
    const waiting =
      file?.kind === 'pipe'
        ? (world.pipes[file.pipe]?.bytes ?? '')
        : file?.kind === 'session'
          ? (world.sessions[file.session]?.input ?? '')
          : '';
    const end = waiting.indexOf('\n');
    if (end >= 0) return this.take(fd, end + 1).bytes;
    if (!this.isOver(file)) return undefined;
    return waiting === '' ? null : this.take(fd).bytes;
  }

  /** Opens a file at a descriptor. @returns what is wrong */
  open(fd: number, name: string, mode: 'read' | 'write' | 'append' | 'both'): string | undefined {
    const file = this.fileFor(name, mode);
    if (typeof file === 'string') return file;
    const number = 'number' in file ? file.number : addFile(this.kernel.world, file.made);
    assign(this.kernel.world, this.proc, fd, number);
    return undefined;
  }

  /** The process becomes another program. */
  become(args: readonly string[], env: Readonly<Record<string, string>>, program: Program): undefined {
    const { proc } = this;
    proc.args = args;
    for (const name of Object.keys(proc.env)) delete proc.env[name];
    Object.assign(proc.env, env);
    proc.program = program;
    proc.wait = null;
    return undefined;
  }

  private isOver(file: OpenFile | undefined): boolean {
    const { world } = this.kernel;
    if (file?.kind === 'pipe') return (world.pipes[file.pipe]?.writers ?? 0) === 0;
    if (file?.kind === 'session') return world.sessions[file.session]?.closed !== false;
    return true;
  }

  private contentOf(file: Extract<OpenFile, { kind: 'file' | 'text' }>): string {
    if (file.kind === 'text') return file.content;
    const read = this.files.read(file.path);
    return typeof read === 'string' ? '' : read.content;
  }

  private writeFile(file: Extract<OpenFile, { kind: 'file' }>, bytes: string): void {
    const content = this.contentOf(file);
    const at = file.append ? content.length : file.offset;
    const padded = content.length < at ? content.padEnd(at, '\0') : content;
    const problem = this.files.write(file.path, padded.slice(0, at) + bytes + padded.slice(at + bytes.length));
    file.offset = at + bytes.length;
    if (problem !== 'No space left on device' || this.full) return;
    this.full = true;
    this.complain(`${this.proc.args[0] ?? ''}: write error: ${problem}`);
  }

  private fileFor(
    name: string,
    mode: 'read' | 'write' | 'append' | 'both',
  ): string | { readonly number: number } | { readonly made: OpenFile } {
    const path = this.path(name);
    const same = /^\/(?:dev\/(?:fd\/(\d+)|(stdin|stdout|stderr))|proc\/(self|\d+)\/fd\/(\d+))$/.exec(path);
    if (same !== null) {
      const [, fd, stream, pid, other] = same;
      const of = pid === undefined || pid === 'self' ? this.proc : this.kernel.find(Number(pid));
      const wanted = fd ?? other ?? String(['stdin', 'stdout', 'stderr'].indexOf(stream ?? ''));
      const number = of?.fds[wanted];
      return number === undefined ? 'No such file or directory' : { number };
    }
    if (path === '/dev/null' || path === '/dev/tty' || path === '/dev/console') return { made: { kind: 'null', refs: 0 } };
    if (path === '/dev/zero' || path === '/dev/urandom' || path === '/dev/random') return { made: { kind: 'zero', refs: 0 } };
    const { files } = this;
    if (mode === 'read') {
      const read = files.read(path);
      if (typeof read === 'string') return read;
    } else {
      const exists = files.stat(path)?.kind === 'file';
      const problem = mode === 'write' || !exists ? files.write(path, '') : files.problemOfWriting(path);
      if (problem !== undefined) return problem;
    }
    return { made: { kind: 'file', path, offset: 0, append: mode === 'append', refs: 0 } };
  }
}

const END: Taken = { bytes: '', ended: true };
