import assert from 'node:assert/strict';
import { ImageCatalog } from '../../../src/runtime/images/catalog.ts';
import { referenceError } from '../../../src/runtime/images/reference.ts';
import { acquire, addressPool, release } from '../../../src/runtime/ipam.ts';

describe('image names', () => {
  const cases: readonly [image: string, error: RegExp | undefined][] = [
    ['nginx', undefined],
    ['nginx:1.27', undefined],
    ['localhost:5000/a/b_c:v1.0', undefined],
    [`registry.k8s.io/pause@sha256:${'a'.repeat(64)}`, undefined],
    ['registry.test/Upper Case:1', /must be lowercase/],
    ['Nginx', /must be lowercase/],
    ['a b', /^invalid reference format$/],
    ['nginx:', /^invalid reference format$/],
  ];
  for (const [image, wanted] of cases) {
    it(`${image}: ${wanted === undefined ? 'valid' : 'invalid'}`, () => {
      const error = referenceError(image);
      if (wanted === undefined) assert.equal(error, undefined);
      else assert.match(error ?? '', wanted);
    });
  }
});

describe('the catalog of images', () => {
  it('believes the first program that names an image', () => {
    const catalog = new ImageCatalog();
    catalog.learn('a:1', { present: false, fault: 'missing', faultUntilMs: 30_000 }, 1_000);
    catalog.learn('a:1', { present: true }, 2_000);
    assert.equal(catalog.isPreloaded('a:1'), false);
    const refused = catalog.pull('a:1', false, { present: false }, 30_999);
    assert.equal(refused.ok, false);
    assert.match(refused.ok ? '' : refused.error, /^rpc error: code = NotFound desc = failed to pull and unpack image "a:1"/);
    assert.equal(catalog.pull('a:1', false, { present: false }, 31_000).ok, true);
  });

  it('lets only those in whose secret names the right user', () => {
    const catalog = new ImageCatalog();
    catalog.learn('p:1', { present: false, fault: 'private' }, 0);
    assert.deepEqual(
      [catalog.pull('p:1', false, { present: false }, 0).ok, catalog.pull('p:1', true, { present: false }, 0).ok],
      [false, true],
    );
  });

  it('fetches what the node has not, and else only asks the registry', () => {
    const catalog = new ImageCatalog();
    catalog.learn('slow:1', { present: false, pullMs: 9_000 }, 0);
    const took = (image: string, present: boolean): number => catalog.pull(image, false, { present }, 0).tookMs;
    assert.deepEqual([took('a:1', false), took('a:1', true)], [1_000, 300]);
    assert.ok(took('nginx:1', false) > 1_000);
    assert.equal(took('nginx:1', true), 300);
    // A program's own word holds for every pull.
    assert.deepEqual([took('slow:1', false), took('slow:1', true)], [9_000, 9_000]);
  });

  it('survives a checkpoint', () => {
    const catalog = new ImageCatalog();
    catalog.learn('a:1', { present: true, user: '1000' }, 5);
    const copy = new ImageCatalog();
    copy.restore(JSON.parse(JSON.stringify(catalog.checkpoint())) as never);
    assert.deepEqual([copy.isPreloaded('a:1'), copy.user('a:1'), copy.isPreloaded('x/present/y')], [true, '1000', true]);
  });
});

describe('addresses of Pods', () => {
  it('are held once, and come back after the others had their turn', () => {
    const pool = addressPool('10.244.3.0/24');
    assert.deepEqual([acquire(pool, 'a'), acquire(pool, 'b'), acquire(pool, 'a')], ['10.244.3.2', '10.244.3.3', '10.244.3.2']);
    release(pool, 'a');
    assert.equal(acquire(pool, 'c'), '10.244.3.4');
    for (let i = 0; i < 250; i++) acquire(pool, `x${i}`);
    assert.equal(acquire(pool, 'last'), '10.244.3.2');
    assert.equal(new Set(Object.values(pool.held)).size, Object.keys(pool.held).length);
  });
});
