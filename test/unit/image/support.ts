import type { ImageLayer, ImageSpec } from '../../../src/api/kubepad/image/types.ts';
import { buildImage, type BuildRequest, type BuildResult, type BuildWorld } from '../../../src/image/build/build.ts';
import type { ContextFile } from '../../../src/image/context/files.ts';

/** A builder of one's own: its cache stays from build to build. */
export function builder(images: Readonly<Record<string, ImageSpec | 'missing' | 'denied'>> = {}): {
  readonly build: (dockerfile: string, files?: Readonly<Record<string, string>>, more?: Partial<BuildRequest>) => BuildResult;
} {
  const layers = new Map<string, ImageLayer>();
  const world: BuildWorld = {
    cache: { get: (digest) => layers.get(digest), put: (layer) => void layers.set(layer.digest ?? '', layer) },
    image: (name) => images[name],
  };
  return {
    build: (dockerfile, files = {}, more = {}) =>
      buildImage({ name: 'Dockerfile', dockerfile, files: contextOf(files), names: ['docker.io/library/web:1'], ...more }, world),
  };
}

export function contextOf(files: Readonly<Record<string, string>>): readonly ContextFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text, size: text.length }));
}

/** All that was printed, without the times. */
export function textOf({ lines }: BuildResult): string {
  return lines.map(({ text }) => text.replace(/^(#\d+) \d+\.\d{3} /, '$1 ')).join('\n');
}

/** The files of an image: path > text. */
export function filesOf({ content }: BuildResult): Readonly<Record<string, string | number | undefined>> {
  return Object.fromEntries(
    (content?.layers ?? []).flatMap(({ files = [] }) => files.map(({ path, text, size, type }) => [path, text ?? size ?? type])),
  );
}

/** `1 cached`, `2`: the steps by number, and which came from the cache. */
export function stepsOf({ steps }: BuildResult): readonly string[] {
  return steps.map(({ name, cached }) => `${name.replace(/@sha256:\w+/, '')}${cached ? ' cached' : ''}`);
}
