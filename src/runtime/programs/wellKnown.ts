/**
 * What containers do that nobody described: a small table by image and command.
 * Invariant: an image that is not in the table runs for ever and answers every probe, so that people's own manifests come up.
 * Counterpart: the real images of these names.
 */
import type { Container } from '../../api/schema/types/core/v1.ts';
import { imageBaseName } from '../images/reference.ts';
import { parseDuration } from './statement.ts';

/** The usual behaviour of an image: its program text, and how large it is. */
interface KnownImage {
  readonly program: string;
  readonly sizeBytes: number;
  readonly user?: string;
  /** What `VERSION` in the program stands for where the tag is none. */
  readonly version?: string;
  /** The image's own command is a shell or nothing: without a command the container ends at once. */
  readonly shell?: boolean;
}

const KNOWN: Readonly<Record<string, KnownImage>> = {
  nginx: {
    program:
      'log /docker-entrypoint.sh: Configuration complete, ready for start up; log [notice] 1#1: nginx/VERSION; log [notice] 1#1: start worker processes; run; serve 80 200; on-term exit 0',
    version: '1.29',
    sizeBytes: 72_000_000,
  },
  httpd: {
    program:
      'log [mpm_event:notice] AH00489: Apache/2.4 (Unix) configured -- resuming normal operations; run; serve 80 200; on-term exit 0',
    sizeBytes: 58_000_000,
  },
  redis: {
    program:
      'log 1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo; log 1:M * Ready to accept connections tcp; run; tcp 6379 open; on-term exit 0',
    sizeBytes: 52_000_000,
  },
  postgres: {
    program:
      'log PostgreSQL init process complete, ready for start up.; log LOG:  database system is ready to accept connections; run; tcp 5432 open; on-term exit 0',
    sizeBytes: 160_000_000,
  },
  busybox: { program: 'exit 0', sizeBytes: 2_200_000, shell: true },
  alpine: { program: 'exit 0', sizeBytes: 3_800_000, shell: true },
  pause: { program: 'run; on-term exit 0', sizeBytes: 320_000, user: '65535' },
};

/** Bytes per millisecond that a node pulls an image with: 80 MB/s, and the time a pull takes before the first byte. */
const PULL_BYTES_PER_MS = 80_000;
const PULL_OVERHEAD_MS = 400;

const SHELLS: ReadonlySet<string> = new Set(['sh', 'ash', 'bash']);

/** A shell that waits for what is typed: its input stays open, and it was given no script. */
export function isInteractiveShell({ image, command, args, stdin }: Pick<Container, 'image' | 'command' | 'args' | 'stdin'>): boolean {
  if (stdin !== true) return false;
  const [name, ...rest] = [...(command ?? []), ...(args ?? [])];
  if (name === undefined) return KNOWN[imageBaseName(image ?? '')]?.shell === true;
  return SHELLS.has(name.split('/').at(-1) ?? '') && rest.every((word) => word === '-i' || word === '-l');
}

/** The program text of a container without the annotation; `healthy` if nothing is known about it. */
export function usualProgram(container: Pick<Container, 'image' | 'command' | 'args' | 'stdin'>): {
  readonly text: string;
  readonly healthy: boolean;
} {
  if (isInteractiveShell(container)) return { text: 'run; on-term ignore', healthy: false };
  const known = KNOWN[imageBaseName(container.image ?? '')];
  const command = [...(container.command ?? []), ...(container.args ?? [])];
  if (command.length > 0 && (container.command !== undefined || known?.shell === true)) {
    const text = commandProgram(command);
    if (text !== undefined) return { text, healthy: false };
  }
  if (known === undefined) return { text: 'run', healthy: true };
  return { text: command.length > 0 && known.shell === true ? 'run' : programOf(known, container.image ?? ''), healthy: false };
}

/** `nginx:1.27` says that it is nginx/1.27. */
function programOf({ program, version }: KnownImage, image: string): string {
  if (version === undefined) return program;
  return program.replace('VERSION', /:v?(\d+(?:\.\d+)*)[^:/]*$/.exec(image.split('@')[0] ?? '')?.[1] ?? version);
}

/** Size of a well-known image and how long its pull takes by that size; undefined for others. */
export function usualImage(image: string): { readonly sizeBytes: number; readonly pullMs: number; readonly user?: string } | undefined {
  const known = KNOWN[imageBaseName(image)];
  if (known === undefined) return undefined;
  const { sizeBytes, user } = known;
  return { sizeBytes, pullMs: PULL_OVERHEAD_MS + Math.round(sizeBytes / PULL_BYTES_PER_MS), ...(user === undefined ? {} : { user }) };
}

function commandProgram(command: readonly string[]): string | undefined {
  const [name, ...rest] = command;
  const program = name?.split('/').at(-1);
  if ((program === 'sh' || program === 'bash' || program === 'ash') && rest[0]?.startsWith('-') === true) return script(rest[1] ?? '');
  if (program === 'sleep' || program === 'echo' || program === 'true' || program === 'false') return script([program, ...rest].join(' '));
  return undefined;
}

/** Shell scripts of the simplest kind: echo, sleep, exit, true, false; a loop runs for ever. Anything else is taken as done at once. */
function script(text: string): string {
  const statements: string[] = [];
  let last = 'exit 0';
  for (const part of text.split(/;|&&|\|\||\n/)) {
    const [name, ...words] = part
      .trim()
      .replace(/^exec\s+/, '')
      .split(/\s+/);
    last = 'exit 0';
    if (name === 'while' || name === 'until' || name === 'tail') return [...statements, 'run', 'on-term ignore'].join('; ');
    if (name === 'echo')
      statements.push(
        `log ${words
          .join(' ')
          .replace(/>.*$/, '')
          .replaceAll(/["'|;]/g, '')
          .trim()}`,
      );
    else if (name === 'sleep') {
      if (words[0] === 'infinity') return [...statements, 'run', 'on-term ignore'].join('; ');
      statements.push(`sleep ${parseDuration(words[0] ?? '') === undefined ? 0 : words[0]}`);
    } else if (name === 'exit') return [...statements, `exit ${/^\d+$/.test(words[0] ?? '') ? words[0] : 0}`, 'on-term ignore'].join('; ');
    else if (name === 'false') last = 'exit 1';
  }
  // The first process of a container ignores SIGTERM unless it handles the signal, which a shell and `sleep` do not.
  return [...statements, last, 'on-term ignore'].join('; ');
}
