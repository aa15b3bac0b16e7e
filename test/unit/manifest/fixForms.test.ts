import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';
import { Documents } from '../../../src/manifest/documents.ts';
import { fixAll } from '../../../src/manifest/fixAll.ts';
import type { TextEdit } from '../../../src/manifest/model.ts';
import { judge, replace } from './check.ts';

/** An object with faults, and the values at some places that the preferred fixes lead to. */
const OBJECTS: readonly (readonly [what: string, object: object, mended: object])[] = [
  [
    'a wrong key and wrong values',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { dnsPolicy: 'Defualt', containers: [{ name: 'a', imge: 'nginx', imagePullPolicy: 'Alwys' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { dnsPolicy: 'Default', containers: [{ name: 'a', image: 'nginx', imagePullPolicy: 'Always' }] },
    },
  ],
  [
    'one item of a list',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'a' },
      spec: { accessModes: ['ReadWriteMany', 'ReadWriteOnc'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'a' },
      spec: { accessModes: ['ReadWriteMany', 'ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
  [
    'a kind',
    { apiVersion: 'v1', kind: 'ConfigMp', metadata: { name: 'a' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
  ],
  [
    'a version that is missing',
    { kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'b' }] } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'b' }] } },
  ],
];

const FORMS: readonly (readonly [form: string, write: (object: object) => string, read: (text: string) => unknown])[] = [
  ['YAML', (object) => stringify(object), parse],
  ['YAML in double quotes', (object) => stringify(object, { defaultStringType: 'QUOTE_DOUBLE' }), parse],
  ['YAML in single quotes', (object) => stringify(object, { defaultStringType: 'QUOTE_SINGLE' }), parse],
  ['YAML in brackets', (object) => stringify(object, { collectionStyle: 'flow' }), parse],
  ['JSON', (object) => JSON.stringify(object, null, 2), (text) => JSON.parse(text) as unknown],
  ['JSON on a line', (object) => JSON.stringify(object), (text) => JSON.parse(text) as unknown],
];

/** From the last to the first, so that the places of the others hold. */
function edited(text: string, edits: readonly TextEdit[]): string {
  const last = edits.toSorted((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character);
  return last.reduce((result, { range, newText }) => replace(result, range, newText), text);
}

describe('fixes keep the form of the text', () => {
  for (const [what, object, mended] of OBJECTS)
    for (const [form, write, read] of FORMS)
      it(`${what}, in ${form}`, () => {
        const documents = new Documents(judge);
        const text = write(object);
        documents.change('file:///a.yaml', text);
        const diagnostics = documents.diagnostics('file:///a.yaml')?.diagnostics ?? [];
        for (const { edits } of diagnostics.flatMap(({ fixes }) => fixes)) assert.doesNotThrow(() => read(edited(text, edits)));
        assert.deepEqual(read(edited(text, fixAll(diagnostics))), mended);
      });
});
