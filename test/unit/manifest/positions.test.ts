import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import type { Diagnostic, Range } from '../../../src/manifest/model.ts';
import { applyPatch } from '../../corpus/api/json.ts';
import { loadCorpus, type Case } from '../../corpus/api/corpus.ts';
import { judge } from './check.ts';
import { Printed, type Style } from './printed.ts';
import { PIECES, randomOf } from '../../fuzz/editor.ts';

const STYLES: readonly Style[] = ['block', 'flow', 'json', 'anchored', 'merged', 'literal'];
const { bases, creates } = loadCorpus();

/** The keys of a path as far as an object goes along it. */
function stepsOf(object: unknown, field: string): { readonly steps: readonly string[]; readonly complete: boolean } {
  const names = [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, bracket, name]) => name ?? bracket ?? '');
  const steps: string[] = [];
  let at = object;
  for (const name of names) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return { steps, complete: false };
    steps.push(name);
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return { steps, complete: true };
}

/** Of a list's item without a key of its own, the first key within it. */
function keyOf(printed: Printed, path: string): Range | undefined {
  const own = printed.places.get(path);
  if (own?.key !== undefined) return own.key;
  const first = [...printed.places].find(([other]) => other.startsWith(`${path}\0`) && !other.slice(path.length + 1).includes('\0'));
  return first?.[1].key ?? own?.value;
}

function expectedRange(printed: Printed, object: unknown, { path: field, code }: Diagnostic): Range | undefined {
  const { steps, complete } = stepsOf(object, field);
  if (steps.length === 0) return printed.places.get('\0kind')?.value;
  const path = steps.map((step) => `\0${step}`).join('');
  const onKey = !complete || ['UnknownField', 'DuplicateField', 'FieldValueForbidden'].includes(code);
  const { value } = printed.places.get(path) ?? {};
  return onKey || value === undefined ? keyOf(printed, path) : value;
}

function objectOf({ base, patch, raw, contentType }: Case): Readonly<Record<string, unknown>> | undefined {
  const manifest = bases.get(base)?.manifest;
  if (manifest === undefined || raw !== undefined || contentType !== undefined) return undefined;
  const object = applyPatch(manifest, patch ?? []) as Readonly<Record<string, unknown>>;
  const text = JSON.stringify(object, (_key, value: unknown) => (typeof value === 'bigint' ? undefined : value));
  return text.length < 20_000 ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : undefined;
}

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  return documents.diagnostics('file:///a.yaml')?.diagnostics ?? [];
}

describe('positions of the recorded verdicts', () => {
  const rejected = creates.filter(({ expect }) => (expect.causes ?? []).some(({ field }) => (field ?? '') !== ''));
  const stride = Math.max(1, Math.floor(rejected.length / 500));
  const chosen = rejected.filter((_case, index) => index % stride === 0);

  /** What is checked and what is wrong when texts are written in another way; places move as `moved` says. */
  const check = (
    cases: readonly Case[],
    style: Style,
    write: (text: string) => string = (text) => text,
    moved: (range: Range) => Range = (range) => range,
  ): { readonly checked: number; readonly wrong: readonly string[] } => {
    let checked = 0;
    const wrong: string[] = [];
    for (const one of cases) {
      const object = objectOf(one);
      if (object === undefined) continue;
      const printed = new Printed(object, style);
      const fields = new Set(one.expect.causes?.map(({ field }) => field));
      for (const diagnostic of diagnosticsOf(write(printed.text))) {
        if (!fields.has(diagnostic.path)) continue;
        checked++;
        const range = expectedRange(printed, object, diagnostic);
        const [found, expected] = [JSON.stringify(diagnostic.range), JSON.stringify(range === undefined ? undefined : moved(range))];
        if (found !== expected) wrong.push(`${one.id} ${diagnostic.path} ${diagnostic.code}: ${found}, not ${String(expected)}`);
      }
    }
    return { checked, wrong };
  };

  for (const style of STYLES) {
    it(`are exactly the node that each error speaks of, in ${style} style`, () => {
      const { checked, wrong } = check(chosen, style);
      assert.deepEqual(wrong.slice(0, 10), []);
      assert.ok(checked >= 500, `only ${checked} places`);
    }).timeout(60_000);
  }

  const by = (lines: number, first: number, range: Range): Range => {
    const move = ({ line, character }: Range['start']): Range['start'] => ({
      line: line + lines,
      character: character + (line === 0 ? first : 0),
    });
    return { start: move(range.start), end: move(range.end) };
  };
  const behind = (comment: string) => (text: string) => text.replaceAll('\n', `${comment}\n`);
  const some = chosen.filter((_case, index) => index % 5 === 0);
  const WAYS: readonly (readonly [way: string, write: (text: string) => string, moved?: (range: Range) => Range])[] = [
    ['with the line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['behind a byte order mark', (text) => `\uFEFF${text}`, (range) => by(0, 1, range)],
    ['beside comments with letters beyond ASCII', behind(' # größer 🚢')],
    ['beside tabs and comments', behind('\t# x')],
    ['below another document', (text) => `# größer 🚢\na: &x {b: 1}\n---\n${text}`, (range) => by(3, 0, range)],
    ['between empty lines and lines of comments', (text) => text.replaceAll('\n', '\n\n  # x\n'), (range) => spread(range)],
  ];
  const spread = ({ start, end }: Range): Range => ({ start: { ...start, line: start.line * 3 }, end: { ...end, line: end.line * 3 } });
  for (const [way, write, moved] of WAYS)
    it(`are exact ${way}`, () => {
      const { checked, wrong } = check(some, 'block', write, moved);
      assert.deepEqual(wrong.slice(0, 10), []);
      assert.ok(checked >= 100, `only ${checked} places`);
    }).timeout(60_000);

  it('finds no fault with what the API server accepted, in any style', () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const base of bases.values()) {
      const { apiVersion, kind } = base.manifest;
      if (base.expect?.code !== 201 || !judge.kinds.has(`${String(apiVersion)}/${String(kind)}`)) continue;
      for (const style of STYLES) {
        checked++;
        const errors = diagnosticsOf(new Printed(base.manifest, style).text).filter(({ severity }) => severity === 'error');
        if (errors.length > 0) wrong.push(`${base.id} (${style}): ${errors.map(({ message }) => message).join('; ')}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(checked > 100, `only ${checked} texts were checked`);
  }).timeout(60_000);

  it('never fails on half-typed texts', () => {
    const random = randomOf(36);
    const texts = [...bases.values()]
      .slice(0, 120)
      .map(({ manifest }, index) => new Printed(manifest, STYLES[index % STYLES.length] ?? 'block').text);
    for (const text of texts) {
      let edited = text;
      for (let edit = 0; edit < 12; edit++) {
        const at = random(edited.length + 1);
        edited = edited.slice(0, at) + (PIECES[random(PIECES.length)] ?? '') + edited.slice(at + random(4));
        for (const { range } of diagnosticsOf(edited)) assert.ok(range.start.line <= range.end.line && range.start.line >= 0);
      }
    }
  }).timeout(60_000);
});
