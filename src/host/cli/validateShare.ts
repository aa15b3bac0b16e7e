/**
 * The work of `kubepad validate`, shared out over threads: whoever has time claims the next few files.
 * Invariant: findings come in the order of the files. What judges them is loaded after the other threads began to start.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CURRENT_MINOR } from '../../manifest/apiversions/releases.ts';
import type { ClusterChoice } from './cluster/access.ts';
import type { Finding } from './report.ts';

export interface Share {
  readonly files: readonly string[];
  /** The minor release of Kubernetes 1 that they are for. */
  readonly minor: number;
  /** One number: the first file that nobody has claimed. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** The findings of a file by its place in the list; only of files that have any. */
export type Found = readonly (readonly [index: number, findings: readonly Finding[]])[];
/** What a thread found, and which files define kinds of their own. */
export interface Checked {
  readonly found: Found;
  readonly defining: readonly number[];
}

export type Answer = Checked | { readonly failure: string };

export interface CheckOptions {
  /** Also hints between the files, and rules of good practice. */
  readonly rules?: boolean;
  /** Folders whose charts and kustomizations are rendered and judged as well. */
  readonly rendered?: readonly string[];
  /** A cluster that is asked what it would refuse, and what it has. */
  readonly cluster?: ClusterChoice | undefined;
  /** The minor release of Kubernetes 1 that the files are for. */
  readonly minor?: number;
}

/** Many short-lived objects: a larger nursery spares copying them about. */
const YOUNG_GENERATION_MB = 64;

const bundled = import.meta.filename.endsWith('.mjs');

/**
 * The findings of all files, in their order.
 * @param threads 1: this thread alone
 * @throws Error if a file cannot be read, or if nothing renders what is to be rendered
 */
export async function checkFiles(
  files: readonly string[],
  threads: number,
  { rules = false, rendered = [], cluster, minor = CURRENT_MINOR }: CheckOptions = {},
): Promise<readonly Finding[]> {
  const share: Share = { files, minor, next: new Int32Array(new SharedArrayBuffer(4)) };
  const answers = Array.from({ length: threads - 1 }, () => helper(share));
  // A failure of this thread is told after the others ended; until then theirs must not count as unhandled.
  const theirs = Promise.allSettled(answers);
  const judge = await import('./judge.ts');
  const mine = judge.check(share);
  await theirs;
  const all = [mine, ...(await Promise.all(answers))];
  const found = new Map(all.flatMap((checked) => checked.found));
  const defining = all.flatMap((checked) => checked.defining);
  for (const [index, findings] of judge.checkCustom(share, defining)) found.set(index, findings);
  const add = (more: Found): void => {
    for (const [index, findings] of more) found.set(index, [...(found.get(index) ?? []), ...findings]);
  };
  const context = rules || cluster !== undefined ? judge.hintContext(files, rules) : undefined;
  let hints = context?.hints;
  if (context !== undefined && cluster !== undefined) {
    const answer = await judge.checkInCluster(cluster, share, defining, context);
    add(answer.found);
    hints = answer.hints;
  }
  if (hints !== undefined) add(withoutSaid(judge.checkHints(files, hints), found));
  // What rendered objects name was not asked of the cluster: of them the files alone are known.
  const made = rendered.length === 0 ? [] : await judge.checkRendered(rendered, share, defining, rules ? context?.hints : undefined);
  if ('failure' in made) throw new Error(made.failure);
  return [...[...found].toSorted(([a], [b]) => a - b).flatMap(([, findings]) => findings), ...made];
}

/** That a name leads nowhere need not be said where the cluster refuses it. */
function withoutSaid(hints: Found, found: ReadonlyMap<number, readonly Finding[]>): Found {
  const placeOf = ({ diagnostic: { range } }: Finding): string => `${range.start.line}:${range.start.character}`;
  return hints.map(([index, findings]) => {
    const refused = new Set((found.get(index) ?? []).filter(({ diagnostic }) => diagnostic.code === 'Admission').map(placeOf));
    return [index, findings.filter((each) => each.diagnostic.code !== 'missing-reference' || !refused.has(placeOf(each)))] as const;
  });
}

function helper(share: Share): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const program = join(import.meta.dirname, bundled ? 'kubepad.mjs' : 'main.ts');
    const worker = new Worker(program, { workerData: share, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } });
    worker.once('message', (answer: Answer) => {
      if ('found' in answer) resolve(answer);
      else reject(new Error(answer.failure));
    });
    worker.once('error', reject);
  });
}
