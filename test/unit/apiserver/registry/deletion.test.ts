import assert from 'node:assert/strict';
import { configMap, pod, Wire } from '../support.ts';

const PODS = '/api/v1/namespaces/default/pods';
const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';

describe('deletion', () => {
  let wire: Wire;
  before(() => {
    wire = new Wire();
    wire.call('POST', '/api/v1/nodes', { metadata: { name: 'n' } });
  });

  it('answers with a Status for what is gone at once, with the object for some kinds', () => {
    wire.call('POST', CONFIGMAPS, configMap('a'));
    const gone = wire.call('DELETE', `${CONFIGMAPS}/a`).body;
    assert.deepEqual([gone.kind, gone.status, gone.details.name, gone.details.kind], ['Status', 'Success', 'a', 'configmaps']);
    wire.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 's' } });
    assert.equal(wire.call('DELETE', '/api/v1/namespaces/default/serviceaccounts/s').body.kind, 'ServiceAccount');
  });

  it('keeps an object until its last finalizer goes', () => {
    wire.call('POST', CONFIGMAPS, configMap('held', { finalizers: ['example.com/x'] }));
    const first = wire.call('DELETE', `${CONFIGMAPS}/held`).body;
    assert.equal(first.metadata.deletionGracePeriodSeconds, 0);
    assert.equal(
      wire.call('POST', CONFIGMAPS, configMap('held')).body.message,
      'object is being deleted: configmaps "held" already exists',
    );
    const merge = { 'content-type': 'application/merge-patch+json' };
    assert.equal(wire.call('PATCH', `${CONFIGMAPS}/held`, { metadata: { finalizers: null } }, merge).code, 200);
    assert.equal(wire.call('GET', `${CONFIGMAPS}/held`).code, 404);
  });

  it('gives a bound Pod its time, which later requests may only shorten', () => {
    wire.call('POST', PODS, pod('bound', { nodeName: 'n', schedulerName: 'nobody', tolerations: [{ operator: 'Exists' }] }));
    const grace = (seconds?: number): unknown =>
      wire.call('DELETE', `${PODS}/bound`, seconds === undefined ? undefined : { gracePeriodSeconds: seconds }).body.metadata
        .deletionGracePeriodSeconds;
    const began = wire.cluster.simulation.now();
    assert.equal(grace(), 30);
    wire.advance(10_000);
    assert.equal(grace(5), 5);
    const { metadata } = wire.call('GET', `${PODS}/bound`).body;
    assert.equal(Date.parse(metadata.deletionTimestamp), Math.floor(began / 1000) * 1000 + 5000, 'counted from the first request');
    assert.equal(grace(60), 5);
    assert.equal(grace(0), 0);
    assert.equal(wire.call('GET', `${PODS}/bound`).code, 404);
  });

  it('takes a Pod without a node at once', () => {
    wire.call('POST', PODS, pod('loose', { schedulerName: 'nobody' }));
    assert.equal(wire.call('DELETE', `${PODS}/loose`).body.metadata.deletionGracePeriodSeconds, 0);
    assert.equal(wire.call('GET', `${PODS}/loose`).code, 404);
  });

  it('insists on preconditions, naming the kind', () => {
    wire.call('POST', CONFIGMAPS, configMap('certain'));
    const { body } = wire.call('DELETE', `${CONFIGMAPS}/certain`, { preconditions: { resourceVersion: '1' } });
    assert.match(
      body.message,
      /^Operation cannot be fulfilled on ConfigMap "certain": the ResourceVersion in the precondition \(1\) does not match/,
    );
  });

  it('empties a namespace before it goes', () => {
    wire.call('POST', '/api/v1/namespaces', { metadata: { name: 'short' } });
    wire.call('POST', '/api/v1/namespaces/short/configmaps', configMap('a'));
    assert.equal(wire.call('DELETE', '/api/v1/namespaces/short').body.status.phase, 'Terminating');
    assert.equal(
      wire.call('POST', '/api/v1/namespaces/short/configmaps', configMap('b')).body.message,
      'configmaps "b" is forbidden: unable to create new content in namespace short because it is being terminated',
    );
    wire.advance(60_000);
    assert.equal(wire.call('GET', '/api/v1/namespaces/short').code, 404);
    assert.deepEqual(wire.call('GET', '/api/v1/namespaces/short/configmaps').body.items, []);
  });
});
