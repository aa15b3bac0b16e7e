/** Which stages the target needs, in the order in which they are built, and what their bases are called in the end. */
import { expandText } from '../dockerfile/expand.ts';
import type { Dockerfile, Instruction, Problem, Stage } from '../dockerfile/parse.ts';

export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'image'; readonly name: string }
  | { readonly kind: 'stage'; readonly stage: PlannedStage };

export interface PlannedStage {
  readonly label: string;
  readonly name: string;
  readonly base: StageBase;
  readonly from: Instruction;
  readonly instructions: readonly Instruction[];
}

export interface Plan {
  /** The target is the last. */
  readonly needed: readonly PlannedStage[];
  /** Values from the command line. */
  readonly given: ReadonlyMap<string, string>;
  /** Values of the ARGs before the first FROM. */
  readonly globals: ReadonlyMap<string, string>;
  /** A stage by name or number, among those before the end. */
  find(name: string): PlannedStage | undefined;
}

/** What every build knows without being told. */
const PLATFORM: readonly (readonly [string, string])[] = ['BUILD', 'TARGET'].flatMap((side) => [
  [`${side}PLATFORM`, 'linux/amd64'] as const,
  [`${side}OS`, 'linux'] as const,
  [`${side}ARCH`, 'amd64'] as const,
  [`${side}VARIANT`, ''] as const,
]);

export function planStages(file: Dockerfile, args: Readonly<Record<string, string>>, target: string | undefined): Plan | Problem {
  const given = new Map(Object.entries(args));
  const globals = globalsOf(file, given);
  if ('message' in globals) return globals;
  const stages: PlannedStage[] = [];
  const find = (name: string): PlannedStage | undefined => {
    const byName = stages.findLast((stage) => stage.name !== '' && stage.name === name.toLowerCase());
    return byName ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
  };
  for (const [index, stage] of file.stages.entries()) {
    const base = baseOf(stage, globals, file.escape, find);
    if ('message' in base) return base;
    const label = file.stages.length === 1 && stage.name === '' ? '' : stage.name === '' ? `stage-${index}` : stage.name;
    stages.push({ label, name: stage.name, base, from: stage.from, instructions: stage.instructions });
  }
  const wanted = target === undefined || target === '' ? stages.at(-1) : find(target);
  if (wanted === undefined) return { message: `target stage "${target ?? ''}" could not be found` };
  const needed: PlannedStage[] = [];
  const problem = need(wanted, needed, find, new Set());
  return problem ?? { needed, given, globals, find };
}

function globalsOf({ globals, escape }: Dockerfile, given: ReadonlyMap<string, string>): Map<string, string> | Problem {
  const values = new Map<string, string>(PLATFORM);
  for (const { args, line, endLine } of globals) {
    const at = args.indexOf('=');
    const name = at < 0 ? args : args.slice(0, at);
    const own = at < 0 ? undefined : expandText(args.slice(at + 1), (variable) => values.get(variable), escape);
    if (own !== undefined && typeof own !== 'string') return { line, endLine, message: own.error };
    const value = given.get(name) ?? own;
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function baseOf(
  { base, from: { line, endLine } }: Stage,
  globals: ReadonlyMap<string, string>,
  escape: string,
  find: (name: string) => PlannedStage | undefined,
): StageBase | Problem {
  const name = expandText(base, (variable) => globals.get(variable), escape);
  if (typeof name !== 'string') return { line, endLine, message: name.error };
  if (name === '') return { line, endLine, message: `base name (${base}) should not be blank` };
  // A number is the name of an image here: FROM knows stages by name only.
  const stage = /^\d+$/.test(name) ? undefined : find(name);
  if (stage !== undefined) return { kind: 'stage', stage };
  return name === 'scratch' ? { kind: 'scratch' } : { kind: 'image', name };
}

/** Puts what a stage needs before it. */
function need(
  stage: PlannedStage,
  needed: PlannedStage[],
  find: (name: string) => PlannedStage | undefined,
  visiting: Set<PlannedStage>,
): Problem | undefined {
  if (needed.includes(stage)) return undefined;
  const { line, endLine } = stage.from;
  if (visiting.has(stage)) return { line, endLine, message: `circular dependency detected on stage: ${stage.label}` };
  visiting.add(stage);
  const others = stage.instructions.flatMap(({ keyword, flags }) => {
    const mount = keyword === 'RUN' ? /(?:^|,)from=([^,]+)/.exec(flags.get('mount') ?? '')?.[1] : undefined;
    const from = keyword === 'COPY' ? flags.get('from') : mount;
    const found = from === undefined ? undefined : find(from);
    return found === undefined ? [] : [found];
  });
  for (const other of stage.base.kind === 'stage' ? [stage.base.stage, ...others] : others) {
    const problem = need(other, needed, find, visiting);
    if (problem !== undefined) return problem;
  }
  needed.push(stage);
  return undefined;
}
