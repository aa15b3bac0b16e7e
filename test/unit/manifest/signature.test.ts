import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { signatureAt, type Signature } from '../../../src/manifest/signature.ts';
import { cursorOf, judge } from './check.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n';
const CLAIM = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec:\n';

function signature(marked: string, typed?: string): Signature | undefined {
  const { text, position } = cursorOf(marked);
  const documents = new Documents(judge);
  documents.change('a.yaml', text);
  const documentation = {
    'io.k8s.api.core.v1.PodSpec': { containers: 'What runs.' },
    'io.k8s.api.core.v1.Container': { image: 'What it is.' },
  };
  return signatureAt(documents, 'a.yaml', position, documentation, typed);
}

/** The label as far as it matters, and the part that is active. */
function shown(marked: string, typed?: string): readonly [string, string] | undefined {
  const found = signature(marked, typed);
  const active = found?.parameters[found.active];
  return found === undefined
    ? undefined
    : [found.label.slice(0, found.label.indexOf(':')), found.label.slice(...(active?.label ?? [0, 0]))];
}

describe('the signature of a list', () => {
  it('names fields with their types, required ones first', () => {
    const { label = '', documentation, parameters = [] } = signature(`${POD}  containers:\n    - |\n`) ?? {};
    assert.match(label, /^containers: - name: string, args\?, command\?, env\?, /);
    assert.equal(documentation, 'What runs.\n\nItems are told apart by `name`: no two may have the same.');
    const image = parameters.find(({ label: [from, to] }) => label.slice(from, to) === 'image?');
    assert.equal(image?.documentation, '`string`\n\nWhat it is.');
  });

  it('has the types of all fields where they are few', () =>
    assert.match(
      signature('apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - |\n')?.label ?? '',
      /^ports: - port: integer, appProtocol\?: string, name\?: string, nodePort\?: integer, /,
    ));

  for (const [what, marked, expected, typed] of [
    ['after a dash', `${POD}  containers:\n    -|\n`, ['containers', 'name: string'], '-'],
    ['where the next dash would stand', `${POD}  containers:\n    |\n`, ['containers', 'name: string']],
    ['behind the key', `${POD}  containers: |\n`, ['containers', 'name: string']],
    ['at a field that is being typed', `${POD}  containers:\n    - name: a\n      image|: b\n`, ['containers', 'image?']],
    ['at the value of a field', `${POD}  containers:\n    - name: a\n      image: ngi|nx\n`, ['containers', 'image?']],
    ['with the first field that is missing', `${POD}  containers:\n    - name: a\n      args: []\n      |\n`, ['containers', 'command?']],
    [
      'deep within an item',
      `${POD}  containers:\n    - name: a\n      resources:\n        limits:\n          cpu: 1|\n`,
      ['containers', 'resources?'],
    ],
    ['of a list in an item', `${POD}  containers:\n    - name: a\n      ports:\n        - |\n`, ['ports', 'containerPort: integer']],
    ['of texts', `${POD}  containers:\n    - name: a\n      args:\n        - |\n`, ['args', 'string']],
    ['of allowed values', `${CLAIM}  accessModes:\n    - |\n`, ['accessModes', 'ReadOnlyMany']],
    ['at one of the allowed values', `${CLAIM}  accessModes:\n    - ReadWriteOnce|\n`, ['accessModes', 'ReadWriteOnce']],
    ['between brackets', `${CLAIM}  accessModes: [|]\n`, ['accessModes', 'ReadOnlyMany'], '['],
    ['behind a comma', `${POD}  containers: [{name: a,|}]\n`, ['containers', 'args?'], ','],
    ['in a second document', `${POD}---\n${CLAIM}  accessModes:\n    -|\n`, ['accessModes', 'ReadOnlyMany'], '-'],
  ] as const) {
    it(`stands ${what}`, () => assert.deepEqual(shown(marked, typed), expected));
  }

  it('says what a set and an atomic list are', () => {
    assert.match(
      signature('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  finalizers:\n    - |\n')?.documentation ?? '',
      /No value may stand twice/,
    );
    assert.match(signature(`${POD}  containers:\n    - args:\n        - |\n`)?.documentation ?? '', /replaces the list as a whole/);
  });

  for (const [what, marked, typed] of [
    ['at a dash within a word', `${POD}  hostname: my-|\n`, '-'],
    ['at a comma within a text', `${POD}  containers:\n    - name: a\n      args:\n        - "a,|"\n`, ','],
    ['outside of all lists', `${POD}  restartPolicy: |\n`],
    ['of a kind that nobody knows', 'apiVersion: a/v1\nkind: B\nspec:\n  - |\n'],
    ['in a text without an object', 'a:\n  - |\n'],
    ['where nothing is', '|'],
  ] as const) {
    it(`is silent ${what}`, () => assert.equal(signature(marked, typed), undefined));
  }
});
