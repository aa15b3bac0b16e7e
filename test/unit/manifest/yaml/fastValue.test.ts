import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../../../../src/manifest/yaml/document.ts';
import { fastValue } from '../../../../src/manifest/yaml/fastValue.ts';
import { splitDocuments } from '../../../../src/manifest/yaml/split.ts';

const root = join(import.meta.dirname, '../../../..');

/** Gives the careful reader's value, or leaves it to that one. */
function check(text: string): void {
  const fast = fastValue(text);
  if (fast === undefined) return;
  const slow = readDocument(text);
  assert.deepEqual(slow.syntax, [], text);
  assert.deepEqual(slow.duplicates, [], text);
  assert.deepEqual(fast.value ?? null, slow.value ?? null, text);
}

describe('the fast reader', () => {
  it('reads the samples as the careful reader does', () => {
    const files = globSync('samples/**/*.{yaml,yml}', { cwd: root });
    const texts = files.flatMap((file) => splitDocuments(readFileSync(join(root, file), 'utf8')).map(({ text }) => text));
    for (const text of texts) check(text);
    const read = texts.filter((text) => fastValue(text) !== undefined).length;
    assert.ok(read > 100 && read > texts.length * 0.8, `${read} of ${texts.length}`);
  });
  for (const value of [
    '0644 0o17 017 0x1F 0b101 1_000 +1 -0 1.5 1e3 .5 1. 1.2.3 22:22 2001-01-01 .inf .nan 12e03 08 09',
    'yes No on OFF y n Y N true TRUE tRue null NULL Null ~ nil',
    '"0644" \'yes\' "a\\nb" "\\u0041"',
  ].flatMap((line) => line.split(' '))) {
    it(`reads ${value}`, () => {
      assert.ok(fastValue(`a: ${value}\n`));
      check(`a: ${value}\nb: [${value}, {c: ${value}}]\n`);
    });
  }
  for (const text of [
    '',
    '---\n',
    '# only a comment\n',
    '--- # head\na: 1\n',
    '{"json": [1, "two", null, {"a": false}]}',
    'a: |\n  one\n\n  two\nb: >-\n  folded\n  text\nc: |+\n  keep\n\n',
    'a: "x: y"\nb: x:y\nc: a # comment\nd: a#b\n',
    'a:\n- 1\n- b: 2\n  c: 3\n',
    '? a\n: b\n',
    'a: 1\na: 2\n',
    'a: &x 1\nb: *x\n',
    'a: [1, 2\n',
    'a:\n\tb: 1\n',
    'a: b: c\n',
    '1: a\ntrue: b\n',
    '- a\n- b\n',
    'plain\n',
    'a: "unfinished\n',
    '__proto__: {a: 1}\n',
    'a: !!str 1\n',
    'a: @x\n',
    'a: `x`\n',
    'a: %x\n',
    'k: {a: 1, b}\n',
    'a:\r\n  b: 1\r\n',
    '\uFEFFa: 1\n',
  ]) {
    it(`agrees on ${JSON.stringify(text)}`, () => check(text));
  }
});
