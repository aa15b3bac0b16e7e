/**
 * What each thread of `kubepad validate` does: it claims the next few files and judges them, until none are left.
 * Invariant: what is found does not depend on who looked.
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { Documents } from '../../manifest/documents.ts';
import type { Diagnostic } from '../../manifest/model.ts';
import type { Finding } from './report.ts';
import type { Answer, Found, Share } from './validateShare.ts';

/** How many files are claimed at once. */
const CLAIM = 16;

export function check({ files, next }: Share): Found {
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

/** The API server answers in its own order; people read a file from its beginning. */
function byPlace({ range: { start: a } }: Diagnostic, { range: { start: b } }: Diagnostic): number {
  return a.line - b.line || a.character - b.character;
}
