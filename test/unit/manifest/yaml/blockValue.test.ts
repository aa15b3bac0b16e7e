import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { blockValue } from '../../../../src/manifest/yaml/blockValue.ts';
import { readDocument } from '../../../../src/manifest/yaml/document.ts';
import { generalValue } from '../../../../src/manifest/yaml/fastValue.ts';
import { splitDocuments } from '../../../../src/manifest/yaml/split.ts';

const root = join(import.meta.dirname, '../../../..');

/** What it reads, the general reader reads the same; what that one leaves to the careful reader, the careful one does. */
function check(text: string): boolean {
  const plain = blockValue(text);
  if (plain === undefined) return false;
  const general = generalValue(text);
  if (general !== undefined) assert.deepStrictEqual(plain, general.value, JSON.stringify(text));
  else {
    const careful = readDocument(text);
    assert.deepEqual([careful.syntax, careful.duplicates], [[], []], JSON.stringify(text));
    assert.deepEqual(plain, careful.value, JSON.stringify(text));
  }
  return true;
}

const SCALARS = [
  ...[
    'web',
    'nginx:1.27',
    '100m',
    '128Mi',
    '80',
    '0644',
    '-1',
    '1.5',
    '1e3',
    '.5',
    '1.',
    '+7',
    '0x1F',
    '1_000',
    '1_',
    '0xF',
    'yes',
    'NO',
    'null',
    '~',
  ],
  ...[
    '"80"',
    "'yes'",
    '""',
    "'it''s'",
    '"a\\nb"',
    '"a: b # c"',
    'two words',
    'a # comment',
    'a#b',
    'a:b',
    'http://x/y?z=1',
    '-',
    '--',
    '---',
  ],
  ...[
    '--flag',
    '- a',
    '?',
    ':x',
    '*x',
    '&x',
    '!x',
    '@x',
    '$(A)',
    '{}',
    '[]',
    '[a, "b", 3]',
    '[ a , b]',
    '[a,b]',
    '[a, [b, {c: 1}]]',
    '[',
    '',
  ],
  ...[
    '{a: 1, b: [x]}',
    '{a: 1, a: 2}',
    '{a: }',
    '{on: 1}',
    '{"a": 1}',
    '#x',
    'é',
    '\u00a0',
    '\t',
    '...',
    '.inf',
    '<',
    '>',
    '|x',
    '%x',
    '`x`',
  ],
];
const KEYS = ['name', 'a', 'b-c', 'app.kubernetes.io/name', 'on', 'Y', 'null', 'toString', '__proto__', '"q"', '1', '<<', 'x y', 'é', '_'];
const key = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') }, fc.constantFrom(...KEYS));
const scalar = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SCALARS.slice(0, 22)) }, fc.constantFrom(...SCALARS));
const gap = fc.constantFrom(' ', ' ', ' ', '  ', '');
const noise = fc.constantFrom('', '', '', '', '\n', '# comment\n', '  # indented\n', '   \n');

