import assert from 'node:assert/strict';
import { PODS, REPLICASETS, REPLICATIONCONTROLLERS, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { orphanWatch } from '../../../../src/controllers/util/orphanWatch.ts';
import { newManualCluster, podTemplate } from '../support.ts';

describe('an object that nobody controls', () => {
  const cluster = newManualCluster(0, { controllers: ['-*'] });
  const client = cluster.admin();
  const set = (name: string, selector: object): void =>
    void client.create(REPLICASETS, {
      metadata: { name, namespace: 'default' },
      spec: { replicas: 0, selector, template: { metadata: { labels: { app: 'web', tier: 'front' } }, spec: podTemplate('web').spec! } },
    });
  set('both', { matchLabels: { app: 'web', tier: 'front' } });
  set('web', { matchLabels: { app: 'web' } });
  set('any', { matchExpressions: [{ key: 'app', operator: 'Exists' }] });
  client.create(REPLICATIONCONTROLLERS, {
    metadata: { name: 'old', namespace: 'default' },
    spec: { replicas: 0, selector: { app: 'web' }, template: podTemplate('web') },
  });
  client.create(STATEFULSETS, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { replicas: 0, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: podTemplate('db') },
  });
  const pod = (labels: Pod['metadata']['labels'], more: object = {}): Pod => ({
    metadata: { name: 'p', namespace: 'default', ...(labels === undefined ? {} : { labels }), ...more },
  });
  const watches = {
    sets: orphanWatch(client, PODS, REPLICASETS, ({ spec }) => spec?.selector),
    controllers: orphanWatch(client, PODS, REPLICATIONCONTROLLERS, ({ spec }) => ({ matchLabels: spec?.selector ?? {} })),
    stateful: orphanWatch(client, PODS, STATEFULSETS, ({ spec }) => spec?.selector),
  };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
  const cases: readonly [what: string, watch: keyof typeof watches, pod: Pod, previous: Pod | undefined, names: readonly string[]][] = [
    ['wakes all whose selector means it', 'sets', pod({ app: 'web', tier: 'front' }), undefined, ['any', 'both', 'web']],
    ['wakes none that asks for more', 'sets', pod({ app: 'web' }), undefined, ['any', 'web']],
    ['wakes those that ask for no value', 'sets', pod({ app: 'x' }), undefined, ['any']],
    ['without labels wakes nobody', 'sets', pod(undefined), undefined, []],
    ['wakes controllers with a plain selector', 'controllers', pod({ app: 'web' }), undefined, ['old']],
    ['wakes the kinds one by one', 'stateful', pod({ app: 'db' }), undefined, ['db']],
    ['of another namespace wakes nobody', 'sets', pod({ app: 'web' }, { namespace: 'other' }), undefined, []],
    ['with the same labels wakes nobody again', 'sets', pod({ app: 'web' }), pod({ app: 'web' }), []],
    [
      'that was controlled before wakes them',
      'sets',
      pod({ app: 'web' }),
      pod({ app: 'web' }, { ownerReferences: [owner] }),
      ['any', 'web'],
    ],
    ['that is controlled wakes nobody', 'sets', pod({ app: 'web' }, { ownerReferences: [owner] }), undefined, []],
  ];
  for (const [what, watch, object, previous, names] of cases) {
    it(what, () =>
      assert.deepEqual(
        watches[watch].keys(object, previous, false),
        names.map((name) => `default/${name}`),
      ),
    );
  }
});
