/**
 * What containers do that nobody described, by image and command.
 * Invariant: an image that is not known runs for ever and answers every probe, so that people's own manifests come up.
 * Counterpart: the real images of these names.
 */
import type { Container } from '../../api/schema/types/core/v1.ts';
import { imageBaseName } from '../images/reference.ts';
import { isUndescribed } from '../images/tools.ts';
import { baseName } from '../process/exec.ts';
import { COMMAND_NAMES } from '../shell/names.ts';
import { unknownText } from './foreign.ts';
import { imageServerText, serverImage, serverText } from './servers.ts';

/** A program as text, or a command that the container runs for itself. */
export type Usual = { readonly text: string; readonly healthy: boolean } | { readonly command: readonly string[] };

/** Images whose own command is a shell, which ends at once if nobody types to it, and their sizes. */
const BASES: Readonly<Record<string, number>> = {
  busybox: 2_200_000,
  alpine: 3_800_000,
  debian: 48_000_000,
  ubuntu: 30_000_000,
  fedora: 60_000_000,
  almalinux: 70_000_000,
  amazonlinux: 53_000_000,
  perl: 360_000_000,
  python: 370_000_000,
  node: 400_000_000,
  golang: 300_000_000,
  curl: 9_000_000,
  dnsutils: 60_000_000,
  'jessie-dnsutils': 60_000_000,
  netshoot: 200_000_000,
  stress: 4_000_000,
};
/** Programs that a base image runs by itself, where that is no shell. */
const OWN_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  curl: ['curl'],
  perl: ['perl', '-de0'],
  python: ['python3'],
  node: ['node'],
  debian: ['bash'],
  ubuntu: ['bash'],
};

/** Bytes per millisecond that a node pulls an image with: 80 MB/s, and the time a pull takes before the first byte. */
const PULL_BYTES_PER_MS = 80_000;
const PULL_OVERHEAD_MS = 400;

const INTERPRETED: ReadonlySet<string> = new Set([...COMMAND_NAMES, 'sh', 'ash', 'bash', 'dash']);

type Described = Pick<Container, 'image' | 'command' | 'args' | 'ports'>;

/**
 * What a container without the annotation does.
 * @param env decides where servers need a variable; undefined: nobody knows it yet, and it is taken to be there
 */
export function usualProgram({ image = '', command, args, ports }: Described, env?: Readonly<Record<string, string>>): Usual {
  const words = [...(command ?? []), ...(args ?? [])];
  const [first] = words;
  const variables = env ?? ALL_GIVEN;
  const isBase = BASES[imageBaseName(image)] !== undefined;
  if (first !== undefined && (command !== undefined || isBase || INTERPRETED.has(baseName(first)))) {
    const known = serverText(baseName(first), image, words.slice(1), variables);
    if (known === undefined && INTERPRETED.has(baseName(first))) return { command: words };
    if (known !== undefined) return { text: known, healthy: false };
    if (!isUndescribed(image) || isLanguage(first)) return { command: words };
  } else {
    const known = imageServerText(image, args ?? [], variables);
    if (known !== undefined) return { text: known, healthy: false };
    if (isBase) return { command: OWN_COMMANDS[imageBaseName(image)] ?? ['sh'] };
  }
  const listens = (ports ?? []).map(({ containerPort }) => containerPort);
  return { text: unknownText(`what ${first ?? image} does`, listens).replace('; on-term exit 0', ''), healthy: true };
}

/** A shell or a command that is carried out word by word. */
export function isInterpreted(word: string): boolean {
  return INTERPRETED.has(baseName(word));
}

function isLanguage(word: string): boolean {
  return /^(?:python3?|node|ruby|php)$/.test(baseName(word));
}

/** Nothing is missing. */
const ALL_GIVEN: Readonly<Record<string, string>> = { POSTGRES_PASSWORD: '-', MYSQL_ROOT_PASSWORD: '-' };

/** Size of a well-known image and how long its pull takes by that size; undefined for others. */
export function usualImage(image: string): { readonly sizeBytes: number; readonly pullMs: number; readonly user?: string } | undefined {
  const server = serverImage(image);
  const sizeBytes = server?.sizeBytes ?? BASES[imageBaseName(image)];
  if (sizeBytes === undefined) return undefined;
  const user = server?.user;
  return { sizeBytes, pullMs: PULL_OVERHEAD_MS + Math.round(sizeBytes / PULL_BYTES_PER_MS), ...(user === undefined ? {} : { user }) };
}
