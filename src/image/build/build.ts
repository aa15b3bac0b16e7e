/**
 * Dockerfile ▸ image: plans the stages that the target needs, carries out their steps, tells what happens.
 * Invariant: pure; the same Dockerfile, files, arguments and cache give the same image, lines and times. User errors are values.
 * Counterpart: `docker build`, that is github.com/moby/buildkit.
 */
import type { ImageConfig, ImageLayer, ImageSpec } from '../../api/kubepad/image/types.ts';
import { fileDigest, type ContextFile } from '../context/files.ts';
import { parseDockerfile, parseTrigger, type Dockerfile, type Instruction, type Problem } from '../dockerfile/parse.ts';
import { failureLines } from './failure.ts';
import { FromStep, type BaseSource } from './from.ts';
import { fitContent, programOfLabels } from './finish.ts';
import { planStages, type Plan, type PlannedStage } from './plan.ts';
import { Progress, type BuildLine, type BuildStep } from './progress.ts';
import { applySetting, type Settings } from './settings.ts';
import { type StageState, workingDir } from './stage.ts';
import { isLayerStep, runStep, type StepWorld } from './steps.ts';
import { Tree } from './tree.ts';

export interface BuildRequest {
  /** As it is shown: `Dockerfile`. */
  readonly name: string;
  readonly dockerfile: string;
  /** Of the context, without what .dockerignore leaves out. */
  readonly files: readonly ContextFile[];
  readonly target?: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
  /** What the image will be called, whole: `docker.io/library/web:1`. */
  readonly names: readonly string[];
}

/** What builds before this one have left. */
export interface LayerCache {
  get(digest: string): ImageLayer | undefined;
  put(layer: ImageLayer): void;
}

export interface BuildWorld extends BaseSource {
  readonly cache: LayerCache;
}

export type BuildContent = Pick<ImageSpec, 'layers' | 'config' | 'base' | 'program'>;

export interface BuildResult {
  readonly lines: readonly BuildLine[];
  readonly steps: readonly BuildStep[];
  readonly content?: BuildContent;
  readonly problem?: Problem;
}

export function buildImage(request: BuildRequest, world: BuildWorld): BuildResult {
  return new Build(request, world).run();
}

class Build {
  private readonly request: BuildRequest;
  private readonly world: BuildWorld;
  private readonly progress = new Progress();
  private readonly context = new Tree();
  private readonly stages = new Map<PlannedStage, StageState>();
  private readonly images = new Map<string, StageState>();
  private contextShown = false;

  constructor(request: BuildRequest, world: BuildWorld) {
    this.request = request;
    this.world = world;
  }

  run(): BuildResult {
    const { request, progress } = this;
    const definition = progress.vertex('[internal] load build definition from ' + request.name);
    definition.say(`transferring dockerfile: ${request.dockerfile.length}B done`, 20);
    definition.done();
    const parsed = parseDockerfile(request.dockerfile);
    if ('message' in parsed) return this.failed(parsed);
    const plan = planStages(parsed, request.args ?? {}, request.target);
    if ('message' in plan) return this.failed(plan);
    const ignore = progress.vertex('[internal] load .dockerignore');
    ignore.say('transferring context: 2B done', 10);
    ignore.done();
    for (const file of request.files) this.context.apply([{ ...file, path: `/${file.path}`, digest: fileDigest(file) }]);
    for (const stage of plan.needed) {
      const problem = this.stage(stage, plan, parsed);
      if (problem !== undefined) return problem;
    }
    const last = plan.needed.at(-1);
    const state = last === undefined ? undefined : this.stages.get(last);
    return state === undefined ? this.failed({ message: 'dockerfile contains no stages to build' }) : this.exported(state);
  }

