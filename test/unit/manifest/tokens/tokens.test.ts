import assert from 'node:assert/strict';
import { Documents } from '../../../../src/manifest/documents.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { encoded, TOKEN_TYPES } from '../../../../src/manifest/tokens/token.ts';
import { Tokens } from '../../../../src/manifest/tokens/tokens.ts';
import { judge } from '../check.ts';

function tokensOf(text: string, from?: number, to?: number) {
  const documents = new Documents(judge);
  const index = new WorkspaceIndex();
  documents.change('a.yaml', text);
  index.change('a.yaml', text);
  const range =
    from === undefined || to === undefined ? undefined : { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
  const world = { index, cluster: undefined, namespace: 'default' };
  return new Tokens().of(judge, documents.entries('a.yaml'), index.of('a.yaml'), world, range);
}

/** Each token with its text: `type Pod`. */
function words(text: string): readonly string[] {
  const lines = text.split('\n');
  return tokensOf(text).map(({ line, character, length, type }) => `${type} ${lines[line]?.slice(character, character + length)}`);
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n';
const POLICY = 'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: a}\nspec:\n  validations:\n';

describe('semantic tokens', () => {
  for (const [what, text, expected] of [
    ['a kind that is known, and values that are allowed', `${POD}  restartPolicy: "Never"\n`, ['type Pod', 'enumMember Never']],
    ['nothing of what is wrong', `${POD}  restartPolicy: never\n  unknown: Never\n`, ['type Pod']],
    ['nothing of a kind that nobody knows', 'apiVersion: a/v1\nkind: B\nspec: {restartPolicy: Never}\n', []],
    [
      'quantities that can be read',
      `${POD}  containers:\n    - resources:\n        limits: {cpu: 500m, memory: 128MI}\n        requests: {memory: '64Mi'}\n`,
      ['type Pod', 'number 500m', 'number 64Mi'],
    ],
    [
      'percentages, and no names of ports',
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec:\n  minAvailable: 50%\n---\napiVersion: v1\nkind: Service\nspec:\n  ports:\n    - targetPort: http\n      protocol: TCP\n',
      ['type PodDisruptionBudget', 'number 50%', 'type Service', 'enumMember TCP'],
    ],
    [
      'the parts of a schedule',
      'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: "*/5 1-3 * * mon"\n',
      ['type CronJob', 'number */5', 'number 1-3', 'number *', 'number *', 'number mon'],
    ],
    ['the name of a schedule', 'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: "@daily"\n', ['type CronJob', 'macro @daily']],
    [
      'lengths of time',
      'apiVersion: kubepad.dev/v1\nkind: Fault\nspec:\n  type: SlowStart\n  duration: 1h30m\n  after: soon\n',
      ['type Fault', 'enumMember SlowStart', 'number 1h30m'],
    ],
    ['nothing of a schedule that cannot be', 'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: "* * *"\n', ['type CronJob']],
    [
      'names that lead to an object, and no others',
      `${POD}  volumes:\n    - configMap: {name: here}\n    - configMap: {name: away}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\n`,
      ['type Pod', 'variable here', 'type ConfigMap'],
    ],
    [
      'an expression',
      `${POLICY}    - expression: object.spec.replicas <= 5 || 'x' in [true]\n`,
      [
        'type ValidatingAdmissionPolicy',
        'variable object',
        'property spec',
        'property replicas',
        'operator <=',
        'number 5',
        'operator ||',
        "string 'x'",
        'keyword in',
        'keyword true',
      ],
    ],
    [
      'an expression in quotes with escapes, and a macro',
      `${POLICY}    - expression: "has(object.a)\\u0020&& \\"b\\" == 'c'"\n`,
      [
        'type ValidatingAdmissionPolicy',
        'function has',
        'variable object',
        'property a',
        'operator &&',
        'string \\"b\\"',
        'operator ==',
        "string 'c'",
      ],
    ],
    [
      'an expression over several lines',
      `${POLICY}    - expression: |\n        object.a\n          .all(x, x > 1)\n`,
      [
        'type ValidatingAdmissionPolicy',
        'variable object',
        'property a',
        'function all',
        'variable x',
        'variable x',
        'operator >',
        'number 1',
      ],
    ],
    ['an expression that is not finished', `${POLICY}    - expression: object.\n`, ['type ValidatingAdmissionPolicy', 'variable object']],
  ] as const) {
    it(`name ${what}`, () => assert.deepEqual(words(text), expected));
  }

  it('are at their places with line breaks of Windows', () =>
    assert.deepEqual(words(`${POLICY}    - expression: |\n        object.a ==\n        'b'\n`.replaceAll('\n', '\r\n')).slice(1), [
      'variable object',
      'property a',
      'operator ==',
      "string 'b'",
    ]));

  it('are those of the documents in a range', () => {
    const text = `${POD}---\n${POD}---\n${POD}`;
    assert.deepEqual(
      tokensOf(text, 5, 7).map(({ line }) => line),
      [6],
    );
    assert.equal(tokensOf(text).length, 3);
  });

  it('are told one after the other', () => {
    const number = TOKEN_TYPES.indexOf('number');
    const place = { length: 2, type: 'number' } as const;
    assert.deepEqual(
      encoded([
        { ...place, line: 1, character: 4 },
        { ...place, line: 1, character: 9 },
        { ...place, line: 3, character: 1 },
      ]),
      [1, 4, 2, number, 0, 0, 5, 2, number, 0, 2, 1, 2, number, 0],
    );
  });
});
