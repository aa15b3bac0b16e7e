/**
 * The instructions that change the configuration of an image and none of its files.
 * Counterpart: the dispatch functions of github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb.
 */
import type { Draft } from '../../base/json.ts';
import type { ImageHealthcheck } from '../../api/kubepad/image/types.ts';
import { jsonForm, pairsOf } from '../dockerfile/forms.ts';
import { expandWords } from '../dockerfile/expand.ts';
import type { Instruction } from '../dockerfile/parse.ts';
import { expanded, setVariable, shellOf, variablesOf, type StageState } from './stage.ts';

export interface Settings {
  readonly escape: string;
  /** Values of ARG from the command line, and those of the global ARGs. */
  readonly given: ReadonlyMap<string, string>;
  readonly globals: ReadonlyMap<string, string>;
}

/** @returns what is wrong, if anything */
export function applySetting(state: StageState, instruction: Instruction, settings: Settings): string | undefined {
  const { keyword, args } = instruction;
  const { config } = state;
  const text = (source: string): string | { readonly error: string } => expanded(state, source, settings.escape);
  switch (keyword) {
    case 'ENV':
    case 'LABEL':
      return pairs(state, instruction, settings.escape);
    case 'ARG':
      return declare(state, args, settings);
    case 'CMD':
      config.cmd = [...commandForm(state, args)];
      state.inheritsCmd = false;
      return undefined;
    case 'ENTRYPOINT':
      config.entrypoint = [...commandForm(state, args)];
      if (state.inheritsCmd) delete config.cmd;
      return undefined;
    case 'USER': {
      const user = text(args);
      if (typeof user !== 'string') return user.error;
      config.user = user;
      return undefined;
    }
    case 'STOPSIGNAL': {
      const signal = text(args);
      if (typeof signal !== 'string') return signal.error;
      config.stopSignal = signal;
      return undefined;
    }
    case 'EXPOSE':
      return expose(state, args, settings.escape);
    case 'VOLUME': {
      const volumes = jsonForm(args) ?? expandWords(args, variablesOf(state), settings.escape);
      if ('error' in volumes) return volumes.error;
      config.volumes = [...new Set([...(config.volumes ?? []), ...volumes])];
      return undefined;
    }
    case 'SHELL':
      config.shell = [...(jsonForm(args) ?? [])];
      return undefined;
    case 'HEALTHCHECK':
      config.healthcheck = healthcheck(instruction);
      return undefined;
    case 'ONBUILD':
      config.onBuild = [...(config.onBuild ?? []), args];
      return undefined;
    default:
      return undefined;
  }
}

function pairs(state: StageState, { keyword, args }: Instruction, escape: string): string | undefined {
  const given = pairsOf(args);
  if (!Array.isArray(given)) return undefined;
  // All values of one instruction are read with the variables from before it.
  const values: [string, string][] = [];
  for (const [name, value] of given as readonly (readonly [string, string])[]) {
    const [left, right] = [expanded(state, name, escape), expanded(state, value, escape)];
    if (typeof left !== 'string') return left.error;
    if (typeof right !== 'string') return right.error;
    values.push([left, right]);
  }
  for (const [name, value] of values) {
    if (keyword === 'ENV') setVariable(state, name, value);
    else (state.config.labels ??= {})[name] = value;
  }
  return undefined;
}

/** `ARG A=1 B`: from the command line, else its own default, else the global one of that name. */
function declare(state: StageState, args: string, { escape, given, globals }: Settings): string | undefined {
  const words = expandWords(args, variablesOf(state), escape);
  if ('error' in words) return words.error;
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const value = given.get(name) ?? (at < 0 ? globals.get(name) : word.slice(at + 1));
    if (value !== undefined) state.args.set(name, value);
  }
  return undefined;
}

function commandForm(state: StageState, args: string): readonly string[] {
  return jsonForm(args) ?? (args === '' ? [] : [...shellOf(state), args]);
}

function expose(state: StageState, args: string, escape: string): string | undefined {
  const words = expandWords(args, variablesOf(state), escape);
  if ('error' in words) return words.error;
  const ports = new Set(state.config.ports ?? []);
  for (const word of words) {
    const [, first, last, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(word) ?? [];
    if (first === undefined || Number(first) < 1 || Number(last ?? first) > 65_535 || Number(last ?? first) < Number(first))
      return `invalid containerPort: ${word}`;
    if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) return `invalid proto: ${protocol}`;
    for (let port = Number(first); port <= Number(last ?? first); port++) ports.add(`${port}/${protocol.toLowerCase()}`);
  }
  state.config.ports = [...ports];
  return undefined;
}

function healthcheck({ args, flags }: Instruction): Draft<ImageHealthcheck> {
  const [type = '', ...rest] = args.split(/\s+/);
  if (type.toUpperCase() === 'NONE') return { test: ['NONE'] };
  const command = args.trim().slice(type.length).trim();
  const words = jsonForm(command);
  const retries = flags.get('retries');
  const timed: Draft<ImageHealthcheck> = { test: words === undefined || rest.length === 0 ? ['CMD-SHELL', command] : ['CMD', ...words] };
  const [interval, timeout, startPeriod, startInterval] = ['interval', 'timeout', 'start-period', 'start-interval'].map((flag) =>
    flags.get(flag),
  );
  if (interval !== undefined) timed.interval = interval;
  if (timeout !== undefined) timed.timeout = timeout;
  if (startPeriod !== undefined) timed.startPeriod = startPeriod;
  if (startInterval !== undefined) timed.startInterval = startInterval;
  if (retries !== undefined) timed.retries = Number.parseInt(retries, 10) || 0;
  return timed;
}
