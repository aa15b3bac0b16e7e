/** The steps that make layers: RUN, COPY, ADD and WORKDIR. */
import type { ImageLayer } from '../../api/kubepad/image/types.ts';
import { expandPlain, expandText, expandWords } from '../dockerfile/expand.ts';
import { jsonForm } from '../dockerfile/forms.ts';
import type { Heredoc, Instruction, Problem } from '../dockerfile/parse.ts';
import type { LayerCache } from './build.ts';
import { copyFiles } from './copy.ts';
import type { Progress, Vertex } from './progress.ts';
import { runScript } from './run.ts';
import type { Settings } from './settings.ts';
import { layerOf, nextKey, shellOf, surroundingsOf, variablesOf, workingDir, type StageState } from './stage.ts';
import { isWithin, resolve, sizeOf, type Tree, type TreeFile } from './tree.ts';

export interface StepWorld {
  readonly name: string;
  readonly settings: Settings;
  readonly progress: Progress;
  readonly cache: LayerCache;
  readonly noCache: boolean;
  /** The files of the context; the first who asks has it shown that they are transferred. */
  readonly context: () => Tree;
  readonly source: (from: string) => StageState | Problem;
}

export interface StepFailure {
  readonly message: string;
  /** What the step wrote last, with its times. */
  readonly output: readonly string[];
}

/** What a step would make: worked out only if the cache has not got it. */
interface Made {
  readonly files: readonly TreeFile[];
  readonly size: number;
  readonly ms: number;
  readonly lines?: readonly string[];
  readonly openEnded?: boolean;
}

const COPY_BYTES_PER_MS = 200_000;
/** Where an image keeps what is its own: a file of these that is copied out of it is taken to be there. */
const SYSTEM = ['/bin', '/etc', '/go', '/home', '/lib', '/lib64', '/opt', '/root', '/sbin', '/usr', '/var'];

export function isLayerStep({ keyword }: Instruction): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD' || keyword === 'WORKDIR';
}

export function runStep(state: StageState, instruction: Instruction, world: StepWorld): StepFailure | undefined {
  if (instruction.keyword === 'RUN') return run(state, instruction, world);
  return instruction.keyword === 'WORKDIR' ? enter(state, instruction, world) : copy(state, instruction, world);
}

function enter(state: StageState, instruction: Instruction, world: StepWorld): StepFailure | undefined {
  const path = expandText(instruction.args, variablesOf(state), world.settings.escape);
  if (typeof path !== 'string') return failure(path.error);
  const directory = resolve(workingDir(state), path);
  state.config.workingDir = directory;
  const isNew = !state.tree.has(directory) && directory !== '/';
  step(state, instruction, world, `WORKDIR ${directory}`, '', () => ({
    files: isNew ? [{ path: directory, type: 'Directory' }] : [],
    size: 0,
    ms: 40,
  }));
  return undefined;
}

function copy(state: StageState, instruction: Instruction, world: StepWorld): StepFailure | undefined {
  const { args, flags, heredocs, keyword } = instruction;
  const variables = variablesOf(state);
  const words = jsonForm(args) ?? expandWords(args, variables, world.settings.escape);
  if ('error' in words) return failure(words.error);
  const here = new Set(heredocs.map(({ name }) => name));
  const paths = words.filter((word) => !isHeredoc(word, here));
  const destination = paths.at(-1) ?? '';
  const fromFlag = flags.get('from');
  const from = fromFlag === undefined ? undefined : expandText(fromFlag, variables, world.settings.escape);
  if (from !== undefined && typeof from !== 'string') return failure(from.error);
  const source = from === undefined ? undefined : world.source(from);
  if (source !== undefined && 'message' in source) return failure(source.message);
  const sources = paths.slice(0, -1);
  const chmod = flags.get('chmod');
  const result = copyFiles({
    keyword: keyword === 'ADD' ? 'ADD' : 'COPY',
    sources,
    heredocs: heredocs.map((heredoc) => ({ ...heredoc, content: contentOf(heredoc, variables) })),
    destination,
    from: source?.tree ?? world.context(),
    guesses: source !== undefined && (source.openEnded || (source.base !== 'scratch' && sources.every(isOfSystem))),
    to: state.tree,
    workingDir: workingDir(state),
    ...(chmod === undefined ? {} : { chmod }),
    exclude: (flags.get('exclude') ?? '').split(' ').filter((pattern) => pattern !== ''),
    parents: flags.has('parents'),
  });
  if ('error' in result) {
    const isMissing = result.error.startsWith('failed to calculate checksum');
    world.progress.vertex(world.name).fail(result.error);
    return failure(
      isMissing ? `failed to compute cache key: ${result.error}` : `dockerfile parse error on line ${instruction.line}: ${result.error}`,
    );
  }
  const size = result.files.reduce((sum, file) => sum + sizeOf(file), 0);
  const definition = `${keyword} ${destination} ${flags.get('chown') ?? ''} ${chmod ?? ''}`;
  step(state, instruction, world, definition, result.digest, () => ({
    files: result.files,
    size,
    ms: 30 + Math.round(size / COPY_BYTES_PER_MS),
  }));
  return undefined;
}

