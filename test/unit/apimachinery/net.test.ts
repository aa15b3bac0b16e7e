import assert from 'node:assert/strict';
import { errorText } from '../../../src/apimachinery/field/error.ts';
import { Path } from '../../../src/apimachinery/field/path.ts';
import { familyOf, formatIP, parseIP } from '../../../src/apimachinery/net/ip.ts';
import { cidrWarnings, ipWarnings, validateCIDR, validateIP, validateNonSpecialIP } from '../../../src/apimachinery/net/validation.ts';

const AT = Path.of('f');

describe('parseIP', () => {
  const usual: readonly (readonly [text: string, printed: string])[] = [
    ['010.0.0.1', '10.0.0.1'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:DB8:0:0:0:0:0:5', '2001:db8::5'],
    ['::', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ];
  for (const [text, printed] of usual) {
    it(`reads ${text}`, () => {
      const ip = parseIP(text);
      assert.ok(ip);
      assert.equal(formatIP(ip.family, ip.value), printed);
    });
  }
  for (const text of ['', '1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', '1::2::3', '1:2:3:4:5:6:7', ':::', '12345::', '1.2.3.4::']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseIP(text), undefined));
  }
  it('counts mapped addresses as IPv4', () => assert.equal(familyOf('::ffff:1.2.3.4'), 'IPv4'));
});

describe('texts about addresses', () => {
  const errors: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['ip', ['x', ''], ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['ip', ['010.0.0.1'], ['must not have leading 0s']],
    ['ip', ['::ffff:1.2.3.4'], ['must not be an IPv4-mapped IPv6 address']],
    ['ip', ['10.0.0.1', '::1'], []],
    ['cidr', ['10.0.0.0', '10.0.0.0/33', 'x/y'], ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['cidr', ['010.0.0.0/8', '10.0.0.0/08'], ['must not have leading 0s in IP or prefix length']],
    ['cidr', ['10.0.0.1/8'], ['must not have bits set beyond the prefix length']],
    ['cidr', ['10.0.0.0/8', '2001:db8::/64', '0.0.0.0/0'], []],
    ['special', ['0.0.0.0'], ['may not be unspecified (0.0.0.0)']],
    ['special', ['127.0.0.1', '::1'], ['may not be in the loopback range (127.0.0.0/8, ::1/128)']],
    ['special', ['169.254.1.1', 'fe80::1'], ['may not be in the link-local range (169.254.0.0/16, fe80::/10)']],
    ['special', ['224.0.0.1', 'ff02::1'], ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)']],
    ['special', ['224.0.1.1', '10.0.0.1'], []],
  ];
  const rules = { ip: validateIP, cidr: validateCIDR, special: validateNonSpecialIP } as const;
  for (const [rule, texts, expected] of errors) {
    for (const text of texts) {
      it(`${rule} ${JSON.stringify(text)}`, () => {
        const found = rules[rule as keyof typeof rules](AT, text).map(errorText);
        assert.deepEqual(
          found,
          expected.map((detail) => `f: Invalid value: ${JSON.stringify(text)}: ${detail}`),
        );
      });
    }
  }
  it('lets an odd address stay that was stored before', () => assert.deepEqual(validateIP(AT, '010.0.0.1', ['010.0.0.1']), []));
  it('warns of what is accepted but unusual', () => {
    assert.deepEqual(ipWarnings(AT, '2001:DB8::5'), [
      'f: IPv6 address "2001:DB8::5" should be in RFC 5952 canonical format ("2001:db8::5")',
    ]);
    assert.deepEqual(ipWarnings(AT, '10.0.0.1'), []);
    assert.deepEqual(cidrWarnings(AT, '10.0.0.1/8'), [
      'f: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
    ]);
  });
});
