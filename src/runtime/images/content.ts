/**
 * What is in an image that an Image object describes: its files, its layers, and what a container of it starts with.
 * Invariant: pure; the same content gives the same answers on every node.
 * Counterpart: the image store of a container runtime.
 */
import type { Container } from '../../api/schema/types/core/v1.ts';
import { imageDigestOf, imageSize, layerDigest } from '../../api/kubepad/image/digest.ts';
import type { Image, ImageConfig, ImageFile, ImageLayer, ImageProgram, ImageSpec } from '../../api/kubepad/image/types.ts';
import { encodeUtf8 } from '../files/bytes.ts';
import type { Entry, Layer } from '../files/fileSystem.ts';

export interface ImageContent {
  /** `sha256:…` */
  readonly digest: string;
  readonly spec: ImageSpec;
}

/** What a started container keeps of its image, so that it goes on as it began whatever becomes of the Image. */
export interface Described {
  readonly digest: string;
  readonly base?: string;
  readonly config?: ImageConfig;
  readonly program?: ImageProgram;
}

export function describe({ digest, spec: { base, config, program } }: ImageContent): Described {
  return {
    digest,
    ...(base === undefined ? {} : { base }),
    ...(config === undefined ? {} : { config }),
    ...(program === undefined ? {} : { program }),
  };
}

export interface ContentLayer {
  readonly digest: string;
  readonly sizeBytes: number;
}

export function contentOf({ spec, status }: Image): ImageContent | undefined {
  return spec === undefined ? undefined : { digest: status?.digest ?? imageDigestOf(spec), spec };
}

/** From the lowest to the topmost; an image that says nothing of its layers is one layer of its own. */
export function layersOf({ spec, digest }: ImageContent): readonly ContentLayer[] {
  const { layers = [] } = spec;
  if (layers.length === 0) return [{ digest, sizeBytes: imageSize(spec) }];
  return layers.map((layer) => ({ digest: layerDigest(layer), sizeBytes: layer.size }));
}

/**
 * The files of all layers, path without the first slash > entry. What a base image of the well-known ones has is not among them: see `spec.base`.
 * @returns null for what was taken away from the base
 */
export function filesOf({ layers = [] }: ImageSpec): Layer {
  let files = filesByLayers.get(layers);
  if (files === undefined) {
    files = {};
    for (const { files: own = [] } of layers) for (const file of own) put(files, file);
    filesByLayers.set(layers, files);
  }
  return files;
}

/** The files of a base image, and over them what was added and taken away. */
export function filesOver(base: Readonly<Record<string, Entry>>, spec: ImageSpec): Readonly<Record<string, Entry>> {
  const files: Record<string, Entry> = { ...base };
  for (const [path, entry] of Object.entries(filesOf(spec))) {
    if (entry !== null) files[path] = entry;
    else for (const known of Object.keys(base)) if (known === path || known.startsWith(`${path}/`)) delete files[known];
  }
  return files;
}

/** Layers are never changed, so what they come to is worked out once. */
const filesByLayers = new WeakMap<readonly ImageLayer[], Layer>();

function put(files: Layer, file: ImageFile): void {
  const path = file.path.slice(1);
  if (file.type === 'Removed') {
    for (const known of Object.keys(files)) if (known.startsWith(`${path}/`)) delete files[known];
    files[path] = null;
  } else files[path] = entryOf(file);
}

function entryOf({ type, mode, text, base64 }: ImageFile): Entry {
  if (type === 'Directory') return { kind: 'directory', mode: mode ?? 0o755, atMs: 0 };
  return { kind: 'file', content: base64 === undefined ? encodeUtf8(text ?? '') : atob(base64), mode: mode ?? 0o644, atMs: 0 };
}

/**
 * The container with what its image adds to it where it says nothing itself: command, arguments, working directory. Kubernetes' rule:
 * `command` replaces entrypoint and cmd, `args` alone replaces cmd.
 */
export function withImageDefaults<C extends Pick<Container, 'command' | 'args' | 'workingDir'>>(container: C, config: ImageConfig = {}): C {
  const { entrypoint = [], cmd = [], workingDir } = config;
  const ownCommand = (container.command ?? []).length > 0;
  const ownArgs = (container.args ?? []).length > 0;
  const [program, ...fixed] = entrypoint;
  const command = ownCommand || program === undefined ? container.command : [program, ...fixed];
  const args = ownCommand || ownArgs ? container.args : cmd;
  // Without an entrypoint the first word of cmd, or of args, is the program.
  const split = !ownCommand && program === undefined && args !== undefined && args.length > 0;
  return {
    ...container,
    ...(split
      ? { command: args.slice(0, 1), args: args.slice(1) }
      : { ...(command === undefined ? {} : { command }), ...(args === undefined ? {} : { args }) }),
    ...(container.workingDir === undefined && workingDir !== undefined ? { workingDir } : {}),
  };
}
