import assert from 'node:assert/strict';
import { Wire } from '../support.ts';
import { longListAnswer, ObjectTexts } from '../../../../src/apiserver/endpoints/listText.ts';

describe('the text of a long list', () => {
  const head = { kind: 'ThingList', metadata: {} };
  const objects = Array.from({ length: 600 }, (_, n) => ({ n, text: `"${n}"` }));
  const write = ({ n, text }: (typeof objects)[number]): object => ({ n, text });

  it('is one of pieces, and the same when they are joined', () => {
    const answer = longListAnswer({ head, objects, write, texts: undefined });
    assert.ok(answer?.pieces);
    assert.equal([...answer.pieces].length, 602);
    assert.equal([...answer.pieces].join(''), answer.body);
    assert.equal(answer.body, `${JSON.stringify({ ...head, items: objects })}\n`);
  });
  it('is not made of a short list', () => {
    assert.equal(longListAnswer({ head, objects: objects.slice(0, 10), write, texts: undefined }), undefined);
  });
  it('is made once for each object', () => {
    let written = 0;
    const counted = (object: (typeof objects)[number]): object => {
      written++;
      return write(object);
    };
    const texts = new ObjectTexts();
    const first = longListAnswer({ head, objects, write: counted, texts })?.body;
    assert.equal(written, 600);
    const changed = objects.with(5, { n: 5, text: 'new' });
    const second = longListAnswer({ head, objects: changed, write: counted, texts })?.body;
    assert.equal(written, 601);
    assert.notEqual(first, second);
    assert.equal(second, `${JSON.stringify({ ...head, items: changed })}\n`);
  });
  it('is forgotten when there are too many', () => {
    const texts = new ObjectTexts();
    const large = Array.from({ length: 4 }, () => ({}));
    const text = ' '.repeat(40 * 1024 * 1024);
    for (const object of large) texts.keep(object, text);
    assert.deepEqual(
      large.map((object) => texts.get(object) !== undefined),
      [false, false, true, true],
    );
  });

  it('is the same for a table, however often it is asked', () => {
    const wire = new Wire();
    const path = '/api/v1/namespaces/default/configmaps';
    const create = (name: string): void => {
      const answer = wire.call('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } });
      assert.equal(answer.code, 201);
    };
    for (let n = 0; n < 500; n++) create(`map-${n}`);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = (query: string): unknown => {
      const { metadata: _metadata, ...rest } = wire.call('GET', `${path}?${query}`, undefined, { accept }).body;
      return rest;
    };
    // What is not selected by pieces: a table of fewer rows than are long.
    const short = (): unknown => {
      const pages = ['map-1', 'map-2', 'map-3'].map((name) => table(`fieldSelector=metadata.name=${name}`) as { rows: unknown[] });
      return pages.flatMap(({ rows }) => rows);
    };
    const chosen = (): unknown =>
      (table('') as { rows: { object: { metadata: { name: string } } }[] }).rows.filter(({ object }) =>
        ['map-1', 'map-2', 'map-3'].includes(object.metadata.name),
      );
    assert.deepEqual(chosen(), short());
    assert.match(JSON.stringify(short()), /"managedFields"/);
    wire.advance(90_000);
    assert.equal(
      wire.call('PATCH', `${path}/map-2`, { metadata: { labels: { a: 'b' } } }, { 'content-type': 'application/merge-patch+json' }).code,
      200,
    );
    assert.deepEqual(chosen(), short());
    assert.match(JSON.stringify(chosen()), /"a":"b"/);
  });
});
