/**
 * The work of `kubepad validate`, shared out over threads: whoever has time claims the next few files.
 * Invariant: what is found does not depend on who looked.
 */
import { readFileSync } from 'node:fs';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { Documents } from '../../manifest/documents.ts';
import type { Diagnostic } from '../../manifest/model.ts';
import type { Finding } from './report.ts';

interface Share {
  readonly files: readonly string[];
  /** One number: the first file that nobody has claimed. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** The findings of a file by its place in the list; only of files that have any. */
type Found = readonly (readonly [index: number, findings: readonly Finding[]])[];
type Answer = { readonly found: Found } | { readonly failure: string };

/** Below this a second thread takes longer to start than it saves. */
const FILES_PER_THREAD = 250;
const CLAIM = 16;
/** Many short-lived objects: a larger nursery spares copying them about. */
const YOUNG_GENERATION_MB = 64;

/**
 * The findings of all files, in their order.
 * @param program the file that other threads run; it calls `checkShare`
 * @throws Error if a file cannot be read
 */
export async function checkFiles(files: readonly string[], threads: number, program: string): Promise<readonly Finding[]> {
  const share: Share = { files, next: new Int32Array(new SharedArrayBuffer(4)) };
  const helpers = Math.min(threads, Math.floor(files.length / FILES_PER_THREAD)) - 1;
  const answers = Array.from({ length: Math.max(0, helpers) }, () => helper(share, program));
  // A failure of this thread is told after the others ended; until then theirs must not count as unhandled.
  const theirs = Promise.allSettled(answers);
  const mine = check(share);
  await theirs;
  const found = [...mine, ...(await Promise.all(answers)).flat()];
  return found.toSorted(([a], [b]) => a - b).flatMap(([, findings]) => findings);
}

/** In a thread that `checkFiles` started. */
export function checkShare(): void {
  let answer: Answer;
  try {
    answer = { found: check(workerData as Share) };
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
}

function helper(share: Share, program: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: share, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } });
    worker.once('message', (answer: Answer) => {
      if ('found' in answer) resolve(answer.found);
      else reject(new Error(answer.failure));
    });
    worker.once('error', reject);
  });
}

function check({ files, next }: Share): Found {
  const documents = new Documents(createApiJudge());
  const found: (readonly [number, readonly Finding[]])[] = [];
  for (;;) {
    const first = Atomics.add(next, 0, CLAIM);
    if (first >= files.length) return found;
    for (let index = first; index < Math.min(first + CLAIM, files.length); index++) {
      const file = files[index] ?? '';
      documents.change(file, readFileSync(file, 'utf8'));
      const diagnostics = documents.diagnostics(file)?.diagnostics ?? [];
      documents.close(file);
      if (diagnostics.length > 0) found.push([index, diagnostics.toSorted(byPlace).map((diagnostic) => ({ file, diagnostic }))]);
    }
  }
}

/** The API server answers in its own order; people read a file from its beginning. */
function byPlace({ range: { start: a } }: Diagnostic, { range: { start: b } }: Diagnostic): number {
  return a.line - b.line || a.character - b.character;
}
