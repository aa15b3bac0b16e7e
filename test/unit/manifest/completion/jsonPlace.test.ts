import assert from 'node:assert/strict';
import { completions, cursorOf } from '../check.ts';

/** The text after a completion, its places to fill in empty. */
function completed(marked: string, label: string): string {
  const found = completions(marked).find((each) => each.label === label);
  assert.ok(
    found,
    `${label} among ${completions(marked)
      .map((each) => each.label)
      .join(', ')}`,
  );
  const lines = cursorOf(marked).text.split('\n');
  const { start, end } = found.range;
  assert.equal(start.line, end.line);
  const line = lines[start.line] ?? '';
  lines[start.line] = line.slice(0, start.character) + found.insertText.replace('$0', '|') + line.slice(end.character);
  return lines.join('\n');
}

const pod = (spec: string): string => `{"apiVersion": "v1", "kind": "Pod", "spec": {${spec}}}`;

describe('completion in JSON', () => {
  const cases: readonly (readonly [what: string, marked: string, label: string, expected: string])[] = [
    ['a name in quotes', pod('"resta|"'), 'restartPolicy', pod('"restartPolicy": |')],
    ['a name whose quote is open', pod('"resta|'), 'restartPolicy', pod('"restartPolicy": |')],
    ['a name without quotes', pod('|'), 'restartPolicy', pod('"restartPolicy": |')],
    ['a name that has its value', pod('"resta|": "Never"'), 'restartPolicy', pod('"restartPolicy": "Never"')],
    ['a name before others', pod('\n  |\n  "containers": []\n'), 'restartPolicy', pod('\n  "restartPolicy": |\n  "containers": []\n')],
    ['a value in quotes', pod('"restartPolicy": "Nev|"'), 'Never', pod('"restartPolicy": "Never"')],
    ['a value without quotes', pod('"restartPolicy": |'), 'Never', pod('"restartPolicy": "Never"')],
    ['a value that is no text', pod('"hostNetwork": |'), 'true', pod('"hostNetwork": true')],
    ['within a list', pod('"containers": [{"imagePul|"}]'), 'imagePullPolicy', pod('"containers": [{"imagePullPolicy": |}]')],
    ['a kind', '{\n  "apiVersion": "v1",\n  "kind": "|"\n}', 'Pod', '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}'],
    ['the head', '{|}', 'apiVersion', '{"apiVersion": |}'],
  ];
  for (const [what, marked, label, expected] of cases) it(`gives ${what}`, () => assert.equal(completed(marked, label), expected));

  it('gives nothing within other texts', () => {
    assert.deepEqual(completions(pod('"hostname": "a b|"')), []);
    assert.deepEqual(completions('{"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "{\\"b|"}}'), []);
  });

  it('gives no skeletons of YAML', () => assert.ok(completions('{|}').every(({ insertText }) => !insertText.includes('\n'))));
});
