import assert from 'node:assert/strict';
import { readDocument } from '../../../../src/manifest/yaml/document.ts';
import { checkDiagnostics } from '../check.ts';

function configMap(lines: readonly string[]): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  script: |\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

describe('a document', () => {
  it('may be full of brackets within its texts', () => {
    const lines = Array.from({ length: 150 }, (_, index) => `\techo "\\e[31m{ ${index}"`);
    const { syntax, value } = readDocument(configMap(lines));
    assert.deepEqual(syntax, []);
    assert.equal((value as { readonly data: { readonly script: string } }).data.script, `${lines.join('\n')}\n`);
  });

  for (const [what, text] of [
    ['brackets', '['.repeat(200_000)],
    ['braces', 'a: '.concat('{a: '.repeat(5_000))],
    ['dashes', `a:\n  ${'- '.repeat(50_000)}\n`],
    ['question marks', `a:\n  ${'? '.repeat(50_000)}\n`],
    ['a few blanks', Array.from({ length: 150 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
    ['blanks', Array.from({ length: 1_200 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
  ] as const)
    it(`that nests too deep by ${what} is refused with a reason`, () => {
      const { syntax, value } = readDocument(text);
      assert.match(syntax[0]?.message ?? '', /nests deeper than 100 levels/);
      assert.equal(value, undefined);
    });

  it('may say one thing as often as it likes', () => {
    const keys = Array.from({ length: 300 }, (_, index) => `  k${index}: *z\n`).join('');
    checkDiagnostics(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {z: &z x}}\ndata:\n${keys}`);
  });

  it('that multiplies itself is refused where it does', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata: {name: a}
a: &a [x, x, x, x, x, x, x, x, x, x]
^ UnknownField: unknown field "a"
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
^ UnknownField: unknown field "b"
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
#              ^^ Syntax: document contains excessive aliasing
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
`));

  it('says where an alias has no anchor', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: *gone
#     ^^^^^ Syntax: unknown anchor 'gone' referenced
`));

  it('says where something contains itself', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata: &m {name: a, labels: *m}
#                              ^^ Syntax: anchor 'm' value contains itself
`));

  it('says where something is merged that is no map', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {<<: 3}
#          ^ Syntax: map merge requires map or sequence of maps as the value
`));

  it('has bytes as the text that they are', () =>
    checkDiagnostics('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: !!binary aGVsbG8=, b: !!str 1}\n'));

  it('of broken syntax is no flood', () => {
    assert.equal(readDocument(`{"a": 1}${'{"b": 2}'.repeat(50)}`).syntax.length, 1);
  });
});
