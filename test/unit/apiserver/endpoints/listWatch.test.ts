import assert from 'node:assert/strict';
import { configMap, events, Wire, type Parsed } from '../support.ts';

const SECRETS = '/api/v1/namespaces/default/secrets';
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
const secret = (name: string, labels: Readonly<Record<string, string>> = {}): object => ({ metadata: { name, labels } });
const names = (list: Parsed): unknown => list.items.map((item: Parsed) => item.metadata.name);

describe('lists and watches', () => {
  let wire: Wire;
  beforeEach(() => {
    wire = new Wire();
    for (const [name, env] of [
      ['a', 'prod'],
      ['b', 'test'],
      ['c', 'prod'],
      ['d', 'dev'],
    ] as const)
      wire.call('POST', SECRETS, secret(name, { env }));
  });

  const selections: readonly (readonly [string, readonly string[]])[] = [
    ['labelSelector=env%3Dprod', ['a', 'c']],
    ['labelSelector=env+notin+(prod,dev)', ['b']],
    ['fieldSelector=metadata.name!%3Da', ['b', 'c', 'd']],
    ['fieldSelector=type%3DOpaque&labelSelector=env%3Ddev', ['d']],
    ['fieldSelector=metadata.namespace%3Dother', []],
  ];
  for (const [query, expected] of selections) {
    it(`selects by ${query}`, () => assert.deepEqual(names(wire.call('GET', `${SECRETS}?${query}`).body), expected));
  }

  it('shows the state of the first page on all pages', () => {
    const first = wire.call('GET', `${SECRETS}?limit=2`).body;
    assert.deepEqual([names(first), first.metadata.remainingItemCount], [['a', 'b'], 2]);
    wire.call('DELETE', `${SECRETS}/d`);
    wire.call('POST', SECRETS, secret('z'));
    const rest = wire.call('GET', `${SECRETS}?limit=9&continue=${first.metadata.continue}`).body;
    assert.deepEqual([names(rest), rest.metadata.continue], [['c', 'd'], undefined]);
    assert.deepEqual(
      names(wire.call('GET', `${SECRETS}?resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`).body),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('lets objects enter and leave the selection of a watch', () => {
    const { resourceVersion } = wire.call('GET', SECRETS).body.metadata;
    const watch = wire.watch(`${SECRETS}?watch=1&resourceVersion=${resourceVersion}&labelSelector=env%3Dprod`);
    const relabel = (name: string, env: string): unknown =>
      wire.call('PATCH', `${SECRETS}/${name}`, { metadata: { labels: { env } } }, { 'content-type': 'application/merge-patch+json' });
    relabel('a', 'test');
    relabel('b', 'prod');
    relabel('c', 'prod');
    wire.call('DELETE', `${SECRETS}/c`);
    const seen = events(watch.read(100)).map(({ type, object }) => [type, object.metadata.name, object.metadata.labels.env]);
    assert.deepEqual(seen, [
      ['DELETED', 'a', 'prod'],
      ['ADDED', 'b', 'prod'],
      ['DELETED', 'c', 'prod'],
    ]);
    assert.equal(watch.read(100), '');
  });

  it('sends what is there first, then a bookmark that says so, in portions', () => {
    const watch = wire.watch(`${SECRETS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    assert.equal(events(watch.read(3)).length, 3);
    const [last, end] = events(watch.read(3));
    assert.deepEqual(
      [last?.object.metadata.name, end?.type, end?.object.metadata.annotations],
      ['d', 'BOOKMARK', { 'k8s.io/initial-events-end': 'true' }],
    );
  });

  it('tells a watcher from before what history keeps that it is too late', () => {
    const watch = wire.watch(`${SECRETS}?watch=1&resourceVersion=1`);
    wire.cluster.api.store.compact(wire.cluster.api.store.revision);
    wire.call('POST', SECRETS, secret('new'));
    const [error] = events(watch.read(10));
    assert.deepEqual([error?.type, error?.object.code, error?.object.reason, watch.ended], ['ERROR', 410, 'Expired', true]);
  });

  it('sends the columns of a watched table once', () => {
    const watch = wire.watch(`${SECRETS}?watch=1&fieldSelector=metadata.name%3Da`, TABLE);
    wire.call('PATCH', `${SECRETS}/a`, { data: { k: 'dg==' } }, { 'content-type': 'application/merge-patch+json' });
    const [added, modified] = events(watch.read(10));
    assert.deepEqual(
      added?.object.columnDefinitions.map((column: Parsed) => column.name),
      ['Name', 'Type', 'Data', 'Age'],
    );
    assert.deepEqual([modified?.object.columnDefinitions, modified?.object.rows[0].cells.slice(0, 3)], [null, ['a', 'Opaque', 1]]);
  });

  it('says what a selector may not ask for', () => {
    assert.equal(wire.call('GET', `${SECRETS}?fieldSelector=x%3D1`).body.message, 'field label not supported: x');
    assert.equal(
      wire.call('GET', '/api/v1/namespaces/default/configmaps?fieldSelector=x%3D1').body.message,
      '"x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  });

  it('answers the Events of both APIs out of one storage', () => {
    const event = {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      reason: 'Seen',
      message: 'm',
      type: 'Normal',
    };
    assert.equal(wire.call('POST', '/api/v1/namespaces/default/events', event).code, 201);
    const { items } = wire.call('GET', '/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.name%3Dp').body;
    assert.deepEqual([items[0].note, items[0].regarding.name, items[0].eventTime], ['m', 'p', null]);
  });

  it('deletes collections by selector and says what it was', () => {
    assert.deepEqual(names(wire.call('DELETE', `${SECRETS}?labelSelector=env%3Dprod`).body), ['a', 'c']);
    assert.deepEqual(names(wire.call('GET', SECRETS).body), ['b', 'd']);
  });

  it('keeps the last hour of Events', () => {
    const event = (name: string): object => ({ metadata: { name }, involvedObject: { namespace: 'default' } });
    wire.call('POST', '/api/v1/namespaces/default/events', event('old'));
    wire.advance(3_500_000);
    wire.call('POST', '/api/v1/namespaces/default/events', event('young'));
    wire.advance(200_000);
    assert.deepEqual(names(wire.call('GET', '/api/v1/namespaces/default/events').body), ['young']);
    assert.equal(wire.call('POST', '/api/v1/namespaces/default/configmaps', configMap('x')).code, 201);
  });
});
