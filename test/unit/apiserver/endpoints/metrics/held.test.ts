import assert from 'node:assert/strict';
import { METRICS, type MetricSpec } from '../../../../../src/api/kubepad/types.ts';
import { PODS } from '../../../../../src/api/schema/resources.ts';
import type { Draft } from '../../../../../src/base/json.ts';
import { Wire } from '../../support.ts';

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default';

describe('the APIs of custom and external metrics', () => {
  let wire: Wire;
  const get = (path: string): ReturnType<Wire['call']> => wire.call('GET', path);
  const hold = (name: string, spec: Draft<MetricSpec>): void => {
    const metadata = { name, namespace: 'default' };
    wire.cluster.admin().create(METRICS, { apiVersion: 'kubepad.dev/v1', kind: 'Metric', metadata, spec });
  };
  const groups = (): readonly string[] =>
    get('/apis')
      .body.groups.map(({ name }: { name: string }) => name)
      .filter((name: string) => name.endsWith('.metrics.k8s.io'));
  beforeEach(() => {
    wire = new Wire();
    for (const [name, app] of [
      ['a', 'web'],
      ['b', 'web'],
      ['c', 'db'],
    ] as const)
      wire.cluster.admin().create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', labels: { app } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      });
  });

  it('are not there without a Metric, and are found with one', () => {
    assert.deepEqual(groups(), []);
    assert.equal(get(`${CUSTOM}/pods/*/rps`).code, 404);
    hold('rps', { pods: {}, value: '1' });
    assert.deepEqual(groups(), ['custom.metrics.k8s.io']);
    hold('queue', { value: '1' });
    assert.deepEqual(groups(), ['custom.metrics.k8s.io', 'external.metrics.k8s.io']);
    const { resources } = get('/apis/custom.metrics.k8s.io/v1beta2').body;
    assert.deepEqual(
      resources.map(({ name, kind }: { name: string; kind: string }) => `${name} ${kind}`),
      ['pods/rps MetricValueList'],
    );
  });

  it('give the values of Pods, chosen by labels or by name', () => {
    hold('all', { name: 'rps', pods: { selector: { matchLabels: { app: 'web' } } }, value: '1500m' });
    hold('own', { name: 'rps', describedObject: { kind: 'Pod', name: 'b' }, value: '7' });
    const values = (path: string): readonly string[] =>
      get(path).body.items.map(
        (item: { describedObject: { name: string }; value: string }) => `${item.describedObject.name}=${item.value}`,
      );
    assert.deepEqual(values(`${CUSTOM}/pods/*/rps`), ['a=1500m', 'b=7']);
    assert.deepEqual(values(`${CUSTOM}/pods/b/rps`), ['b=7']);
    assert.deepEqual(values(`${CUSTOM}/pods/*/rps?labelSelector=app%3Ddb`), []);
    const missing = get(`${CUSTOM}/pods/*/latency`);
    assert.deepEqual([missing.code, missing.body.message], [404, 'the server could not find the metric latency for pods']);
  });

  it('give the values of other objects and of the namespace', () => {
    hold('hits', { describedObject: { kind: 'Ingress', name: 'main' }, value: '3' });
    hold('quota', { describedObject: { kind: 'Namespace', name: 'default' }, value: '4' });
    const [item] = get(`${CUSTOM}/ingresses.networking.k8s.io/main/hits`).body.items;
    assert.deepEqual([item.value, item.metric.name, item.describedObject.kind], ['3', 'hits', 'Ingress']);
    assert.equal(get(`${CUSTOM}/metrics/quota`).body.items[0].value, '4');
    assert.equal(get(`${CUSTOM}/services/main/hits`).body.message, 'the server could not find the metric hits for services main');
  });

  it('give external values by their labels', () => {
    hold('q1', { name: 'queue', labels: { topic: 'a' }, value: '5' });
    hold('q2', { name: 'queue', labels: { topic: 'b' }, value: '6' });
    const items = get(`${EXTERNAL}/queue?labelSelector=topic%3Db`).body.items;
    assert.deepEqual(
      items.map(({ metricName, metricLabels, value }: { metricName: string; metricLabels: object; value: string }) => [
        metricName,
        metricLabels,
        value,
      ]),
      [['queue', { topic: 'b' }, '6']],
    );
    assert.equal(get(`${EXTERNAL}/other`).code, 404);
    assert.equal(wire.call('DELETE', `${EXTERNAL}/queue`).code, 405);
  });
});
