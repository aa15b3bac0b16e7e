import assert from 'node:assert/strict';
import { ENTER_RULES } from '../../../src/extension/language/enterPatterns.ts';

/** Where the cursor stands after Enter at the end of a line, with two blanks a step. */
function columnAfter(line: string): number {
  const rule = ENTER_RULES.find(({ before }) => before.test(line));
  return line.search(/\S|$/) + (rule?.indents === true ? 2 : 0) + (rule?.blanks.length ?? 0);
}

describe('Enter in YAML', () => {
  for (const [line, column] of [
    ['spec:', 2],
    ['  template:', 4],
    ['  template: ', 4],
    ['  template: # as it is', 4],
    ['  "quoted key":', 4],
    ['  app.kubernetes.io/name:', 4],
    ['  base: &base', 4],
    ['  script: |', 4],
    ['  script: >-', 4],
    ['  script: |2 # lines', 4],
    ['    - name: web', 6],
    ['    - name: "web"', 6],
    ['    - configMap:', 8],
    ['    -   name: web', 6],
    ['    - |', 6],
    // What is whole goes on where it began.
    ['', 0],
    ['  name: web', 2],
    ['    - get', 4],
    ['    - http://example.com', 4],
    ['  image: nginx:', 2],
    ['  # a comment:', 2],
    ['  echo now:', 2],
    ['  labels: {app: web}', 2],
    ['---', 0],
  ] as const) {
    it(`${JSON.stringify(line)}: column ${column}`, () => assert.equal(columnAfter(line), column));
  }
});
