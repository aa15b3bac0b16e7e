import assert from 'node:assert/strict';
import { checkDiagnostics, fixed } from '../check.ts';

describe('a text that is no YAML', () => {
  for (const [what, marked] of [
    [
      'a line that is indented below a value',
      'a: 1\nreplicas: 2\n   selector:\n#  ^^^^^^^^ Syntax: mapping values are not allowed in this context: the line is indented below a key that has a value already\n    app: web\n',
    ],
    [
      'a colon within a text',
      'image: nginx: 1.29 # latest\n#      ^^^^^^^^^^^ Syntax: mapping values are not allowed in this context: a text with a colon and a space in it needs quotes\n',
    ],
    ['tabs', 'spec:\n\tcontainers:\n^ Syntax: found a tab where the text is indented: YAML takes spaces only\n\t- name: a\n\t  image: n\n'],
    [
      'tabs below a list',
      'spec:\n  containers:\n\t- name: a\n^ Syntax: found a tab where the text is indented: YAML takes spaces only\n\t  image: n\n',
    ],
    [
      'a key among the items of a list',
      "env:\n  - name: P\n    value: a\n  PATH: /bin\n# ^^^^ Syntax: did not find expected '-' indicator: the items of a list begin with '-' at the same column\nports: 1\n",
    ],
    [
      'a key at a column of its own',
      'a:\n    b: 1\n   c: 2\n#  ^ Syntax: did not find expected key: the keys of a map begin at the same column\n',
    ],
    ['an item after a key', 'a: 1\n- b\n^ Syntax: did not find expected key: the keys of a map begin at the same column\n'],
    [
      'a word that becomes a key',
      "spec:\n  a: 1\n  res\n# ^^^ Syntax: could not find expected ':': a key is followed by a colon\n  b: 2\n",
    ],
    [
      'a key without a space after its colon',
      "key:value\n^^^^^^^^^ Syntax: could not find expected ':': a space belongs after the colon\nb: 1\n",
    ],
    ['a quote that is not closed', 'a: 1\nb: "x\n#  ^^ Syntax: the text has no closing "\nc: 1\n'],
    ['a list that is not closed', "a: [1, 2\nb: 1\n^ Syntax: did not find expected ',' or ']'\n"],
    ['an alias of another document', "c: d\ne: *l\n#  ^^ Syntax: unknown anchor 'l' referenced\n"],
  ] as const)
    it(`has one problem, where it begins: ${what}`, () => checkDiagnostics(`apiVersion: example.com/v1\nkind: Thing\n${marked}`));

  for (const [title, before, after] of [
    ['Indent by spaces', 'kind: Pod\nspec:\n\ta:\n\t- b: 1\n\t\tc: |\n', 'kind: Pod\nspec:\n  a:\n  - b: 1\n    c: |\n'],
    ['Indent like the line above', 'kind: Pod\nspec:\n  a: 1\n    b:\n      c: 2\n', 'kind: Pod\nspec:\n  a: 1\n  b:\n      c: 2\n'],
    ['Put it in quotes', 'kind: Pod\nargs: a: b # c\n', 'kind: Pod\nargs: "a: b" # c\n'],
    ['Insert a space', 'kind: Pod\nspec:\n  - name:web\n    b: 1\n', 'kind: Pod\nspec:\n  - name: web\n    b: 1\n'],
  ] as const)
    it(`is mended: ${title}`, () => assert.equal(fixed(before, title), after));
});
