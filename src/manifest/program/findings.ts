/**
 * What is wrong with the scripted programs of a Pod or of a template, before it has a place in a text.
 * Invariant: the reader of the runtime decides what a program means; what it leaves out is told here, never refused.
 * Counterpart: none; a real cluster stores these annotations and looks no further.
 */
import { Path } from '../../apimachinery/field/path.ts';
import { parseProgram, PROGRAM_ANNOTATION } from '../../runtime/programs/grammar.ts';
import type { Severity } from '../model.ts';
import { nearest } from '../suggest.ts';
import { annotationsOf, podPartOf, type PodPart } from './podTemplates.ts';
import { isStatement, nextWords, STATEMENT_NAMES, STATEMENTS } from './statements.ts';
import { statementsOf, type Statement, type Word } from './words.ts';

export interface ProgramFinding {
  /** Of the annotation. */
  readonly path: Path;
  readonly severity: Severity;
  readonly message: string;
  /** Offsets into the annotation's value; undefined: it is about the key. */
  readonly at: { readonly start: number; readonly end: number } | undefined;
  /** What most likely was meant, for what stands at `at` or for the key. */
  readonly meant: string | undefined;
}

export function programFindings(object: Readonly<Record<string, unknown>>): readonly ProgramFinding[] {
  const part = podPartOf(object);
  if (part === undefined) return [];
  const found: ProgramFinding[] = [];
  for (const [key, value] of Object.entries(part.annotations)) {
    if (!key.startsWith(PROGRAM_ANNOTATION) || typeof value !== 'string') continue;
    const path = part.at.child('metadata', 'annotations').key(key);
    found.push(...nameFindings(part, key, path), ...textFindings(value, path));
  }
  return part.at === Path.root ? found : [...found, ...misplaced(object, part)];
}

function nameFindings({ containers }: PodPart, key: string, path: Path): readonly ProgramFinding[] {
  const name = key.slice(PROGRAM_ANNOTATION.length);
  if (containers.includes(name)) return [];
  const best = nearest(name, containers);
  const message = `no container of the Pod has the name "${name}"; there are: ${containers.join(', ')}`;
  // It may be meant for a container that somebody adds later, with kubectl debug.
  const severity = best === undefined ? 'information' : 'warning';
  return [{ path, severity, message, at: undefined, meant: best === undefined ? undefined : PROGRAM_ANNOTATION + best }];
}

/** Programs are of Pods; on a Deployment itself nobody reads them. */
function misplaced(object: Readonly<Record<string, unknown>>, part: PodPart): readonly ProgramFinding[] {
  const right = part.at.child('metadata', 'annotations').toString();
  return Object.keys(annotationsOf(object))
    .filter((key) => key.startsWith(PROGRAM_ANNOTATION))
    .map((key) => ({
      path: Path.of('metadata', 'annotations').key(key),
      severity: 'warning',
      message: `a program belongs to the Pods: put it into ${right}`,
      at: undefined,
      meant: undefined,
    }));
}

function textFindings(text: string, path: Path): readonly ProgramFinding[] {
  const { errors } = parseProgram(text);
  const statements = statementsOf(text);
  return [
    ...errors.map(({ message, start, end }): ProgramFinding => ({
      path,
      severity: 'warning',
      message,
      at: { start, end },
      meant: meantBy(statements, start),
    })),
    ...neverDone(statements).map(({ words, by }): ProgramFinding => ({
      path,
      severity: 'information',
      message: `never done: "${by}" before it has no end or is the end`,
      at: { start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 },
      meant: undefined,
    })),
  ];
}

/** The nearest word that may stand there. */
function meantBy(statements: readonly Statement[], offset: number): string | undefined {
  for (const { words } of statements) {
    const index = words.findIndex(({ start }) => start === offset);
    const word = words[index];
    const keyword = words[0]?.text ?? '';
    if (word === undefined) continue;
    if (index === 0) return isStatement(word.text) ? undefined : nearest(word.text, STATEMENT_NAMES);
    if (!isStatement(keyword)) return undefined;
    const before = words.slice(1, index).map(({ text }) => text);
    const fitting = nextWords(keyword, before).filter((each) => /^[a-z-]+$/.test(each));
    return nearest(word.text, fitting);
  }
  return undefined;
}

const ENDS: ReadonlySet<string> = new Set(['run', 'exit', 'oom']);

function neverDone(statements: readonly Statement[]): readonly { readonly words: readonly Word[]; readonly by: string }[] {
  const ended = new Map<number, string>();
  return statements.flatMap(({ part, words }) => {
    const name = words[0]?.text ?? '';
    const by = ended.get(part);
    if (!isStatement(name) || STATEMENTS[name].part !== 'work') return [];
    if (by !== undefined) return [{ words, by }];
    if (ENDS.has(name)) ended.set(part, name);
    return [];
  });
}