function run(state: StageState, instruction: Instruction, world: StepWorld): StepFailure | undefined {
  const words = jsonForm(instruction.args);
  const script =
    instruction.heredocs.length === 0
      ? (words?.join(' ') ?? instruction.args)
      : instruction.heredocs.map(({ content }) => content).join('\n');
  const mounts = instruction.flags.get('mount') ?? '';
  // A cache mount and what a bind mount shows are not in the layer.
  const hidden = mounts.split(' ').flatMap((mount) => /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(mount)?.[1] ?? []);
  if (state.packages === 'no shell' && words === undefined && state.config.shell === undefined) return withoutShell(world, script);
  let failed: StepFailure | undefined;
  step(state, instruction, world, `RUN ${script} ${mounts}`, surroundingsOf(state), (vertex) => {
    const guesses = state.openEnded || /type=bind/.test(mounts);
    const result = runScript(script, {
      tree: state.tree,
      cwd: workingDir(state),
      env: variablesOf(state),
      guesses,
      packages: state.packages,
    });
    const wait = result.lines.length === 0 ? result.ms : Math.round(result.ms / (result.lines.length + 1));
    const output: string[] = [];
    for (const [index, line] of result.lines.entries()) {
      vertex.output(line, wait);
      output.push(`${(((index + 1) * wait) / 1000).toFixed(3)} ${line}`);
    }
    if (result.exitCode !== 0) {
      const command = words === undefined ? [...shellOf(state), instruction.heredocs.length === 0 ? instruction.args : script] : words;
      const message = `process "${command.join(' ')}" did not complete successfully: exit code: ${result.exitCode}`;
      vertex.fail(message);
      failed = { message, output };
      return undefined;
    }
    const cached = hidden.some((path) => script.includes('install') && !isWithin(workingDir(state), path));
    return {
      files: result.files,
      size: cached ? Math.round(result.sizeBytes * 0.8) : result.sizeBytes,
      ms: wait,
      openEnded: result.openEnded,
    };
  });
  return failed;
}

/** `scratch` and its like have nothing that could run a command. */
function withoutShell({ progress, name }: StepWorld, script: string): StepFailure {
  const reason = 'exec: "/bin/sh": stat /bin/sh: no such file or directory';
  const message = `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${reason}: unknown`;
  progress.vertex(name).fail(message);
  return failure(`process "/bin/sh -c ${script}" did not complete successfully: ${message}`);
}

/** One step that makes a layer: from the cache, or anew. `make` returns undefined if it failed, and has said so. */
function step(
  state: StageState,
  instruction: Instruction,
  { name, cache, noCache, progress }: StepWorld,
  definition: string,
  inputs: string,
  make: (vertex: Vertex) => Made | undefined,
): void {
  const { key, digest } = nextKey(state, definition, inputs);
  const known = noCache ? undefined : cache.get(digest);
  const vertex = progress.vertex(name);
  const { line } = instruction;
  state.key = key;
  if (known !== undefined) {
    vertex.cached();
    progress.steps.push({ name, line, cached: true, tookMs: 0, sizeBytes: known.size });
    take(state, known);
    return;
  }
  const made = make(vertex);
  if (made === undefined) return;
  const tookMs = vertex.done(made.ms);
  const layer = { ...layerOf(instruction, digest, made.size, made.files), ...(made.openEnded === true ? { openEnded: true } : {}) };
  cache.put(layer);
  progress.steps.push({ name, line, cached: false, tookMs, sizeBytes: made.size });
  take(state, layer);
}

/** The layer as the cache keeps it, with what later steps must know of it. */
interface CachedLayer extends ImageLayer {
  readonly openEnded?: boolean;
}

function take(state: StageState, { openEnded, ...layer }: CachedLayer): void {
  state.layers.push(layer);
  state.tree.apply(layer.files ?? []);
  if (openEnded === true) state.openEnded = true;
}

function isOfSystem(path: string): boolean {
  return SYSTEM.some((directory) => isWithin(resolve('/', path), directory));
}

function isHeredoc(word: string, names: ReadonlySet<string>): boolean {
  const [, name] = /^<<-?["']?([^"']+)["']?$/.exec(word) ?? [];
  return name !== undefined && names.has(name);
}

function contentOf({ content, expands }: Heredoc, variables: (name: string) => string | undefined): string {
  return expands ? expandPlain(content, variables) : content;
}

function failure(message: string): StepFailure {
  return { message, output: [] };
}
