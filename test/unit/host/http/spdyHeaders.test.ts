import assert from 'node:assert/strict';
import { DICTIONARY, HeaderReader, HeaderWriter } from '../../../../src/host/http/streams/spdyHeaders.ts';

describe('header blocks of SPDY', () => {
  it('have the dictionary of the protocol', () => {
    assert.equal(DICTIONARY.length, 1423);
  });

  it('are read as they were written, one after the other', async () => {
    const writer = new HeaderWriter();
    const reader = new HeaderReader();
    for (const headers of [{ streamtype: 'error', port: '80', requestid: '0' }, {}, { streamtype: 'data' }]) {
      assert.deepEqual(await reader.read(writer.write(headers)), headers);
    }
    reader.dispose();
  });

  it('are refused when they are none', async () => {
    const reader = new HeaderReader();
    assert.equal(await reader.read(Buffer.from('not compressed')), undefined);
    reader.dispose();
  });
});
