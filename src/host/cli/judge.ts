/**
 * What each thread of `kubepad validate` does: it claims the next few files and judges them, until none are left.
 * Invariant: what is found does not depend on who looked.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { definitionsIn, withDefinitions } from '../../manifest/customKinds.ts';
import { Documents } from '../../manifest/documents.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { Diagnostic } from '../../manifest/model.ts';
import { Places } from '../../manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../manifest/references/workspaceIndex.ts';
import type { HintContext } from '../../manifest/rendered/hints.ts';
import { kustomizationDiagnostics } from '../../manifest/rendered/kustomize/diagnostics.ts';
import { isKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import { hintsOf } from '../../manifest/rules/hints.ts';
import { ALL_RULES, NO_RULES } from '../../manifest/rules/settings.ts';
import { withScenarios } from '../../scenario/judge.ts';
import { foundAt, patchesAmong } from '../rendering/kustomizations.ts';
import type { ClusterChoice } from './cluster/access.ts';
import { renderedFindings } from './rendered.ts';
import type { Finding } from './report.ts';
import type { Answer, Checked, Found, Share } from './validateShare.ts';

const apiJudge = (): Judge => withScenarios(createApiJudge());

/** How many files are claimed at once. */
const CLAIM = 16;

export function check({ files, minor, next }: Share): Checked {
  const documents = documentsOf(apiJudge(), files, minor);
  const found: (readonly [number, readonly Finding[]])[] = [];
  const defining: number[] = [];
  for (;;) {
    const first = Atomics.add(next, 0, CLAIM);
    if (first >= files.length) return { found, defining };
    for (let index = first; index < Math.min(first + CLAIM, files.length); index++) {
      const file = files[index] ?? '';
      const text = readFileSync(file, 'utf8');
      if (text.includes('CustomResourceDefinition')) defining.push(index);
      const findings = findingsOf(documents, file, text);
      if (findings.length > 0) found.push([index, findings]);
    }
  }
}

/**
 * Files of kinds that other files define, judged again: their findings, which can be none.
 * @param defining the files with definitions
 */
export function checkCustom({ files, minor }: Omit<Share, 'next'>, defining: readonly number[]): Found {
  const definitions = definitionsOf(files, defining);
  if (definitions.length === 0) return [];
  const documents = documentsOf(withDefinitions(apiJudge(), definitions), files, minor);
  const groups = [...new Set(definitions.map(({ spec }) => spec.group))];
  return files.flatMap((file, index) => {
    const text = readFileSync(file, 'utf8');
    return groups.some((group) => text.includes(group)) ? [[index, findingsOf(documents, file, text)] as const] : [];
  });
}

/** What hints are asked for, of objects among all files. */
export function hintContext(files: readonly string[], rules: boolean): { readonly index: WorkspaceIndex; readonly hints: HintContext } {
  const index = new WorkspaceIndex();
  for (const file of files) index.change(file, readFileSync(file, 'utf8'));
  const patches = patchesAmong(files, (file) => readFileSync(file, 'utf8'));
  const hints: HintContext = {
    settings: { references: true, rules: rules ? ALL_RULES : NO_RULES },
    world: { index, cluster: undefined, namespace: '' },
    isPatch: (file) => patches.has(resolve(file)),
  };
  return { index, hints };
}

/** What is said beyond the API server's verdict: of objects that lead nowhere in these files, and by the rules. */
export function checkHints(files: readonly string[], { settings, world }: HintContext): Found {
  const places = new Places();
  return files.flatMap((file, at) => {
    const hints = world.index.of(file).flatMap((object) => hintsOf(object, settings, world, places));
    return hints.length === 0 ? [] : [[at, hints.toSorted(byPlace).map((diagnostic) => ({ file, diagnostic }))] as const];
  });
}

/** What a cluster would say of the files, and what it has for hints. @throws Error if it cannot be asked */
export async function checkInCluster(
  choice: ClusterChoice,
  { files, minor }: Omit<Share, 'next'>,
  defining: readonly number[],
  context: ReturnType<typeof hintContext>,
): Promise<{ readonly found: Found; readonly hints: HintContext }> {
  // Nobody else needs what can ask a cluster.
  const { askCluster } = await import('./cluster/check.ts');
  const documents = documentsOf(withDefinitions(apiJudge(), definitionsOf(files, defining)), files, minor);
  const { findings, hints } = await askCluster(choice, files, documents, context);
  const byFile = Map.groupBy(findings, ({ file }) => file);
  const found = files.flatMap((file, index) => {
    const own = byFile.get(file);
    return own === undefined ? [] : [[index, own.toSorted((a, b) => byPlace(a.diagnostic, b.diagnostic))] as const];
  });
  return { found, hints };
}

/** What the charts and kustomizations in these folders render to, judged with the kinds that the files define. */
export function checkRendered(
  paths: readonly string[],
  { files, minor }: Omit<Share, 'next'>,
  defining: readonly number[],
  hints: HintContext | undefined,
): Promise<readonly Finding[] | { readonly failure: string }> {
  return renderedFindings(paths, { judge: withDefinitions(apiJudge(), definitionsOf(files, defining)), hints }, minor);
}

function definitionsOf(files: readonly string[], defining: readonly number[]): ReturnType<typeof definitionsIn> {
  return defining.flatMap((index) => definitionsIn(readFileSync(files[index] ?? '', 'utf8')));
}

/** Patches of the kustomizations among the files are no objects by themselves. */
function documentsOf(judge: Judge, files: readonly string[], minor: number): Documents {
  const documents = new Documents(judge);
  documents.judgeFor(minor);
  const patches = patchesAmong(files, (file) => readFileSync(file, 'utf8'));
  if (patches.size > 0) documents.leaveAlone((file) => patches.has(resolve(file)));
  return documents;
}

function findingsOf(documents: Documents, file: string, text: string): readonly Finding[] {
  if (isKustomization(file)) {
    const found = kustomizationDiagnostics(text, (path) => foundAt(resolve(dirname(file), path)));
    return found.toSorted(byPlace).map((diagnostic) => ({ file, diagnostic }));
  }
  documents.change(file, text);
  const diagnostics = documents.diagnostics(file)?.diagnostics ?? [];
  documents.close(file);
  return diagnostics.toSorted(byPlace).map((diagnostic) => ({ file, diagnostic }));
}

/** In a thread that `checkFiles` started. */
export function checkShare(): void {
  let answer: Answer;
  try {
    answer = check(workerData as Share);
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
}

/** The API server answers in its own order; people read a file from its beginning. */
function byPlace({ range: { start: a } }: Diagnostic, { range: { start: b } }: Diagnostic): number {
  return a.line - b.line || a.character - b.character;
}
