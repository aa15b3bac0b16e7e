import assert from 'node:assert/strict';
import { MAX_DEPTH, readJson } from '../../../src/apimachinery/scheme/jsonText.ts';
import { readYaml } from '../../../src/apimachinery/yaml/readYaml.ts';
import { decodeBody } from '../../../src/api/decodeBody.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('deeply nested bodies', () => {
  it('are read up to the limit', () => {
    assert.ok('value' in readJson(nested(MAX_DEPTH)));
    assert.deepEqual(readJson(nested(MAX_DEPTH + 1)), { error: 'exceeded max depth' });
  });

  for (const depth of [MAX_DEPTH - 2, MAX_DEPTH + 1, 100_000]) {
    for (const mediaType of ['application/json', 'application/yaml']) {
      it(`never throw: ${depth} levels of ${mediaType}`, () => {
        const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":${nested(depth)}}`;
        const decoded = decodeBody({ group: '', version: 'v1', kind: 'ConfigMap' }, body, mediaType, 'Strict');
        assert.equal(decoded.ok, false);
      });
    }
  }

  it('of aliases are no bomb', () => {
    const rows = ['a: &a [x]', ...[...'bcdefghij'].map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(10)}]`)];
    assert.ok('error' in readYaml(rows.join('\n')));
  });
});
