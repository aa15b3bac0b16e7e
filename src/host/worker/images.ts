/**
 * Builds and pushes for the editor.
 * Invariant: a build's lines come in their order, at most a second and a half after its start, however long the build would take.
 */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { LayerCache } from '../../image/build/build.ts';
import type { BuildLine } from '../../image/build/progress.ts';
import { dockerfileService } from '../dockerfile/load.ts';
import { build } from '../images/builder.ts';
import { layerCache, pushImage } from '../images/imageStore.ts';
import { knownImages } from '../images/known.ts';
import { imageUsers } from '../images/users.ts';
import { imageRequests, tellOfImages, type ImageBuildAnswer, type ImageBuildParams, type ImagePushAnswer } from '../protocol/image.ts';
import type { Session } from './session.ts';

/** A person wants to see that steps take time, and not to wait for it. */
const SHOWN_MS = 1500;
const SHORTEST_MS = 10;

/** @returns the layers that builds of the session have left */
export function handleImageRequests(connection: MessageConnection, session: () => Session): () => LayerCache {
  const client = () => session().cluster.admin();
  let cache = layerCache(client);
  let owner = session();
  const layers = (): LayerCache => {
    if (owner !== session()) [owner, cache] = [session(), layerCache(client)];
    return cache;
  };
  connection.onRequest(imageRequests.build, async (params, token): Promise<ImageBuildAnswer> => {
    const say = (lines: readonly string[]): void => {
      if (params.progress !== undefined) void connection.sendNotification(tellOfImages.progress, { progress: params.progress, lines });
    };
    try {
      // What is built is in the present.
      session().show(undefined);
      session().driver.sync();
      const outcome = await build(orderOf(params), client, layers(), (lines) => paced(lines, say, token));
      if (outcome === 'cancelled') return { ok: false, cancelled: true, message: '', steps: [], images: [] };
      const { result, images } = outcome;
      if (images.length > 0) session().written();
      const { problem, steps } = result;
      return {
        ok: problem === undefined,
        cancelled: false,
        message: problem?.message ?? '',
        line: problem?.line,
        endLine: problem?.endLine,
        steps,
        images: images.map(({ metadata, status, spec }) => ({
          name: metadata.name ?? '',
          repository: spec?.repository ?? '',
          digest: status?.digest ?? '',
          sizeBytes: status?.size ?? 0,
        })),
      };
    } catch (error) {
      return { ok: false, cancelled: false, message: textOf(error), steps: [], images: [] };
    }
  });
  connection.onRequest(imageRequests.known, ({ references }) => knownImages(client(), references));
  connection.onRequest(imageRequests.users, ({ repositories }) => imageUsers(client(), repositories));
  connection.onRequest(imageRequests.push, ({ reference }): ImagePushAnswer => {
    try {
      session().show(undefined);
      session().driver.sync();
      const pushed = pushImage(client(), reference);
      if (pushed.ok) session().written();
      return pushed;
    } catch (error) {
      return { ok: false, lines: [textOf(error)] };
    }
  });
  return layers;
}

export function handleDockerfileRequests(connection: MessageConnection): void {
  connection.onRequest(imageRequests.problems, ({ text }) => dockerfileService().problemsOf(text));
  connection.onRequest(imageRequests.hover, ({ text, position }) => dockerfileService().hoverAt(text, position));
  connection.onRequest(imageRequests.completion, ({ text, position }) => dockerfileService().completionsAt(text, position));
}

function orderOf({ dockerfile, context, names, target, args, noCache, source }: ImageBuildParams) {
  return { dockerfile, context, names, target, args, noCache, source };
}

/** Shows lines with waits in proportion to those of the build. */
async function paced(lines: readonly BuildLine[], say: (lines: readonly string[]) => void, token: CancellationToken): Promise<boolean> {
  const total = lines.reduce((sum, { waitMs }) => sum + waitMs, 0);
  const scale = Math.min(1, SHOWN_MS / Math.max(total, 1));
  let waiting: string[] = [];
  let owed = 0;
  for (const { waitMs, text } of lines) {
    owed += waitMs * scale;
    if (owed >= SHORTEST_MS) {
      say(waiting);
      waiting = [];
      await new Promise((resolve) => setTimeout(resolve, owed));
      owed = 0;
    }
    if (token.isCancellationRequested) return false;
    waiting.push(text);
  }
  say(waiting);
  return true;
}

function textOf(error: unknown): string {
  if (error instanceof StatusError) return error.status.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
