import assert from 'node:assert/strict';
import { IPADDRESS_STRATEGY } from '../../../../src/api/networking/ipaddress/strategy.ts';
import { SERVICECIDR_STRATEGY } from '../../../../src/api/networking/servicecidr/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const PARENT = { group: 'a.b', resource: 'Services', namespace: 'ns', name: 'x' };

describe('IPAddress', () => {
  const names: readonly (readonly [name: string, problem: string | undefined])[] = [
    ['10.0.0.1', undefined],
    ['2001:db8::1', undefined],
    ['2001:DB8::1', 'must be in canonical form ("2001:db8::1")'],
    ['010.0.0.1', 'must not have leading 0s'],
    ['::ffff:1.2.3.4', 'must not be an IPv4-mapped IPv6 address'],
    ['x', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ];
  for (const [name, problem] of names) {
    it(`judges the name ${name}`, () => {
      const { errors } = judgeCreate(IPADDRESS_STRATEGY, { metadata: { name }, spec: { parentRef: PARENT } });
      assert.deepEqual(errors, problem === undefined ? [] : [`metadata.name: Invalid value: "${name}": ${problem}`]);
    });
  }
  it('has one parent for ever', () => {
    const metadata = { name: '10.0.0.1' };
    assert.deepEqual(judgeCreate(IPADDRESS_STRATEGY, { metadata, spec: {} }).errors, ['spec.parentRef: Required value']);
    const { errors, object } = judgeUpdate(
      IPADDRESS_STRATEGY,
      { metadata, spec: { parentRef: PARENT } },
      { 'spec/parentRef/namespace': 'a/b' },
    );
    assert.deepEqual(errors, [
      'spec.parentRef.namespace: Invalid value: "a/b": may not contain \'/\'',
      'spec.parentRef: Invalid value: {"Group":"a.b","Resource":"Services","Namespace":"a/b","Name":"x"}: field is immutable',
    ]);
    assert.deepEqual(IPADDRESS_STRATEGY.table?.cells(object, 0), ['10.0.0.1', 'services.a.b/a/b/x']);
  });
});

describe('ServiceCIDR', () => {
  const four = '192.168.0.0/24';
  const six = '2001:db8::/64';
  const judged: readonly (readonly [cidrs: readonly string[], errors: readonly string[]])[] = [
    [[four, six], []],
    [[], ['spec.cidrs: Required value: at least one CIDR required']],
    [[six.toUpperCase()], ['spec.cidrs[0]: Invalid value: "2001:DB8::/64": must be in canonical form ("2001:db8::/64")']],
    [
      [four, '10.0.0.0/8'],
      [
        'spec.cidrs: Invalid value: ["192.168.0.0/24","10.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ],
    ],
    [[four, six, six], [`spec: Invalid value: {"CIDRs":["${four}","${six}","${six}"]}: may only hold up to 2 values`]],
  ];
  for (const [cidrs, errors] of judged) {
    it(`judges ${cidrs.join(', ')}`, () => assert.deepEqual(judgeCreate(SERVICECIDR_STRATEGY, { spec: { cidrs } }).errors, errors));
  }
  it('may get a range of the other family, nothing else', () => {
    const update = (cidrs: readonly string[]): readonly string[] =>
      judgeUpdate(SERVICECIDR_STRATEGY, { spec: { cidrs: [four] } }, { 'spec/cidrs': cidrs }).errors;
    assert.deepEqual(update([four, six]), []);
    assert.deepEqual(update([six, four]), ['spec.cidrs[0]: Invalid value: "2001:db8::/64": field is immutable']);
    assert.deepEqual(update([six]), ['spec.cidrs[0]: Invalid value: "2001:db8::/64": field is immutable']);
    assert.deepEqual(update([]), ['spec.cidrs: Invalid value: []: field is immutable']);
    const { object } = judgeCreate(SERVICECIDR_STRATEGY, { spec: { cidrs: [four, six] } });
    assert.deepEqual(SERVICECIDR_STRATEGY.table?.cells(object, 0).slice(0, 2), ['x', `${four},${six}`]);
  });
});
