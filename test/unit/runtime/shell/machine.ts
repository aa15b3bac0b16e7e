import { FileSystem, type Layer } from '../../../../src/runtime/files/fileSystem.ts';
import { Kernel } from '../../../../src/runtime/process/kernel.ts';
import { launchFirst, openSession, type Launch } from '../../../../src/runtime/process/launch.ts';
import type { Machine, PodNetwork } from '../../../../src/runtime/process/machine.ts';
import { newWorld, type World } from '../../../../src/runtime/process/world.ts';
import { COMMANDS } from '../../../../src/runtime/shell/commands/commands.ts';
import { runShell } from '../../../../src/runtime/shell/interpreter.ts';

export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

const file = (content: string, mode = 0o644) => ({ kind: 'file', content, mode, atMs: START }) as const;
const directory = { kind: 'directory', mode: 0o755, atMs: 0 } as const;

/** A container with a root that can be written and a ConfigMap that cannot; its clock goes on by hand. */
export class Box {
  world: World = newWorld('c0ffee', 'uid', 'app', {});
  nowMs = START;
  readonly upper: Layer = {};
  memoryLimit = Number.POSITIVE_INFINITY;
  network: PodNetwork | undefined;
  lacks: ReadonlySet<string> = new Set();
  kernel = new Kernel(this.machine());

  machine(): Machine {
    const files = new FileSystem(
      [
        {
          path: '',
          readOnly: false,
          lower: { tmp: directory, 'etc/fruits': file('pear\napple\npear\n'), 'bin/greet': file('#!/bin/sh\necho "hello $1"\n', 0o755) },
          upper: this.upper,
        },
        { path: '/config', readOnly: true, lower: { 'color.txt': file('blue\n') }, upper: {} },
      ],
      () => this.nowMs,
    );
    const box = this;
    return {
      get world() {
        return box.world;
      },
      files: () => files,
      hostName: 'web',
      user: { id: 0, group: 0, name: 'root' },
      nowMs: () => box.nowMs,
      get limits() {
        return { memoryBytes: box.memoryLimit, milliCpu: Number.POSITIVE_INFINITY };
      },
      node: { memoryBytes: 8 * 1024 ** 3, cpus: 4, name: 'worker-1' },
      addresses: ['10.244.1.5'],
      get network() {
        return box.network;
      },
      commands: COMMANDS,
      has: (name) => (COMMANDS.has(name) || ['sh', 'bash'].includes(name)) && !box.lacks.has(name),
      foreign: () => undefined,
      shell: runShell,
      serve: () => ({ for: 'ever' }),
      handles: () => false,
    };
  }

  start(launch: Partial<Launch> & Pick<Launch, 'args'>): this {
    launchFirst(this.kernel, { env: { NAME: 'Ann', LIST: 'a b', HOME: '/root', PATH: '/bin' }, cwd: '/', ...launch });
    this.kernel.run();
    return this;
  }

  script(script: string, ...args: readonly string[]): this {
    return this.start({ args: ['sh', '-c', script, ...args] });
  }

  /** A shell that somebody types to. */
  typed(tty = false): { readonly type: (text: string) => void; readonly close: () => void } {
    const session = openSession(this.kernel, tty, false);
    this.start({ args: ['sh'], session, tty });
    const streams = this.world.sessions[session];
    return {
      type: (text) => {
        if (streams !== undefined) streams.input += text;
        this.kernel.run();
      },
      close: () => {
        if (streams !== undefined) streams.closed = true;
        this.kernel.run();
      },
    };
  }

  /** Lets time pass, stopping wherever somebody has to go on. */
  pass(ms: number): this {
    const end = this.nowMs + ms;
    for (let next = this.kernel.run(); next !== undefined && next <= end; next = this.kernel.run()) this.nowMs = Math.max(next, this.nowMs);
    this.nowMs = end;
    this.kernel.run();
    return this;
  }

  /** What process 1 has written. */
  get log(): string {
    return this.world.lines.map(({ text }) => `${text}\n`).join('') + this.world.partial.out;
  }

  get exitCode(): number | undefined {
    return this.world.exit?.exitCode;
  }

  /** The same container, put away and taken out again. */
  thaw(): void {
    this.world = JSON.parse(JSON.stringify(this.world)) as World;
    this.kernel = new Kernel(this.machine());
  }
}
