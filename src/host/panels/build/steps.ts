/**
 * What a build would do now: each step from the cache or anew, and why.
 * Invariant: nothing is kept and nothing is written; the files are read when the panel says that they have changed.
 * Counterpart: `docker build --progress=plain`, before it is run.
 */
import type { Image } from '../../../api/kubepad/image/types.ts';
import { layerDigest } from '../../../api/kubepad/image/digest.ts';
import type { Client } from '../../../client/client.ts';
import { buildImage, type LayerCache } from '../../../image/build/build.ts';
import type { BuildStep } from '../../../image/build/progress.ts';
import { readBuildFiles } from '../../images/context.ts';
import { describedImage } from '../../images/imageStore.ts';
import type { BuildProblem, DockerfileQuery, StepModel } from './model.ts';

export interface NextBuild {
  readonly steps: readonly StepModel[];
  readonly problem?: BuildProblem;
}

/** @param former what was built from the Dockerfile before, the newest first */
export function nextBuild(dockerfile: DockerfileQuery, client: Client, cache: LayerCache, former: readonly Image[]): NextBuild {
  try {
    const { name, dockerfile: text, files } = readBuildFiles(dockerfile.path, dockerfile.context);
    const { steps, problem } = buildImage(
      { name, dockerfile: text, files, names: [] },
      { cache: copyOnWrite(cache), image: (reference) => describedImage(client, reference) },
    );
    const found = explained(steps, former);
    return problem === undefined ? { steps: found } : { steps: found, problem: { message: problem.message, line: problem.line } };
  } catch (error) {
    return { steps: [], problem: { message: error instanceof Error ? error.message : String(error), line: undefined } };
  }
}

/** A cache that leaves no trace. */
function copyOnWrite(cache: LayerCache): LayerCache {
  const own = new Map<string, NonNullable<ReturnType<LayerCache['get']>>>();
  return {
    get: (digest) => own.get(digest) ?? cache.get(digest),
    put: (layer) => void own.set(layerDigest(layer), layer),
  };
}

/** The first step of a stage that is not cached is the cause; those after it follow. */
function explained(steps: readonly BuildStep[], former: readonly Image[]): readonly StepModel[] {
  const before = new Set((former[0]?.spec?.layers ?? []).map(({ createdBy }) => createdBy ?? ''));
  const broken = new Set<string>();
  return steps.map((step, index): StepModel => {
    const [, stage = '', instruction = step.name] = /^\[(?:(.*) )?\d+\/\d+\] (.*)$/s.exec(step.name) ?? [];
    const first = !broken.has(stage);
    if (!step.cached) broken.add(stage);
    const why = step.cached ? '' : reasonFor(instruction, { first, before, built: former.length > 0 });
    return { key: `${index} ${step.line}`, ...step, why };
  });
}

interface Known {
  readonly first: boolean;
  readonly before: ReadonlySet<string>;
  readonly built: boolean;
}

function reasonFor(instruction: string, { first, before, built }: Known): string {
  if (instruction.startsWith('FROM ')) return 'its layers were not fetched yet';
  if (!built) return 'never built';
  if (!first) return 'a step before it is built anew';
  if (!before.has(instruction)) return 'the instruction is new or has changed';
  return /^(?:COPY|ADD) /.test(instruction) ? 'files that it copies have changed' : 'what it depends on has changed';
}
