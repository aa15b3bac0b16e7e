/** FROM: a stage begins with another stage, with an image of the workspace, with one of the world, or with nothing. */
import type { Draft } from '../../base/json.ts';
import { sha256 } from '../../base/sha256.ts';
import { imageDigestOf, layerDigest } from '../../api/kubepad/image/digest.ts';
import { DEFAULT_TAG, parseReference, repositoryName } from '../../api/kubepad/image/reference.ts';
import type { ImageConfig, ImageLayer, ImageSpec } from '../../api/kubepad/image/types.ts';
import { baseImageOf } from '../base/known.ts';
import type { Instruction, Problem } from '../dockerfile/parse.ts';
import type { LayerCache } from './build.ts';
import type { Progress } from './progress.ts';
import type { StageState } from './stage.ts';
import { Tree } from './tree.ts';

/** Images that the workspace has. */
export interface BaseSource {
  readonly cache: LayerCache;
  /** What the builder or a registry of the workspace has by this name; `missing`, `denied`: it should be there and is not. */
  image(name: string): ImageSpec | 'missing' | 'denied' | undefined;
}

const FETCH_BYTES_PER_MS = 80_000;
const METADATA_MS = 700;

interface Begun {
  readonly label: string;
  readonly from?: Instruction;
}

export const FromStep = {
  copyOf(from: StageState, label: string): StageState {
    return {
      ...from,
      label,
      config: structuredClone(from.config),
      // Arguments end with their stage.
      args: new Map(),
      layers: [...from.layers],
      tree: from.tree.copy(),
      inheritsCmd: true,
    };
  },

  load(name: string | undefined, { label, from }: Begun, world: BaseSource, progress: Progress): StageState | Problem {
    if (name === undefined) return begun(label, {}, [], undefined, 'no shell', 'scratch');
    const vertex = progress.vertex(`[internal] load metadata for ${wholeName(name)}`);
    const loaded = resolve(name, label, world);
    if (typeof loaded === 'string') {
      vertex.fail(loaded);
      const place = from === undefined ? {} : { line: from.line, endLine: from.endLine };
      return { ...place, message: `${name}: failed to resolve source metadata for ${wholeName(name)}: ${loaded}` };
    }
    vertex.done(METADATA_MS);
    return loaded;
  },

  /** The step of FROM itself: fetched once, then it is there. */
  show(prefix: string, state: StageState, { cache }: BaseSource, progress: Progress, line: number): void {
    const name = `${prefix} ${state.source}`;
    const vertex = progress.vertex(name);
    const missing = state.layers.filter((layer) => cache.get(layerDigest(layer)) === undefined);
    const sizeBytes = state.layers.reduce((sum, { size }) => sum + size, 0);
    if (missing.length === 0) vertex.cached();
    else {
      for (const layer of missing) {
        const ms = Math.round(layer.size / FETCH_BYTES_PER_MS);
        vertex.say(`${layerDigest(layer)} ${mega(layer.size)} / ${mega(layer.size)} ${(ms / 1000).toFixed(1)}s done`, ms);
        cache.put(layer);
      }
      vertex.done(100);
    }
    progress.steps.push({
      name,
      line,
      cached: missing.length === 0,
      tookMs: missing.reduce((sum, { size }) => sum + Math.round(size / FETCH_BYTES_PER_MS), 0),
      sizeBytes,
    });
  },
} as const;

/** The stage, or why there is none. */
function resolve(name: string, label: string, world: BaseSource): StageState | string {
  const reference = parseReference(name);
  if (reference === undefined) return 'invalid reference format';
  const described = world.image(name);
  if (described === 'missing') return `${wholeName(name)}: not found`;
  if (described === 'denied') return DENIED;
  if (described !== undefined) {
    const base = described.base ?? name;
    const packages = base === 'scratch' ? 'no shell' : (baseImageOf(base)?.packages ?? 'apt');
    const source = `${wholeName(name)}@${imageDigestOf(described)}`;
    return begun(label, described.config ?? {}, withDigests(described.layers ?? []), base, packages, source);
  }
  const known = baseImageOf(name);
  if (known === undefined) return DENIED;
  return begun(label, known.config, withDigests(known.layers), name, known.packages, `${known.name}@${known.digest}`);
}

const DENIED =
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';

function begun(
  label: string,
  config: ImageConfig,
  layers: readonly ImageLayer[],
  base: string | undefined,
  packages: StageState['packages'],
  source: string,
): StageState {
  const tree = new Tree();
  for (const { files = [] } of layers) tree.apply(files);
  return {
    label,
    config: structuredClone(config) as Draft<ImageConfig>,
    args: new Map(),
    layers: [...layers],
    tree,
    packages,
    base: base ?? 'scratch',
    source,
    key: sha256(`from ${source}`),
    openEnded: false,
    inheritsCmd: true,
  };
}

/** A layer that is shared by images has the same digest in all of them. */
function withDigests(layers: readonly ImageLayer[]): readonly ImageLayer[] {
  return layers.map((layer) => ({ ...layer, digest: layerDigest(layer) }));
}

function wholeName(name: string): string {
  const reference = parseReference(name);
  if (reference === undefined) return name;
  const { tag, digest } = reference;
  return `${repositoryName(reference)}${digest === undefined ? `:${tag ?? DEFAULT_TAG}` : `@${digest}`}`;
}

function mega(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)}MB`;
}
