import assert from 'node:assert/strict';
import { decodeValue } from '../../../../src/api/decodeBody.ts';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { LOAD_STRATEGY } from '../../../../src/api/kubepad/load/strategy.ts';
import { LOADS, type Load } from '../../../../src/api/kubepad/load/types.ts';
import { validateLoad } from '../../../../src/api/kubepad/load/validation.ts';

const TARGET = { service: { name: 'web' } };
const RATE = { requestsPerSecond: 10 };

function decode(spec: unknown): Load {
  const decoded = decodeValue(LOADS, { apiVersion: 'kubepad.dev/v1', kind: 'Load', metadata: { name: 'l' }, spec }, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Load;
}

describe('Load', () => {
  const rows: readonly (readonly [spec: unknown, ...errors: string[]])[] = [
    [{ target: TARGET, rate: RATE }],
    [
      {
        target: { url: 'https://shop.example.com/cart?x=1' },
        rate: { shape: 'Wave', requestsPerSecond: 0.5, peak: 7, period: '1h' },
        cost: '10ms',
        timeout: '1s',
      },
    ],
    [
      {
        target: { url: 'http://[fd00::1]:8080' },
        rate: { shape: 'Spike', requestsPerSecond: 1, peak: 5, after: '10s', length: '5s' },
        from: '30s',
        duration: '5m',
      },
    ],
    [
      {
        target: TARGET,
        rate: { shape: 'Ramp', requestsPerSecond: 1, peak: 5 },
        clients: { count: 5, pods: { namespace: 'team', selector: { matchLabels: { app: 'x' } } } },
      },
    ],
    [{}, 'spec.target: Required value', 'spec.rate: Required value'],
    [{ target: {}, rate: RATE }, 'spec.target: Required value: must specify one of `service`, `url`'],
    [{ target: { ...TARGET, url: 'http://x' }, rate: RATE }, 'spec.target.url: Forbidden: may not be set together with `service`'],
    [
      { target: { url: 'ftp://x' }, rate: RATE },
      'spec.target.url: Invalid value: "ftp://x": must be a URL of HTTP (e.g. http://shop.example.com/cart)',
    ],
    [{ target: { service: { name: '' } }, rate: RATE }, 'spec.target.service.name: Required value'],
    [
      { target: { service: { name: 'web', port: 0, path: 'cart' } }, rate: RATE },
      'spec.target.service.port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.target.service.path: Invalid value: "cart": must begin with /',
    ],
    [
      { target: TARGET, rate: { requestsPerSecond: -1 } },
      'spec.rate.requestsPerSecond: Invalid value: -1: must be between 0 and 10000000, inclusive',
    ],
    [
      { target: TARGET, rate: { shape: 'Zigzag', requestsPerSecond: 1 } },
      'spec.rate.shape: Unsupported value: "Zigzag": supported values: "Constant", "Ramp", "Spike", "Wave"',
    ],
    [
      { target: TARGET, rate: { requestsPerSecond: 1, peak: 2, after: '1s' } },
      'spec.rate.peak: Forbidden: may not be set when `shape` is Constant',
      'spec.rate.after: Forbidden: may not be set when `shape` is Constant',
    ],
    [{ target: TARGET, rate: { shape: 'Ramp', requestsPerSecond: 1 } }, 'spec.rate.peak: Required value: must be set when `shape` is Ramp'],
    [
      { target: TARGET, rate: RATE, clients: { count: 0 } },
      'spec.clients.count: Invalid value: 0: must be between 1 and 1000000, inclusive',
    ],
    [
      { target: TARGET, rate: RATE, cost: '5', timeout: '0s' },
      'spec.cost: Invalid value: "5": must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)',
      'spec.timeout: Invalid value: "0s": must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)',
    ],
  ];
  for (const [spec, ...errors] of rows) {
    it(`${errors.length === 0 ? 'takes' : 'refuses'} ${JSON.stringify(spec)}`, () => {
      const found = validateLoad(decode(spec)).map(errorText);
      assert.deepEqual(found, errors);
    });
  }

  it('is shown with its target, rate and what became of the requests', () => {
    const load = decode({
      target: { service: { name: 'web', port: 80, path: '/a' } },
      rate: { shape: 'Ramp', requestsPerSecond: 1, peak: 5 },
    });
    const status = { phase: 'Active', sent: 12, failed: 3, latency: { p50: '1ms', p90: '2ms', p99: '3ms' } } as const;
    assert.deepEqual(LOAD_STRATEGY.table?.cells({ ...load, status }, 0).slice(0, 7), [
      'l',
      'service default/web:80/a',
      'Ramp 1-5/s',
      'Active',
      12,
      3,
      '2ms',
    ]);
  });
});