/** Lines of a map in a column. */
const { block } = fc.letrec<{ block: readonly string[]; entry: readonly string[]; list: readonly string[]; literal: readonly string[] }>(
  (tie) => ({
    block: fc.array(tie('entry'), { minLength: 1, maxLength: 3, depthIdentifier: 'yaml' }).map((entries) => entries.flat()),
    entry: fc.oneof(
      { depthIdentifier: 'yaml', maxDepth: 4 },
      fc.tuple(key, gap, scalar).map(([name, space, value]) => [`${name}:${space}${value}`]),
      fc.tuple(key, tie('block')).map(([name, lines]) => [`${name}:`, ...indented(lines, 2)]),
      fc
        .tuple(key, fc.constantFrom(0, 2), tie('list'), fc.constantFrom('', ' ', ' # c'))
        .map(([name, by, lines, rest]) => [`${name}:${rest}`, ...indented(lines, by)]),
      fc
        .tuple(key, fc.constantFrom('|', '|-', '|+', '>', '|2'), fc.constantFrom(0, 1, 2, 4), tie('literal'))
        .map(([name, mark, by, lines]) => [`${name}: ${mark}`, ...indented(lines, by)]),
    ),
    list: fc
      .array(
        fc.oneof(
          { depthIdentifier: 'yaml', maxDepth: 4 },
          scalar.map((value) => [`- ${value}`]),
          fc.tuple(tie('block'), fc.constantFrom(1, 3)).map(([lines, spaces]) => item(lines, spaces)),
          tie('list').map((lines) => item(lines, 1)),
        ),
        { minLength: 1, maxLength: 3, depthIdentifier: 'yaml' },
      )
      .map((items) => items.flat()),
    literal: fc.array(fc.constantFrom('line', '  more', '# no comment', '', 'a: b', '- c', ' ', '---'), { minLength: 0, maxLength: 4 }),
  }),
);

function indented(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`));
}

function item(lines: readonly string[], spaces: number): readonly string[] {
  const [first = '', ...rest] = lines;
  return [`-${' '.repeat(spaces)}${first}`, ...indented(rest, spaces + 1)];
}

describe('the reader of plain blocks', () => {
  it('reads all of a usual manifest', () => {
    const text = `---
# A comment
apiVersion: apps/v1
metadata:
  name: web # and another
  labels: {app: web, tier: front}
spec:
  replicas: 3
  containers:
  - name: web
    args: ["--port", "80", -v]
    env:
      - name: MODE
        value: "on"

  - name: other
    script: |
      if true; then
        echo "a: b" # c
      fi

    last: |-
      end
  empty:
  none: {}
`;
    assert.deepStrictEqual(blockValue(text), {
      apiVersion: 'apps/v1',
      metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
      spec: {
        replicas: 3,
        containers: [
          { name: 'web', args: ['--port', '80', '-v'], env: [{ name: 'MODE', value: 'on' }] },
          { name: 'other', script: 'if true; then\n  echo "a: b" # c\nfi\n', last: 'end' },
        ],
        empty: null,
        none: {},
      },
    });
    assert.ok(check(text));
  });
  it('reads most of the samples, and all as the general reader does', () => {
    const texts = globSync('samples/**/*.{yaml,yml}', { cwd: root }).flatMap((file) =>
      splitDocuments(readFileSync(join(root, file), 'utf8')),
    );
    const read = texts.filter(({ text }) => check(text)).length;
    assert.ok(read > texts.length / 2, `${read} of ${texts.length}`);
  });
  it('agrees with the general reader on texts of all forms', () => {
    let read = 0;
    fc.assert(
      fc.property(block, fc.array(noise, { maxLength: 6 }), fc.boolean(), (lines, between, ends) => {
        const text = lines.map((line, n) => `${between[n] ?? ''}${line}`).join('\n');
        if (check(ends ? `${text}\n` : text)) read++;
      }),
      { numRuns: 2000 },
    );
    assert.ok(read > 100, `only ${read} were read`);
  });
  it('agrees with the general reader on manifests with a slip of the finger', () => {
    const manifest = readFileSync(join(root, 'test/bench/rows/deployment.yaml'), 'utf8');
    const slip = fc.constantFrom(
      ' ',
      '\n',
      ':',
      ': ',
      '-',
      '- ',
      '#',
      ' #',
      '"',
      "'",
      '[',
      '{',
      '|',
      '|\n',
      '&',
      '*',
      '~',
      '\t',
      '\r',
      '  ',
      ',',
      '0',
      '---\n',
    );
    fc.assert(
      fc.property(fc.nat(manifest.length), fc.nat(3), slip, (at, cut, sign) => {
        check(`${manifest.slice(0, at)}${sign}${manifest.slice(at + cut)}`);
      }),
      { numRuns: 2000 },
    );
  });
});
