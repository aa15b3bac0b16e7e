import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import facts from '../../../../src/api/schema/facts/protobuf.json' with { type: 'json' };
import { decodeProtobuf } from '../../../../src/apimachinery/protobuf/decode.ts';

/** A field of wire type 2. */
const field = (number: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
};
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
const envelope = (apiVersion: string, kind: string, raw: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x6b, 0x38, 0x73, 0x00]), field(1, text(1, apiVersion), text(2, kind)), field(2, raw)]);

describe('protobuf bodies', () => {
  it('become what a JSON client would have sent', () => {
    const metadata = field(1, text(1, 'a'), text(2, ''), field(8));
    const data = field(2, text(1, 'k'), text(2, 'v'));
    const decoded = decodeProtobuf(facts, envelope('v1', 'ConfigMap', Buffer.concat([metadata, data])));
    assert.deepEqual(decoded, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      value: { metadata: { name: 'a', generateName: '', creationTimestamp: null }, data: { k: 'v' } },
    });
  });

  it('put the fields of embedded messages where JSON has them, and read quantities and numbers', () => {
    const container = field(2, text(1, 'c'), field(8, field(2, text(1, 'cpu'), field(2, text(1, '100m')))));
    const volume = field(1, text(1, 'v'), field(2, field(2, field(1))));
    const spec = field(2, volume, container, Buffer.from([(4 << 3) | 0, 30]));
    const decoded = decodeProtobuf(facts, envelope('v1', 'Pod', spec));
    assert.deepEqual(decoded?.value['spec'], {
      volumes: [{ name: 'v', emptyDir: { medium: '' } }],
      containers: [{ name: 'c', resources: { requests: { cpu: '100m' } } }],
      terminationGracePeriodSeconds: 30,
    });
  });

  it('are refused if they are no objects', () => {
    assert.equal(decodeProtobuf(facts, Buffer.from('{}')), undefined);
    assert.equal(decodeProtobuf(facts, envelope('v1', 'Gadget', Buffer.alloc(0))), undefined);
    assert.equal(decodeProtobuf(facts, envelope('v1', 'Pod', Buffer.from([0x0a, 0x7f]))), undefined);
  });
});
