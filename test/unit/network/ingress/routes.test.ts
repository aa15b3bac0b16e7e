import assert from 'node:assert/strict';
import type { Ingress } from '../../../../src/api/schema/types/networking/v1.ts';
import { routeOf } from '../../../../src/network/ingress/routes.ts';

type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific';
type Path = readonly [path: string, type: PathType, service: string];

function ingress(
  name: string,
  rules: readonly (readonly [host: string, paths: readonly Path[]])[],
  more: { fallback?: string; annotations?: Record<string, string> } = {},
): Ingress {
  const backend = (service: string): { service: { name: string; port: { number: number } } } => ({
    service: { name: service, port: { number: 80 } },
  });
  return {
    metadata: { name, namespace: 'default', ...(more.annotations === undefined ? {} : { annotations: more.annotations }) },
    spec: {
      ...(more.fallback === undefined ? {} : { defaultBackend: backend(more.fallback) }),
      rules: rules.map(([host, paths]) => ({
        ...(host === '' ? {} : { host }),
        http: { paths: paths.map(([path, pathType, service]) => ({ path, pathType, backend: backend(service) })) },
      })),
    },
  };
}

const find = (all: readonly Ingress[], url: string): string => {
  const slash = url.indexOf('/');
  const found = routeOf(all, url.slice(0, slash), url.slice(slash));
  return found === undefined ? '404' : `${found.backend.service?.name ?? ''} ${found.path}`;
};

describe('Routes of Ingresses', () => {
  const shop = ingress('shop', [
    [
      'shop.test',
      [
        ['/', 'Prefix', 'front'],
        ['/cart', 'Prefix', 'cart'],
        ['/cart/pay', 'Exact', 'pay'],
        ['/api/', 'Prefix', 'api'],
        ['/img', 'ImplementationSpecific', 'images'],
      ],
    ],
    ['*.shop.test', [['/', 'Prefix', 'wild']]],
  ]);
  const rows: readonly (readonly [url: string, answer: string])[] = [
    ['shop.test/', 'front /'],
    ['shop.test/cart', 'cart /cart'],
    ['shop.test/cart/', 'cart /cart/'],
    ['shop.test/cart/items', 'cart /cart/items'],
    ['shop.test/carts', 'front /carts'],
    ['shop.test/cart/pay', 'pay /cart/pay'],
    ['shop.test/cart/pay/', 'cart /cart/pay/'],
    ['shop.test/api', 'api /api'],
    ['shop.test/api/v1', 'api /api/v1'],
    ['shop.test/imgs/1', 'images /imgs/1'],
    ['de.shop.test/', 'wild /'],
    ['a.b.shop.test/', '404'],
    ['other.test/', '404'],
  ];
  for (const [url, answer] of rows) it(`${url} leads to ${answer}`, () => assert.equal(find([shop], url), answer));

  it('for all hosts take what no other host has', () => {
    const all = [shop, ingress('any', [['', [['/docs', 'Prefix', 'docs']]]], { fallback: 'rest' })];
    assert.equal(find(all, 'other.test/docs/1'), 'docs /docs/1');
    assert.equal(find(all, 'other.test/'), 'rest /');
    assert.equal(find(all, 'shop.test/docs'), 'front /docs');
  });

  it('have a default backend for the hosts of their Ingress, or for all', () => {
    const narrow = ingress('narrow', [['one.test', [['/a', 'Exact', 'a']]]], { fallback: 'fallback' });
    assert.equal(find([narrow], 'one.test/b'), 'fallback /b');
    assert.equal(find([narrow], 'two.test/b'), '404');
    assert.equal(find([narrow, ingress('all', [], { fallback: 'all' })], 'two.test/b'), 'all /b');
  });

  it('are those of the older Ingress where two say the same', () => {
    assert.equal(
      find([ingress('old', [['x.test', [['/', 'Prefix', 'old']]]]), ingress('new', [['x.test', [['/', 'Prefix', 'new']]]])], 'x.test/'),
      'old /',
    );
  });

  it('are rewritten by the annotation', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/rewrite-target': '/$2' };
    const all = [ingress('rewrite', [['r.test', [['/something(/|$)(.*)', 'ImplementationSpecific', 'http']]]], { annotations })];
    assert.equal(find(all, 'r.test/something'), 'http /');
    assert.equal(find(all, 'r.test/something/'), 'http /');
    assert.equal(find(all, 'r.test/something/new'), 'http /new');
    assert.equal(find(all, 'r.test/else'), '404');
  });
});
