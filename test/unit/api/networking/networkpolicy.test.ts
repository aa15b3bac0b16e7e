import assert from 'node:assert/strict';
import { NETWORKPOLICY_STRATEGY } from '../../../../src/api/networking/networkpolicy/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;

const from = (peer: Spec): Spec => ({ ingress: [{ from: [peer] }] });
const port = (one: Spec): Spec => ({ egress: [{ ports: [one] }] });

describe('NetworkPolicy', () => {
  const judged: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [{}, []],
    [from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }), []],
    [from({}), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
    [
      from({ podSelector: {}, ipBlock: { cidr: '' } }),
      [
        'spec.ingress[0].from[0].ipBlock.cidr: Required value',
        'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer',
      ],
    ],
    [
      from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', '11.0.0.0/16', '::/64', 'x'] } }),
      [
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
        'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
        'spec.ingress[0].from[0].ipBlock.except[2]: Invalid value: "::/64": must be a strict subset of `cidr`',
        'spec.ingress[0].from[0].ipBlock.except[3]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [port({ port: 10, endPort: 5 }), ['spec.egress[0].ports[0].endPort: Invalid value: 10: must be greater than or equal to `port`']],
    [
      port({ port: 'http', endPort: 5 }),
      ['spec.egress[0].ports[0].endPort: Invalid value: 5: may not be specified when `port` is non-numeric'],
    ],
    [port({ endPort: 5 }), ['spec.egress[0].ports[0].endPort: Invalid value: 5: may not be specified when `port` is not specified']],
    [{ policyTypes: ['Ingress', 'x'] }, ['spec.policyTypes[1]: Unsupported value: "x": supported values: "Ingress", "Egress"']],
  ];
  for (const [spec, errors] of judged) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(NETWORKPOLICY_STRATEGY, { spec }).errors, errors));
  }

  it('says which directions it speaks of', () => {
    assert.deepEqual(judgeCreate(NETWORKPOLICY_STRATEGY, {}).object.spec, { podSelector: {}, policyTypes: ['Ingress'] });
    const { object } = judgeCreate(NETWORKPOLICY_STRATEGY, { spec: { podSelector: { matchLabels: { a: 'b' } }, ...port({ port: 1 }) } });
    assert.deepEqual(object.spec?.policyTypes, ['Ingress', 'Egress']);
    assert.equal(object.spec.egress?.[0]?.ports?.[0]?.protocol, 'TCP');
    assert.deepEqual(NETWORKPOLICY_STRATEGY.table?.cells(object, 0).slice(0, 2), ['x', 'a=b']);
  });

  it('keeps blocks that are written oddly and warns of those that are legal', () => {
    const { object } = judgeCreate(NETWORKPOLICY_STRATEGY, {});
    const odd = { ...object, spec: { ...object.spec, ...from({ ipBlock: { cidr: '10.0.0.1/8' } }) } };
    assert.deepEqual(NETWORKPOLICY_STRATEGY.validateUpdate(odd, odd), []);
    assert.equal(NETWORKPOLICY_STRATEGY.validateUpdate(odd, object).length, 1);
    const { warnings } = judgeUpdate(NETWORKPOLICY_STRATEGY, {}, { 'spec/egress': [{ to: [{ ipBlock: { cidr: '2001:DB8::/64' } }] }] });
    assert.deepEqual(warnings, [
      'spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
    ]);
  });
});
