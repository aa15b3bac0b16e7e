import assert from 'node:assert/strict';
import { acceptedObjects, createFuzzEditor, falseErrors, fuzzEditor } from '../../../fuzz/editor.ts';
import { YAML_STYLES } from '../../../fuzz/yamlStyles.ts';

/** One of so many, as there are thousands: `npm run fuzz:editor` takes all. */
const STRIDE = 16;

describe('the language service', () => {
  const objects = acceptedObjects().filter((_object, index) => index % STRIDE === 0);

  it('shows no error in what the API server accepts, in whatever style it is written', () => {
    assert.ok(objects.length > 100, `only ${objects.length} objects`);
    assert.deepEqual(falseErrors(createFuzzEditor(), objects).slice(0, 20), []);
  }).timeout(120_000);

  it('shows an error in what the API server refuses, in whatever style it is written', () => {
    const wrong = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Upper', labels: { a: 'b', c: 'b' } }, data: { a: 'no' } };
    assert.equal(falseErrors(createFuzzEditor(), [['wrong', wrong]]).length, Object.keys(YAML_STYLES).length);
  });

  it('never throws, stalls or points outside the text, whatever is typed', () => {
    assert.deepEqual(fuzzEditor(createFuzzEditor(), objects, { edits: 5, seed: 36 }).slice(0, 3), []);
  }).timeout(120_000);
});
