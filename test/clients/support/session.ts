import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/support/process.ts';
import type { Binaries } from './binaries.ts';

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command said; it must not have failed. */
export function succeeded({ code, out, err }: Result): string {
  assert.equal(code, 0, `${out}\n${err}`);
  return out;
}

/** `kubepad serve` in a process of its own, and the real clients that speak to it. */
export class ClientSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'kubepad-clients-'));
  /** It leads to the server. */
  readonly kubeconfig = join(this.folder, 'kubeconfig');
  private readonly binaries: Binaries;
  private server: ChildProcess | undefined;

  constructor(binaries: Binaries) {
    this.binaries = binaries;
  }

  async start(...flags: readonly string[]): Promise<void> {
    const program = join(root, 'src/host/cli/main.ts');
    const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--memory', '--kubeconfig', this.kubeconfig, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('Kubepad is serving') && resolve());
      server.on('exit', (code) => reject(new Error(`the server ended with ${String(code)}`)));
    });
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server !== undefined && server.exitCode === null) {
      const ended = new Promise((resolve) => server.on('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  kubectl(args: string | readonly string[], input?: string): Promise<Result> {
    return this.run(this.binaries.kubectl, args, input);
  }

  helm(args: string | readonly string[]): Promise<Result> {
    return this.run(this.binaries.helm, args);
  }

  /** A command that goes on; the test ends it. */
  kubectlInBackground(args: string): ChildProcessWithoutNullStreams {
    return spawn(this.binaries.kubectl, args.split(' '), { env: this.env });
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      KUBECONFIG: this.kubeconfig,
      HOME: this.folder,
      HELM_CACHE_HOME: this.folder,
      HELM_CONFIG_HOME: this.folder,
      HELM_DATA_HOME: this.folder,
    };
  }

  private run(program: string, args: string | readonly string[], input?: string): Promise<Result> {
    const list = typeof args === 'string' ? args.split(' ') : [...args];
    return new Promise((resolve) => {
      const child = execFile(program, list, { env: this.env, cwd: this.folder, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err });
      });
      child.stdin?.end(input ?? '');
    });
  }
}

/** Resolves with what the stream has said once the text is in it. */
export function until(child: ChildProcessWithoutNullStreams, text: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (typeof text === 'string' ? said.includes(text) : text.test(said)) resolve(said);
    });
    child.on('exit', () => reject(new Error(`ended before it said ${String(text)}: ${said}`)));
  });
}
