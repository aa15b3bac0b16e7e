/**
 * What a container does whose image an Image object describes: its `program`, and else what its base and its command usually do.
 * Invariant: pure; the same description and container give the same program.
 * Counterpart: the processes of a person's own image.
 */
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { FailingPath, ImageConfig, ImageProgram } from '../../api/kubepad/image/types.ts';
import type { Container } from '../../api/schema/types/core/v1.ts';
import { baseImageOf } from '../../image/base/known.ts';
import { withImageDefaults, type Described } from '../images/content.ts';
import type { HttpRule, Program, Start, Work } from './grammar.ts';
import { parsedStart } from './parsed.ts';
import { isInterpreted, usualProgram } from './wellKnown.ts';

const DEFAULT_PORT = 80;
const DEFAULT_FAILURE = 500;

export function describedProgram(container: Pick<Container, 'image' | 'command' | 'args' | 'ports'>, described: Described): Program {
  const { base, config = {}, program = {} } = described;
  const { image: own, ...rest } = withImageDefaults(container, ownConfig(config, base));
  const image = base ?? own;
  const usual = usualProgram({ ...rest, ...(image === undefined ? {} : { image }) });
  // What a shell's command says goes before what the image says of itself; of other programs nobody knows more than the image says.
  if ('command' in usual && (isInterpreted(usual.command[0] ?? '') || Object.keys(program).length === 0))
    return { starts: [{ work: [{ do: 'run' }], command: usual.command }] };
  if ('command' in usual) return { starts: [{ work: [{ do: 'run' }], healthy: true, ...behaviour({ work: [] }, config, program) }] };
  const start = parsedStart(usual.text, usual.healthy);
  return { starts: [{ ...start, ...behaviour(start, config, program) }] };
}

/**
 * The entrypoints of well-known images prepare something and then become their arguments: one that is the base's own is left out.
 * Example: `docker-entrypoint.sh` of node before `node server.js`.
 */
export function ownConfig(config: ImageConfig, base: string | undefined): ImageConfig {
  const { entrypoint, ...others } = config;
  if (entrypoint === undefined || base === undefined) return config;
  const ofBase = baseImageOf(base)?.config.entrypoint;
  return ofBase !== undefined && ofBase.join('\0') === entrypoint.join('\0') ? others : config;
}

function behaviour(
  start: Start,
  config: ImageConfig,
  { startTime, exitAfter, exitCode = 0, failingPaths = [] }: ImageProgram,
): Partial<Start> {
  const afterMs = duration(startTime);
  return {
    ...(afterMs === 0 ? {} : { answersAfterMs: afterMs }),
    ...(exitAfter === undefined
      ? {}
      : { work: [...lines(start), { do: 'sleep', ms: duration(exitAfter) }, { do: 'exit', code: exitCode }] }),
    ...(failingPaths.length === 0 ? {} : { http: [...failing(failingPaths, config), ...(start.http ?? others(failingPaths, config))] }),
  };
}

/** What it writes before it goes on for ever. */
function lines({ work }: Start): readonly Work[] {
  const end = work.findIndex((step) => step.do === 'run' || step.do === 'exit' || step.do === 'oom');
  return end < 0 ? work : work.slice(0, end);
}

function failing(paths: readonly FailingPath[], config: ImageConfig): readonly HttpRule[] {
  return paths.map(({ path, after, code = DEFAULT_FAILURE, port = firstPort(config) }) => {
    const untilMs = duration(after);
    return { port, path, answer: [...(untilMs === 0 ? [] : [{ value: 200, untilMs }]), { value: code }] };
  });
}

/** All other paths of these ports are well. */
function others(paths: readonly FailingPath[], config: ImageConfig): readonly HttpRule[] {
  const ports = new Set([...paths.map(({ port }) => port ?? firstPort(config)), ...portsOf(config)]);
  return [...ports].map((port) => ({ port, answer: [{ value: 200 }] }));
}

/** The TCP ports that the image says it listens on. */
export function portsOf({ ports = [] }: ImageConfig): readonly number[] {
  return ports.filter((port) => /^\d+(?:\/tcp)?$/.test(port)).map((port) => Number.parseInt(port, 10));
}

function firstPort(config: ImageConfig): number {
  return portsOf(config)[0] ?? DEFAULT_PORT;
}

function duration(text: string | undefined): number {
  return text === undefined ? 0 : (parseDuration(text) ?? 0);
}
