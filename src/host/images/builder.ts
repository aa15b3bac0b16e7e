/**
 * `docker build` for the editor and the program: reads the files, builds, and makes the Image.
 * Invariant: nothing is written if the build fails or is called off. Counterpart: docker buildx.
 */
import { parseReference, DEFAULT_TAG, repositoryName } from '../../api/kubepad/image/reference.ts';
import type { Image, ImageSource } from '../../api/kubepad/image/types.ts';
import type { Client } from '../../client/client.ts';
import { buildImage, type BuildResult, type LayerCache } from '../../image/build/build.ts';
import type { BuildLine } from '../../image/build/progress.ts';
import { readBuildFiles } from './context.ts';
import { describedImage, saveBuilt } from './imageStore.ts';

export interface BuildOrder {
  /** Paths on the disk. */
  readonly dockerfile: string;
  readonly context: string;
  /** `web:1`, `localhost:5000/web:1` */
  readonly names: readonly string[];
  readonly target?: string | undefined;
  readonly args?: Readonly<Record<string, string>> | undefined;
  readonly noCache?: boolean | undefined;
  readonly source?: ImageSource | undefined;
}

export interface BuildOutcome {
  readonly result: BuildResult;
  readonly images: readonly Image[];
}

/** Shows lines in their time; false: the build was called off. */
export type Pace = (lines: readonly BuildLine[]) => Promise<boolean>;

/** @throws Error if files cannot be read; StatusError if the API server refuses the Image */
export async function build(order: BuildOrder, client: () => Client, cache: LayerCache, pace: Pace): Promise<BuildOutcome | 'cancelled'> {
  const wrong = order.names.find((name) => parseReference(name) === undefined);
  if (wrong !== undefined) throw new Error(`invalid tag "${wrong}": invalid reference format`);
  const { name, dockerfile, files } = readBuildFiles(order.dockerfile, order.context);
  const result = buildImage(
    {
      name,
      dockerfile,
      files,
      names: order.names.map(wholeName),
      ...(order.target === undefined ? {} : { target: order.target }),
      ...(order.args === undefined ? {} : { args: order.args }),
      ...(order.noCache === undefined ? {} : { noCache: order.noCache }),
    },
    { cache, image: (reference) => describedImage(client(), reference) },
  );
  if (!(await pace(result.lines))) return 'cancelled';
  const images = result.content === undefined ? [] : saveBuilt(client(), order.names, result.content, order.source);
  return { result, images };
}

/** `docker.io/library/web:1` */
function wholeName(name: string): string {
  const reference = parseReference(name);
  return reference === undefined ? name : `${repositoryName(reference)}:${reference.tag ?? DEFAULT_TAG}`;
}
