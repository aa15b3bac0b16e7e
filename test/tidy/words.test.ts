import assert from 'node:assert/strict';
import { at, readSources, type Source, sourceOf } from './support/sources.ts';

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Where to look: `text` has comments and strings, `code` has not. */
  readonly where: 'text' | 'code';
}

// The words are put together here so that this file does not find itself.
const rules: readonly Rule[] = [
  { name: 'the type any', pattern: /(?:[:<|&,]|\bas|\bsatisfies)\s*any\b(?!\s*[:(.'])/g, where: 'code' },
  { name: 'a switched-off compiler error', pattern: new RegExp(`@ts-${'(?:ignore|nocheck|expect-error)'}`, 'g'), where: 'text' },
  {
    name: 'unfinished work',
    pattern: new RegExp(`\\b(?:${['TO', 'FIX'].map((word) => `${word}${word === 'TO' ? 'DO' : 'ME'}`).join('|')}|X{3})\\b`, 'g'),
    where: 'text',
  },
  {
    name: 'a test that runs alone or not at all',
    pattern: /\b(?:describe|context|it|specify)\.(?:only|skip)\b|\bx(?:it|describe|specify)\(/g,
    where: 'code',
  },
];

function violationsOf(source: Source): readonly string[] {
  return rules.flatMap(({ name, pattern, where }) =>
    [...source[where].matchAll(pattern)].map((match) => `${at(source, match.index)}: ${name} (${match[0].trim()})`),
  );
}

describe('words that must not stay', () => {
  it('are nowhere in sources, scripts and tests', () => {
    assert.deepEqual(readSources('src', 'scripts', 'test').flatMap(violationsOf), []);
  });

  it('are found', () => {
    const count = (text: string): number => violationsOf(sourceOf('src/a.ts', text)).length;
    assert.equal(count('const x: any = 1; f<any>(x as any);'), 3);
    assert.equal(count("// any of these\nconst any = 'x: any';"), 0);
    assert.equal(count(`// ${'TO'}${'DO'} later\n// @ts-${'ignore'}`), 2);
    assert.equal(count("describe.only('x', () => undefined);"), 1);
  });
});
