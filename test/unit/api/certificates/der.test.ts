import assert from 'node:assert/strict';
import { signedStructureProblem } from '../../../../src/api/certificates/der.ts';

describe('signedStructureProblem', () => {
  const parameters =
    '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}';
  const cases: readonly (readonly [bytes: string, problem: string | undefined])[] = [
    ['\x30\x07\x30\x00\x30\x00\x03\x01\x00', undefined],
    ['', 'asn1: syntax error: sequence truncated'],
    ['\x30', 'asn1: syntax error: truncated tag or length'],
    ['\x30\x05\x30\x00', 'asn1: syntax error: data truncated'],
    ['\x30\x00\x00', 'asn1: syntax error: trailing data'],
    ['\x30\x02\x30\x00', 'asn1: syntax error: sequence truncated'],
    ['\x30\x80', 'asn1: syntax error: indefinite length found (not DER)'],
    ['\x30\x81\x01\x00', 'asn1: structure error: non-minimal length'],
    ['\x30\x82\x00\x80', 'asn1: structure error: superfluous leading zeros in length'],
    [
      'hello',
      `asn1: structure error: tags don't match (16 vs {class:1 tag:8 length:101 isCompound:true}) ${parameters} certificateRequest @2`,
    ],
  ];
  for (const [bytes, problem] of cases)
    it(`says of ${JSON.stringify(bytes)}: ${problem ?? 'nothing'}`, () =>
      assert.equal(signedStructureProblem(bytes, 'certificateRequest'), problem));
});
