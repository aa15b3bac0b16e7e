import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ignoredBy } from '../../../src/image/context/dockerignore.ts';
import { expandText, expandWords } from '../../../src/image/dockerfile/expand.ts';
import { parseDockerfile } from '../../../src/image/dockerfile/parse.ts';
import { builder } from './support.ts';

const VARIABLES: Readonly<Record<string, string>> = { A: 'abc', P: '/a/b.tar.gz', W: 'x y', EMPTY: '' };
const variables = (name: string): string | undefined => VARIABLES[name];

describe('variables and quotes in a Dockerfile', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['$A ${A}d', 'abc abcd'],
    ['\'$A\' "$A"', '$A abc'],
    ['\\$A \\"', '$A "'],
    ['$1$-', '$-'],
    ['${N:-d} ${EMPTY:-d} ${EMPTY-d} ${N-d}', 'd d  d'],
    ['${A:+d} ${N:+d} ${EMPTY+d}', 'd  d'],
    ['${N:-${A}x}', 'abcx'],
    ['${P#*/} ${P##*/} ${P%.*} ${P%%.*}', 'a/b.tar.gz b.tar.gz /a/b.tar /a/b'],
    ['${A/b/X} ${P//a/X}', 'aXc /X/b.tXr.gz'],
    ['"a\\"b\\c"', 'a"b\\c'],
  ];
  for (const [text, expected] of cases) it(text, () => assert.equal(expandText(text, variables), expected));

  it('make words of what is not quoted', () => {
    assert.deepEqual(expandWords('a $W "$W" \'\' b\\ c', variables), ['a', 'x', 'y', 'x y', '', 'b c']);
  });

  const errors: readonly (readonly [string, string])[] = [
    ['"a', 'failed to process "\\"a": unexpected end of statement while looking for matching double-quote'.replace('\\', '')],
    ['${A', 'failed to process "${A": syntax error: missing }'],
    ['${}', 'failed to process "${}": syntax error: empty variable name in substitution'],
    ['${N:?no N}', 'failed to process "${N:?no N}": N: no N'],
  ];
  for (const [text, error] of errors) it(`${text} is an error`, () => assert.deepEqual(expandText(text, variables), { error }));
});

describe('.dockerignore', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['node_modules', ['node_modules', 'node_modules/a/b'], ['src/node_modules', 'node_modules2']],
    ['**/node_modules', ['node_modules/a', 'src/node_modules/a'], ['src/a']],
    ['*.md\n!README.md', ['a.md'], ['README.md', 'docs/a.md']],
    ['# c\n/build/\n\n', ['build/a'], ['src/build/a']],
    ['docs\n!docs/a.txt', ['docs/b.txt'], ['docs/a.txt']],
    ['a?c\n[x-z]1', ['abc', 'y1'], ['abbc', 'a1']],
    ['**/*.log', ['a.log', 'x/y/b.log'], ['a.logs']],
    ['*\n!src', ['a', 'b/c'], ['src', 'src/a']],
    ['[z-a]', [], ['a']],
  ];
  for (const [text, ignored, kept] of cases) {
    it(JSON.stringify(text), () => {
      const test = ignoredBy(text);
      assert.deepEqual([ignored.map(test), kept.map(test)], [ignored.map(() => true), kept.map(() => false)]);
    });
  }
});

describe('a Dockerfile', () => {
  it('is joined over lines and comments', () => {
    const parsed = parseDockerfile('FROM a\nRUN one && \\\n  # why\n\n  two \\\n  three\n');
    assert.ok(!('message' in parsed));
    const [run] = parsed.stages[0]?.instructions ?? [];
    assert.deepEqual([run?.args, run?.line, run?.endLine], ['one &&   two   three', 2, 6]);
  });

  it('may have another escape character', () => {
    const parsed = parseDockerfile('# escape=`\nFROM a\nRUN dir C:\\ `\n  x\n');
    assert.ok(!('message' in parsed));
    assert.equal(parsed.stages[0]?.instructions[0]?.args, 'dir C:\\   x');
  });

  it('never throws, whatever is in it', () => {
    const word = fc.constantFrom(
      'FROM',
      'COPY',
      'RUN',
      'ENV',
      'alpine',
      '--from=0',
      '<<E',
      'E',
      '[',
      '"a"',
      ']',
      '$A',
      '${',
      '\\',
      '\n',
      ' ',
      '#',
      'AS',
      '=',
      '*',
      "'",
      'ARG A',
      '/d/',
      'HEALTHCHECK',
      'CMD',
      'ONBUILD',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const { content, problem } = builder().build(words.join(' '), { a: 'x' });
        assert.equal((content === undefined) !== (problem === undefined), true);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
