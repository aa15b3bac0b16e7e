import assert from 'node:assert/strict';
import { PODDISRUPTIONBUDGETS, PODS, SERVICES } from '../../../src/api/schema/resources.ts';
import { fromLabelSelector, fromSet, type Selector } from '../../../src/apimachinery/labels/selector.ts';
import { podsSelected, possibleSelectors } from '../../../src/client/selection.ts';
import { newCluster } from '../controllers/support.ts';

const container = () => ({ name: 'app', image: 'nginx' });

/** Pods in two namespaces, by name and labels. */
function world() {
  const cluster = newCluster();
  const client = cluster.admin();
  client.create({ group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }, { metadata: { name: 'other' } });
  const add = (namespace: string, name: string, labels?: Record<string, string>): void => {
    client.create(PODS, {
      metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) },
      spec: { containers: [container()] },
    });
  };
  cluster.simulation.runUntil('settled');
  add('default', 'b', { app: 'web', tier: 'front', 'pod-template-hash': 'x' });
  add('default', 'a', { app: 'web', tier: 'back' });
  add('default', 'c', { app: 'db', 'pod-template-hash': 'x' });
  add('default', 'd');
  add('other', 'a', { app: 'web', tier: 'front' });
  return client;
}

describe('podsSelected', () => {
  const client = world();
  const names = (selector: Selector, namespace = 'default') =>
    podsSelected(client, namespace, selector).map(({ metadata }) => metadata.name);
  for (const [title, selector, expected] of [
    ['one label', fromSet({ app: 'web' }), ['a', 'b']],
    ['two labels', fromSet({ app: 'web', tier: 'front' }), ['b']],
    ['a label of none', fromSet({ app: 'web', tier: 'none' }), []],
    ['a label that is not indexed', fromSet({ 'pod-template-hash': 'x' }), ['b', 'c']],
    ['a list of one value', fromLabelSelector({ matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }), ['a']],
    ['several values', fromLabelSelector({ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }), ['a', 'b', 'c']],
    ['the lack of a label', fromLabelSelector({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }), ['d']],
    ['everything', fromLabelSelector({}), ['a', 'b', 'c', 'd']],
    ['nothing', fromLabelSelector(undefined), []],
  ] as const)
    it(`finds ${title}`, () => assert.deepEqual(names(selector), expected));
  it('keeps namespaces apart', () => assert.deepEqual(names(fromSet({ app: 'web' }), 'other'), ['a']));
  it('follows labels that change, and Pods that go', () => {
    const mine = world();
    const found = () => podsSelected(mine, 'default', fromSet({ app: 'web' })).map(({ metadata }) => metadata.name);
    mine.modify(PODS, 'default', 'a', (pod) => (pod.metadata.labels = { app: 'db' }));
    assert.deepEqual(found(), ['b']);
    mine.modify(PODS, 'default', 'd', (pod) => (pod.metadata.labels = { app: 'web' }));
    mine.delete(PODS, 'default', 'b', { gracePeriodSeconds: 0 });
    assert.deepEqual(found(), ['d']);
  });
});

describe('possibleSelectors', () => {
  const client = world();
  const ports = () => [{ port: 80 }];
  for (const [name, selector] of [
    ['web', { app: 'web' }],
    ['front', { tier: 'front', app: 'web' }],
    ['db', { app: 'db' }],
    ['none', undefined],
  ] as const)
    client.create(SERVICES, {
      metadata: { name, namespace: 'default' },
      spec: { ports: ports(), ...(selector === undefined ? {} : { selector: { ...selector } }) },
    });
  for (const [name, selector] of [
    ['all', {}],
    ['by-label', { matchLabels: { app: 'web' } }],
    ['by-rule', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }],
  ] as const)
    client.create(PODDISRUPTIONBUDGETS, {
      metadata: { name, namespace: 'default' },
      spec: { minAvailable: 1, selector: structuredClone(selector) as object },
    });
  const services = (labels?: Record<string, string>, former = labels) =>
    possibleSelectors(client, SERVICES, 'default', labels, former)
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== 'kubernetes');

  it('leaves out what asks for other labels', () => assert.deepEqual(services({ app: 'web', tier: 'front' }), ['front', 'none', 'web']));
  it('looks at the labels of before, too', () => assert.deepEqual(services({ app: 'db' }, { app: 'web' }), ['db', 'none', 'web']));
  it('always has what asks for no single value', () => {
    const budgets = (labels?: Record<string, string>) =>
      possibleSelectors(client, PODDISRUPTIONBUDGETS, 'default', labels, labels).map(({ metadata }) => metadata.name);
    assert.deepEqual(budgets({ app: 'db' }), ['all', 'by-rule']);
    assert.deepEqual(budgets({ app: 'web' }), ['all', 'by-label', 'by-rule']);
    assert.deepEqual(budgets(undefined), ['all', 'by-rule']);
  });
});