  private stage(stage: PlannedStage, plan: Plan, { escape }: Dockerfile): BuildResult | undefined {
    const state = this.begin(stage);
    if ('message' in state) return this.failed(state);
    const settings: Settings = { escape, given: plan.given, globals: plan.globals };
    const triggers: Instruction[] = [];
    for (const text of state.config.onBuild ?? []) {
      const trigger = parseTrigger(text, stage.from.line);
      if ('message' in trigger) return this.failed(trigger);
      triggers.push(trigger);
    }
    delete state.config.onBuild;
    const instructions = [...triggers, ...stage.instructions];
    // A base that is fetched is a step of its own.
    const first = stage.base.kind === 'image' ? 1 : 0;
    const total = instructions.filter(isLayerStep).length + first;
    this.showBase(stage, state, total);
    let index = first;
    for (const instruction of instructions) {
      const { line, endLine } = instruction;
      if (!isLayerStep(instruction)) {
        const message = applySetting(state, instruction, settings);
        if (message !== undefined) return this.failed({ line, endLine, message });
        continue;
      }
      const name = `[${[state.label, `${++index}/${total}`].filter((part) => part !== '').join(' ')}] ${instruction.original}`;
      const failure = runStep(state, instruction, this.stepWorld(plan, settings, name));
      if (failure !== undefined) return this.failed({ line, endLine, message: failure.message }, { name, output: failure.output });
    }
    this.stages.set(stage, state);
    return undefined;
  }

  private begin(stage: PlannedStage): StageState | Problem {
    const { base } = stage;
    if (base.kind === 'stage') {
      const from = this.stages.get(base.stage);
      if (from !== undefined) return FromStep.copyOf(from, stage.label);
    }
    return FromStep.load(base.kind === 'image' ? base.name : undefined, stage, this.world, this.progress);
  }

  private showBase(stage: PlannedStage, state: StageState, total: number): void {
    if (stage.base.kind !== 'image') return;
    FromStep.show(
      `[${[state.label, `1/${total}`].filter((part) => part !== '').join(' ')}] FROM`,
      state,
      this.world,
      this.progress,
      stage.from.line,
    );
  }

  private stepWorld(plan: Plan, settings: Settings, name: string): StepWorld {
    const { world, progress, request } = this;
    return {
      name,
      settings,
      progress,
      cache: world.cache,
      noCache: request.noCache === true,
      context: () => this.loadedContext(),
      source: (from) => this.sourceOf(from, plan),
    };
  }

  private loadedContext(): Tree {
    if (!this.contextShown) {
      this.contextShown = true;
      const bytes = this.request.files.reduce((sum, { size }) => sum + size, 0);
      const vertex = this.progress.vertex('[internal] load build context');
      vertex.say(`transferring context: ${bytesText(bytes)} ${(bytes / 200_000_000).toFixed(1)}s done`, Math.round(bytes / 200_000) + 10);
      vertex.done();
    }
    return this.context;
  }

  /** What COPY --from names: a stage, or any image. */
  private sourceOf(from: string, plan: Plan): StageState | Problem {
    const stage = plan.find(from);
    const built = stage === undefined ? undefined : this.stages.get(stage);
    if (built !== undefined) return built;
    const known = this.images.get(from);
    if (known !== undefined) return known;
    const loaded = FromStep.load(from, { label: '' }, this.world, this.progress);
    if (!('message' in loaded)) this.images.set(from, loaded);
    return loaded;
  }

  private exported(state: StageState): BuildResult {
    const { progress, request } = this;
    const layers = fitContent(state.layers);
    const config: ImageConfig = state.config;
    const program = programOfLabels(config.labels ?? {});
    const content: BuildContent = {
      layers,
      config: { ...config, workingDir: workingDir(state) },
      base: state.base,
      ...(program === undefined ? {} : { program }),
    };
    const vertex = progress.vertex('exporting to image');
    vertex.say('exporting layers 0.1s done', 100);
    for (const name of request.names) vertex.say(`naming to ${name} done`);
    vertex.done();
    return { lines: progress.lines, steps: progress.steps, content };
  }

  private failed(problem: Problem, step?: { readonly name: string; readonly output: readonly string[] }): BuildResult {
    const { progress, request } = this;
    for (const line of failureLines(request.name, request.dockerfile, problem, step)) progress.plain(line);
    return { lines: progress.lines, steps: progress.steps, problem };
  }
}

/** `1.21kB`, as BuildKit prints what it transfers. */
function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes}B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(2)}kB` : `${(bytes / 1_000_000).toFixed(2)}MB`;
}
