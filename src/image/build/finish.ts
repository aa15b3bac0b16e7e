/** What becomes of a stage's layers and labels when it is the image. */
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { FailingPath, ImageFile, ImageLayer, ImageMemory, ImageProgram } from '../../api/kubepad/image/types.ts';
import { CONTENT_LIMIT } from '../../api/kubepad/image/validation.ts';
import { sizeOf } from './tree.ts';

/** Larger files are kept by size only, and so is what goes beyond the limit of the object. */
const FILE_LIMIT = 128 * 1024;

export function fitContent(layers: readonly ImageLayer[]): readonly ImageLayer[] {
  // Room for base64 and what JSON adds to the texts.
  let left = CONTENT_LIMIT * 0.7;
  const fit = (file: ImageFile): ImageFile => {
    if (file.text === undefined && file.base64 === undefined) return file;
    const length = (file.text ?? file.base64 ?? '').length;
    if (length <= FILE_LIMIT && length <= left) {
      left -= length;
      return file;
    }
    const { text: _text, base64: _base64, ...rest } = file;
    return { ...rest, size: sizeOf(file) };
  };
  // What was added last is what a person has just changed: it is kept first.
  const kept = layers.toReversed().map((layer) => (layer.files === undefined ? layer : { ...layer, files: layer.files.map(fit) }));
  return kept.toReversed();
}

const PREFIX = 'kubepad.dev/';

/** `LABEL kubepad.dev/start-time=3s` and its siblings say what a container does; labels that cannot be read say nothing. */
export function programOfLabels(labels: Readonly<Record<string, string>>): ImageProgram | undefined {
  const text = (name: string): string | undefined => labels[PREFIX + name];
  const duration = (name: string): string | undefined => ((parseDuration(text(name) ?? '') ?? 0) > 0 ? text(name) : undefined);
  const [startTime, cpuPerRequest, exitAfter] = [duration('start-time'), duration('cpu-per-request'), duration('exit-after')];
  const exitCode = Number.parseInt(text('exit-code') ?? '', 10);
  const memory = memoryOf(text('memory') ?? '');
  const failingPaths = failingOf(text('failing-path') ?? '');
  const program: ImageProgram = {
    ...(startTime === undefined ? {} : { startTime }),
    ...(memory.length === 0 ? {} : { memory }),
    ...(cpuPerRequest === undefined ? {} : { cpuPerRequest }),
    ...(exitAfter === undefined ? {} : { exitAfter }),
    ...(exitAfter === undefined || Number.isNaN(exitCode) ? {} : { exitCode: exitCode & 255 }),
    ...(failingPaths.length === 0 ? {} : { failingPaths }),
  };
  return Object.keys(program).length === 0 ? undefined : program;
}

/** `64Mi, 1m=256Mi`: memory at the start and a minute later. */
function memoryOf(text: string): readonly ImageMemory[] {
  return text.split(',').flatMap((part) => {
    const [, after, amount] = /^\s*(?:(\S+?)\s*=\s*)?(\d+(?:\.\d+)?(?:[KMGT]i?|k)?)\s*$/.exec(part) ?? [];
    if (amount === undefined || (after !== undefined && parseDuration(after) === undefined)) return [];
    return [{ ...(after === undefined ? {} : { after }), amount }];
  });
}

/** `/healthz after 60s code 503, /ready` */
function failingOf(text: string): readonly FailingPath[] {
  return text.split(',').flatMap((part) => {
    const [, path, after, code] = /^\s*(\/\S*)(?:\s+after\s+(\S+))?(?:\s+code\s+([45]\d\d))?\s*$/.exec(part) ?? [];
    if (path === undefined || (after !== undefined && parseDuration(after) === undefined)) return [];
    return [{ path, ...(after === undefined ? {} : { after }), ...(code === undefined ? {} : { code: Number(code) }) }];
  });
}
