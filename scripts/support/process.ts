// Child processes and folders for the repository's scripts.
// Every child is awaited or stopped by the script that started it.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where scripts keep what may be deleted at any time: unpacked browsers, test workspaces, logs. */
export const cacheDir = join(root, '.cache');

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command with the script's own terminal; resolves to its exit code (1 if it could not start or was killed). */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: options.cwd ?? root, env: { ...process.env, ...options.env }, stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** What a test stage hands to `npm test`. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
}

const summaryFile = (stage: string): string => join(root, 'out', 'summary', `${stage}.json`);

export function writeSummary(stage: string, summary: Summary): void {
  mkdirSync(dirname(summaryFile(stage)), { recursive: true });
  writeFileSync(summaryFile(stage), JSON.stringify(summary));
}

/** The summary a stage left, or undefined if it ended before it could write one. */
export function readSummary(stage: string): Summary | undefined {
  try {
    return JSON.parse(readFileSync(summaryFile(stage), 'utf8')) as Summary;
  } catch {
    return undefined;
  }
}
