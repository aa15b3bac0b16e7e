/**
 * Holds the editor's language service to what no text may change: no false error, no exception, no stall.
 * Invariant: the same seed gives the same texts and edits. Counterpart: none; what the API server accepted was recorded.
 */
import { resolve } from 'node:path';
import { Editor } from '../../src/host/worker/editor.ts';
import { createApiJudge } from '../../src/manifest/apiJudge.ts';
import type { Range } from '../../src/manifest/model.ts';
import { foldings, outlineTree, selectionRanges } from '../../src/manifest/structure.ts';
import { applyPatch } from '../corpus/api/json.ts';
import { loadCorpus, type Base, type Case } from '../corpus/api/corpus.ts';
import { YAML_STYLES, type Manifest } from './yamlStyles.ts';

const URI = 'file:///work/fuzz.yaml';
const SETTINGS = { namespace: 'default', warnings: true, references: true, rules: { '*': 'default' } };
/** No answer may take longer than a person notices, milliseconds of work. */
const STALL_MS = 50;

/** What the recorded API server accepted as it is written, each with a name. */
export function acceptedObjects(): readonly (readonly [string, Manifest])[] {
  const { bases, creates } = loadCorpus();
  const fromCase = ({ base, patch, raw, contentType, params, path, subresource, expect }: Case): Manifest | undefined => {
    const manifest = bases.get(base)?.manifest;
    if (expect.code !== 201 || manifest === undefined) return undefined;
    if ([raw, contentType, params, path, subresource].some((special) => special !== undefined)) return undefined;
    const object = applyPatch(manifest, patch ?? []) as Manifest;
    // A request says by its path what a file has to say itself.
    return isText(object['apiVersion']) && isText(object['kind']) ? object : undefined;
  };
  return [
    ...[...bases.values()].filter(({ expect }: Partial<Base>) => expect?.code === 201).map(({ id, manifest }) => [id, manifest] as const),
    ...creates.flatMap((one) => {
      const object = fromCase(one);
      return object === undefined ? [] : [[one.id, object] as const];
    }),
  ].flatMap(([id, object]) => {
    // Numbers beyond those of JavaScript are no matter of style.
    const text = JSON.stringify(object, (_key, value: unknown) => (typeof value === 'bigint' ? undefined : value));
    return text.length < 20_000 && !hasBigInteger(object) ? [[id, JSON.parse(text) as Manifest] as const] : [];
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function hasBigInteger(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasBigInteger);
}

/** The errors that the editor shows in a text. */
function errorsIn(editor: Editor, text: string): readonly string[] {
  editor.change({ uri: URI, version: 1, text });
  const diagnostics = editor.diagnostics(URI, { ...SETTINGS, references: false, rules: {} })?.diagnostics ?? [];
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** Errors shown in texts that the API server accepts, `id (style): message`. */
export function falseErrors(editor: Editor, objects: readonly (readonly [string, Manifest])[]): readonly string[] {
  return objects.flatMap(([id, object]) =>
    Object.entries(YAML_STYLES).flatMap(([style, write]) =>
      errorsIn(editor, write(object)).map((message) => `${id} (${style}): ${message}`),
    ),
  );
}

/** What goes wrong while so many edits are made in each object's text, each object in another style. */
export function fuzzEditor(
  editor: Editor,
  objects: readonly (readonly [string, Manifest])[],
  { edits, seed }: { readonly edits: number; readonly seed: number },
): readonly string[] {
  const random = randomOf(seed);
  const styles = Object.values(YAML_STYLES);
  const problems: string[] = [];
  for (const [index, [id, object]] of objects.entries()) {
    let text = styles[index % styles.length]?.(object) ?? '';
    for (let edit = 0; edit < edits; edit++) {
      text = randomEdit(text, random);
      for (const problem of probe(editor, text, random)) problems.push(`${id}, edit ${edit}: ${problem}\n${JSON.stringify(text)}`);
    }
  }
  return problems;
}

/** The language service as other editors have it, without a cluster. */
export function createFuzzEditor(): Editor {
  const nothing = { list: () => [], get: () => undefined, onRevision: () => ({ dispose: () => undefined }) };
  return new Editor({
    judge: createApiJudge(),
    extensionPath: resolve(import.meta.dirname, '../..'),
    store: () => nothing,
    resourceOf: () => undefined,
    now: () => Date.UTC(2026, 0, 2),
    hintsChanged: () => undefined,
  });
}

/** A generator of its own, so that a failure comes again. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What people type, paste and leave half done. */
export const PIECES = [
  '\n',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>',
  '&a ',
  '*a',
  '#',
  '\t',
  '---\n',
  '\u{1F600}',
  '!!str ',
  '<<: *a',
  '%',
  '{{ .Values.x }}',
  '\r\n',
  '\0',
  '\uD800',
  '?',
  ',',
  '0x',
  '~',
  ':',
  '|',
  '&a',
  '\uFEFF',
  '🚢',
  '? ',
  'ü',
];

/** One edit as people and tools make them: typed, deleted, repeated, moved, cut off. */
function randomEdit(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const lines = text.split('\n');
  const line = random(lines.length);
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(20));
    case 1:
      return lines.toSpliced(line, 0, lines[random(lines.length)] ?? '').join('\n');
    case 2:
      return lines.toSpliced(line, 1, `${' '.repeat(random(5))}${lines[line] ?? ''}`).join('\n');
    case 3:
      return lines.toSpliced(line, 1 + random(3)).join('\n');
    case 4:
      return text.slice(0, text.length - random(Math.max(1, text.length >> 3)));
    default:
      return text.slice(0, at) + (PIECES[random(PIECES.length)] ?? '') + text.slice(at + random(3));
  }
}

/** Asks everything of a text that an editor asks; what is wrong with the answers, and how long the longest took. */
function probe(editor: Editor, text: string, random: (below: number) => number): readonly string[] {
  const lines = text.split('\n');
  const line = random(lines.length);
  const position = { line, character: random((lines[line]?.length ?? 0) + 1) };
  const at = { uri: URI, position };
  const problems: string[] = [];
  const ask = (what: string, question: () => unknown): void => {
    try {
      const begin = workMs();
      question();
      // What took long for once may have met the collector of garbage.
      if (workMs() - begin > STALL_MS && Math.min(timed(question), timed(question)) > STALL_MS) problems.push(`${what} stalls`);
    } catch (error) {
      problems.push(`${what} throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  ask('diagnostics', () => {
    editor.change({ uri: URI, version: 1, text });
    for (const { range } of editor.diagnostics(URI, SETTINGS)?.diagnostics ?? []) {
      const problem = outside(range, lines);
      if (problem !== undefined) problems.push(`a range ${problem}: ${JSON.stringify(range)}`);
    }
  });
  ask('hover', () => editor.hover(at, 'default'));
  ask('completion', () => editor.completion(at, 'default'));
  ask('signature', () => editor.signature(at));
  ask('tokens', () => editor.tokens(URI, 'default'));
  ask('fixes', () => editor.fixes(URI, { start: position, end: position }));
  ask('fix all', () => editor.fixAll(URI));
  ask('definition', () => editor.definition(at));
  ask('references', () => editor.usesOf(at, true));
  ask('rename', () => editor.navigator.rename(URI, position, 'other'));
  ask('links', () => editor.links(URI));
  ask('format', () => editor.format(URI, { indent: 2 }));
  ask('defaults', () => editor.defaults(URI, { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } }));
  ask('hierarchy', () => editor.hierarchy.at(URI, position));
  ask('symbols', () => editor.navigator.symbols('a'));
  ask('structure', () => {
    const entries = editor.documents.entries(URI);
    return [outlineTree(entries), foldings(entries), selectionRanges(entries, position), editor.documents.outline(URI)];
  });
  return problems;
}

function timed(question: () => unknown): number {
  const begin = workMs();
  question();
  return workMs() - begin;
}

/** Work of this process, not the time that others on the machine took. */
function workMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function outside({ start, end }: Range, lines: readonly string[]): string | undefined {
  if (start.line < 0 || end.line >= Math.max(1, lines.length)) return 'beyond the last line';
  if (end.line < start.line || (end.line === start.line && end.character < start.character)) return 'whose end is before its start';
  return start.character < 0 || start.character > (lines[start.line]?.length ?? 0) ? 'beyond the end of a line' : undefined;
}
