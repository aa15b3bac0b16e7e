/**
 * What an instruction must look like before anything is built.
 * Counterpart: frontend/dockerfile/instructions/parse.go of github.com/moby/buildkit.
 */
import type { Instruction } from './parse.ts';
import { jsonForm, pairsOf } from './forms.ts';

export const KEYWORDS = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;
export type Keyword = (typeof KEYWORDS)[number];

const FLAGS: Partial<Record<Keyword, readonly string[]>> = {
  ADD: ['chmod', 'chown', 'link', 'keep-git-dir', 'checksum', 'exclude', 'unpack'],
  COPY: ['chmod', 'chown', 'from', 'link', 'parents', 'exclude'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  RUN: ['mount', 'network', 'security', 'device'],
};
const EXACTLY_ONE: readonly Keyword[] = ['MAINTAINER', 'STOPSIGNAL', 'USER', 'WORKDIR'];
const AT_LEAST_ONE: readonly Keyword[] = ['ARG', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'ONBUILD', 'RUN', 'SHELL', 'VOLUME'];

/** What is wrong with the instruction; undefined: nothing. */
export function checkInstruction(instruction: Instruction): string | undefined {
  const { keyword, args, flags, heredocs } = instruction;
  for (const flag of flags.keys()) {
    if (!(FLAGS[keyword] ?? []).includes(flag)) return `unknown flag: --${flag}`;
  }
  if (EXACTLY_ONE.includes(keyword) && args === '') return `${keyword} requires exactly one argument`;
  if (AT_LEAST_ONE.includes(keyword) && args === '' && heredocs.length === 0) return `${keyword} requires at least one argument`;
  switch (keyword) {
    case 'FROM':
      return checkFrom(args);
    case 'ADD':
    case 'COPY':
      return checkCopy(instruction);
    case 'ENV':
    case 'LABEL':
      return checkPairs(keyword, args);
    case 'ARG':
      return checkArg(args);
    case 'HEALTHCHECK':
      return checkHealth(args);
    case 'ONBUILD':
      return checkTrigger(args);
    case 'SHELL':
      return jsonForm(args) === undefined ? 'SHELL requires the arguments to be in JSON form' : undefined;
    default:
      return undefined;
  }
}

function checkFrom(args: string): string | undefined {
  const words = args.split(/\s+/).filter((word) => word !== '');
  if (words.length === 1 || (words.length === 3 && words[1]?.toUpperCase() === 'AS')) return undefined;
  return 'FROM requires either one or three arguments';
}

function checkCopy({ keyword, args, heredocs }: Instruction): string | undefined {
  const words = jsonForm(args) ?? args.split(/\s+/).filter((word) => word !== '');
  const most = heredocs.length === 0 ? words.length : Math.max(words.length, heredocs.length + 1);
  if (most === 0) return `${keyword} requires at least two arguments`;
  if (most === 1) return `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
  return undefined;
}

function checkPairs(keyword: Keyword, args: string): string | undefined {
  const pairs = pairsOf(args);
  if ('word' in pairs) return `Syntax error - can't find = in "${pairs.word}". Must be of the form: name=value`;
  if ('alone' in pairs) return `${keyword} must have two arguments`;
  return pairs.some(([name]) => name === '') ? `${keyword} names can not be blank` : undefined;
}

function checkArg(args: string): string | undefined {
  return args.split(/\s+/).some((word) => word.startsWith('=')) ? 'ARG names can not be blank' : undefined;
}

function checkHealth(args: string): string | undefined {
  const [type = '', ...rest] = args.split(/\s+/);
  if (type.toUpperCase() === 'NONE') return rest.length === 0 ? undefined : 'HEALTHCHECK NONE takes no arguments';
  if (type.toUpperCase() !== 'CMD') return `Unknown type "${type.toUpperCase()}" in HEALTHCHECK (try CMD)`;
  return rest.length === 0 ? 'Missing command after HEALTHCHECK CMD' : undefined;
}

function checkTrigger(args: string): string | undefined {
  const [trigger = ''] = args.toUpperCase().split(/\s+/);
  if (trigger === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  return trigger === 'FROM' || trigger === 'MAINTAINER' ? `${trigger} isn't allowed as an ONBUILD trigger` : undefined;
}
