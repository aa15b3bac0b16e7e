import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { sha256 } from '../../../src/base/sha256.ts';

describe('sha256', () => {
  for (const text of ['', 'abc', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'ä€😀'.repeat(1000)]) {
    it(`is Node's for ${text.length} characters`, () => assert.equal(sha256(text), createHash('sha256').update(text).digest('hex')));
  }
});
