import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import type { RestAnswer } from '../../../../src/kubectl/rest.ts';
import { Reflector, type ReflectorOptions, type ReflectorState } from '../../../../src/host/targets/reflector.ts';
import type { StreamReader } from '../../../../src/host/targets/transport.ts';
import { until } from './support.ts';

type Query = Readonly<Record<string, string>>;
/** What the server does with the n-th list or watch; the last one holds for all that follow. */
type Lists = readonly ((query: Query) => RestAnswer)[];
type Watches = readonly ((reader: StreamReader) => Promise<RestAnswer>)[];

const page = (names: readonly string[], version: string, next = ''): RestAnswer => ({
  code: 200,
  body: {
    items: names.map((name) => object(name, '1')),
    metadata: { resourceVersion: version, ...(next === '' ? {} : { continue: next }) },
  },
  warnings: [],
});
const refused = (code: number, message: string): RestAnswer => ({ code, body: { kind: 'Status', message }, warnings: [] });
const object = (name: string, resourceVersion: string): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', resourceVersion } }) as unknown as KubeObject;
const told = (type: string, of: unknown): string => `${JSON.stringify({ type, object: of })}\n`;
const done: RestAnswer = { code: 200, body: '', warnings: [] };
/** Goes on until somebody ends it. */
const open = ({ signal }: StreamReader): Promise<RestAnswer> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

class Server {
  readonly queries: Query[] = [];
  readonly states: ReflectorState[] = [];
  readonly changes: string[] = [];
  readonly lists: (readonly string[])[] = [];
  private readonly reflector: Reflector;
  private listed = 0;
  private watched = 0;

  constructor(lists: Lists, watches: Watches, times: Pick<ReflectorOptions, 'backOffMs' | 'refusedMs'> = {}) {
    this.reflector = new Reflector({
      transport: {
        request: ({ query = {} }) => {
          this.queries.push(query);
          return Promise.resolve(lists[Math.min(this.listed++, lists.length - 1)]!(query));
        },
        stream: ({ query = {} }, reader) => {
          this.queries.push(query);
          reader.onOpen?.();
          return watches[Math.min(this.watched++, watches.length - 1)]!(reader);
        },
      },
      path: '/api/v1/pods',
      metadataOnly: false,
      onList: (objects) => this.lists.push(objects.map(({ metadata }) => metadata.name ?? '')),
      onChange: (type, { metadata }) => this.changes.push(`${type} ${metadata.name}`),
      onState: (state) => this.states.push(state),
      backOffMs: 1,
      refusedMs: 1,
      ...times,
    });
    servers.push(this);
  }

  start(): Promise<void> {
    return this.reflector.start();
  }

  end(): void {
    this.reflector.dispose();
  }

  /** From where each watch began. */
  get watchedFrom(): readonly string[] {
    return this.queries.flatMap(({ watch, resourceVersion = '' }) => (watch === undefined ? [] : [resourceVersion]));
  }
}

const servers: Server[] = [];

describe('a resource that is followed', () => {
  afterEach(() => servers.splice(0).forEach((server) => server.end()));

  it('is listed by pages and watched from the version of the list, with bookmarks', async () => {
    const server = new Server([() => page(['a'], '7', 'more'), () => page(['b'], '7')], [open]);
    await server.start();
    await until(
      'the watch',
      () => server.watchedFrom,
      (from) => from.length === 1,
    );
    assert.deepEqual(server.lists, [['a', 'b']]);
    assert.deepEqual(server.watchedFrom, ['7']);
    assert.equal(server.queries.at(-1)?.['allowWatchBookmarks'], 'true');
    assert.equal(server.queries[1]?.['continue'], 'more');
  });

  it('is listed at once where the pages took too long', async () => {
    const server = new Server([() => page(['a'], '7', 'more'), () => refused(410, 'expired'), () => page(['a', 'b'], '9')], [open]);
    await server.start();
    assert.deepEqual(server.lists, [['a', 'b']]);
    assert.equal(server.queries[2]?.['limit'], undefined);
  });

  it('is watched on from what was told last, also where the connection is lost', async () => {
    const server = new Server(
      [() => page(['a'], '7')],
      [
        ({ onText }) => {
          onText(told('MODIFIED', object('a', '8')));
          onText(told('BOOKMARK', object('', '12')));
          return Promise.reject(new Error('the connection was lost'));
        },
        open,
      ],
    );
    await server.start();
    await until(
      'the second watch',
      () => server.watchedFrom,
      (from) => from.length === 2,
    );
    assert.deepEqual(server.watchedFrom, ['7', '12']);
    assert.deepEqual(server.changes, ['MODIFIED a']);
    assert.deepEqual(
      server.states.filter(({ state }) => state === 'lost'),
      [{ state: 'lost', message: 'the connection was lost' }],
    );
    assert.equal(server.lists.length, 1);
  });

  const gone: [string, Watches[0]][] = [
    [
      'an error in the watch',
      ({ onText }) => (onText(told('ERROR', { code: 410, message: 'too old resource version' })), Promise.resolve(done)),
    ],
    ['a refusal of the watch', () => Promise.resolve(refused(410, 'too old resource version'))],
  ];
  for (const [what, watch] of gone)
    it(`is listed anew after ${what}, which is no loss`, async () => {
      const server = new Server([() => page(['a'], '7'), () => page(['b'], '20')], [watch, open]);
      await server.start();
      await until(
        'the second watch',
        () => server.watchedFrom,
        (from) => from.length === 2,
      );
      assert.deepEqual(server.lists, [['a'], ['b']]);
      assert.deepEqual(server.watchedFrom, ['7', '20']);
      assert.equal(
        server.states.some(({ state }) => state !== 'following'),
        false,
      );
    });

  it('is not listed again and again where every watch ends with an error', async () => {
    const watch: Watches[0] = ({ onText }) => {
      onText(told('ERROR', { code: 500, message: 'etcd is away' }));
      return Promise.resolve(done);
    };
    const server = new Server([() => page(['a'], '7')], [watch], { backOffMs: 20 });
    await server.start();
    await new Promise((resolve) => setTimeout(resolve, 150));
    // 20, 40, 80 milliseconds between them.
    assert.ok(server.lists.length <= 4, `${server.lists.length} lists`);
    assert.ok(server.states.some((state) => state.state === 'lost' && state.message === 'etcd is away'));
  });

  for (const [code, state] of [
    [401, 'lost'],
    [403, 'refused'],
    [404, 'refused'],
    [429, 'lost'],
    [503, 'lost'],
  ] as const)
    it(`is asked for again after ${code}, which is ${state}`, async () => {
      const server = new Server([() => refused(code, 'no'), () => page(['a'], '7')], [open]);
      await server.start();
      assert.equal(server.states[0]?.state, state);
      await until(
        'the list',
        () => server.lists,
        (lists) => lists.length === 1,
      );
      assert.equal(server.states.at(-1)?.state, 'following');
    });

  it('is not asked for any more when it is disposed of, be it in the middle of a wait', async () => {
    const server = new Server([() => refused(403, 'no')], [open], { refusedMs: 60_000 });
    await server.start();
    server.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(server.queries.length, 1);
  });
});
