/**
 * RUN: what the commands of a step do to the files, how large its layer is and how long it takes.
 * Invariant: the same script over the same files comes to the same; commands that nobody knows succeed and change nothing that is known.
 * Counterpart: the processes that BuildKit runs.
 */
import type { BaseImage } from '../base/known.ts';
import type { ImageFile } from '../../api/kubepad/image/types.ts';
import { commandsOf, type Command } from './commands.ts';
import { fileEffect } from './fileCommands.ts';
import { packageEffect, type Effect, type Place } from './packages.ts';
import { resolve, sizeOf, type Tree, type TreeFile } from './tree.ts';

export interface RunResult {
  readonly ms: number;
  readonly sizeBytes: number;
  readonly files: readonly TreeFile[];
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** Commands ran of which nobody knows what files they made. */
  readonly openEnded: boolean;
}

const UNKNOWN: Effect = { ms: 400, bytes: 0 };
const UNKNOWN_FAILURES: Readonly<Record<string, number>> = { false: 1 };

export interface RunPlace extends Place {
  readonly packages: BaseImage['packages'];
}

/** Carries a script out over a copy of the files. */
export function runScript(script: string, { tree, cwd, env, guesses, packages }: RunPlace): RunResult {
  const work = tree.copy();
  const made = new Map<string, TreeFile>();
  const lines: string[] = [];
  const bytes = new Map<string, number>();
  const total = { ms: 0, openEnded: false };
  let directory = cwd;
  let status = 0;
  for (const command of commandsOf(script)) {
    if ((command.after === '&&' && status !== 0) || (command.after === '||' && status === 0)) continue;
    const [name = ''] = command.words;
    if (name === 'cd') {
      directory = resolve(directory, command.words[1] ?? '/');
      continue;
    }
    if (name === 'exit') {
      status = Number.parseInt(command.words[1] ?? String(status), 10) & 255;
      break;
    }
    const place: Place = { tree: work, cwd: directory, env, guesses };
    const effect = missingManager(command, packages) ?? effectOf(command, place, total);
    total.ms += effect.ms;
    if (command.output === undefined) lines.push(...(effect.lines ?? []));
    cleaned(command, bytes);
    const cache = effect.cache ?? `step ${bytes.size}`;
    bytes.set(cache, (bytes.get(cache) ?? 0) + effect.bytes);
    for (const file of effect.files ?? []) note(made, work, file);
    status = effect.exitCode ?? 0;
  }
  const files = [...made.values()];
  const written = files.reduce((sum, file) => sum + sizeOf(file), 0);
  const installed = [...bytes.values()].reduce((sum, size) => sum + size, 0);
  return { ms: total.ms, sizeBytes: Math.round(written + installed), files, lines, exitCode: status, openEnded: total.openEnded };
}

function effectOf(command: Command, place: Place, total: { openEnded: boolean }): Effect {
  const known = fileEffect(command, place) ?? packageEffect(command.words, place);
  if (known !== undefined) {
    if (!KEEPS_TRACK.test(command.words.join(' '))) total.openEnded = true;
    return known;
  }
  const failure = UNKNOWN_FAILURES[command.words[0] ?? ''];
  if (failure !== undefined) return { ...UNKNOWN, exitCode: failure };
  total.openEnded = true;
  return UNKNOWN;
}

/** The package manager of another family is not there. */
function missingManager({ words: [name = ''] }: Command, packages: BaseImage['packages']): Effect | undefined {
  const family = MANAGERS[name];
  return family === undefined || family === packages
    ? undefined
    : { ms: 100, bytes: 0, exitCode: 127, lines: [`/bin/sh: ${name}: not found`] };
}

const MANAGERS: Readonly<Record<string, BaseImage['packages']>> = {
  apk: 'apk',
  apt: 'apt',
  'apt-get': 'apt',
  dnf: 'dnf',
  microdnf: 'dnf',
  yum: 'dnf',
};

/** Commands after which all files of a person's own are known: those that write files, and those that install packages. */
const KEEPS_TRACK =
  /^(?:(?:echo|printf|mkdir|touch|rm|cp|mv|chmod|chown|true|:|set|export|cat|ls|apt|apt-get|apk|yum|dnf|microdnf|pip3?)\b|npm (?:ci|i|install|clean-install|cache)\b|$)/;

/** `rm -rf /var/lib/apt/lists/*` and its siblings take away what the step has left so far, and only then. */
function cleaned({ words }: Command, bytes: Map<string, number>): void {
  const text = words.join(' ');
  if (/^rm .*\/var\/lib\/apt\/lists/.test(text) || /^apt(?:-get)? clean/.test(text)) bytes.delete('apt');
  if (/^rm .*\/var\/cache\/apk/.test(text)) bytes.delete('apk');
  if (/^(?:yum|dnf|microdnf) clean|^rm .*\/var\/cache\/(?:yum|dnf)/.test(text)) bytes.delete('dnf');
}

function note(made: Map<string, TreeFile>, work: Tree, file: TreeFile): void {
  if (file.type === 'Removed')
    for (const path of made.keys()) if (path === file.path || path.startsWith(`${file.path}/`)) made.delete(path);
  work.apply([file]);
  made.set(file.path, file);
}

/** Without what only the builder needs to know. */
export function plainFile({ path, type, mode, text, base64, size }: TreeFile): ImageFile {
  return {
    path,
    ...(type === undefined ? {} : { type }),
    ...(mode === undefined ? {} : { mode }),
    ...(text === undefined ? {} : { text }),
    ...(base64 === undefined ? {} : { base64 }),
    ...(size === undefined || text !== undefined || base64 !== undefined ? {} : { size }),
  };
}
