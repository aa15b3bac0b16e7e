import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { INGRESS_STRATEGY } from '../../../../src/api/networking/ingress/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const BACKEND = { service: { name: 'web', port: { number: 80 } } };
const DEFAULT: Spec = { defaultBackend: BACKEND };

const withPath = (path: Spec): Spec => ({ rules: [{ http: { paths: [{ pathType: 'Prefix', path: '/', backend: BACKEND, ...path }] } }] });
const short = (errors: readonly string[]): readonly string[] => errors.map((error) => error.replace(/ must consist of.*/, ' …'));

describe('Ingress', () => {
  const judged: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [DEFAULT, []],
    [withPath({}), []],
    [withPath({ pathType: 'ImplementationSpecific', path: '' }), []],
    [{ ...DEFAULT, rules: [{ host: '*.a.b' }] }, []],
    [{}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [{ rules: [] }, ['spec: Invalid value: []: either `defaultBackend` or `rules` must be specified']],
    [{ rules: [{ http: { paths: [] } }] }, ['spec.rules[0].http.paths: Required value']],
    [
      withPath({ pathType: undefined, backend: undefined }),
      ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
    ],
    [
      withPath({ pathType: 'Exact', path: 'a/./b/..' }),
      [
        'spec.rules[0].http.paths[0].path: Invalid value: "a/./b/..": must be an absolute path',
        'spec.rules[0].http.paths[0].path: Invalid value: "a/./b/..": must not contain \'/./\'',
        'spec.rules[0].http.paths[0].path: Invalid value: "a/./b/..": cannot end with \'/..\'',
      ],
    ],
    [
      withPath({ pathType: 'Regex', backend: {} }),
      [
        'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
        'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
      ],
    ],
    [
      withPath({ backend: { ...BACKEND, resource: { kind: 'A', name: 'a' } } }),
      ['spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both resource and service backends'],
    ],
    [
      { defaultBackend: { service: { port: { name: 'a', number: 1 } } } },
      [
        'spec.defaultBackend.service.name: Required value',
        'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
      ],
    ],
    [
      { defaultBackend: { resource: { apiGroup: '', kind: 'a/b' } } },
      [
        'spec.defaultBackend.resource.apiGroup: Invalid value: "": a lowercase RFC 1123 subdomain …',
        'spec.defaultBackend.resource.kind: Invalid value: "a/b": may not contain \'/\'',
        'spec.defaultBackend.resource.name: Required value',
      ],
    ],
    [
      { ...DEFAULT, rules: [{ host: '1.2.3.4' }], tls: [{ hosts: ['A'], secretName: 'A' }], ingressClassName: 'A' },
      [
        'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
        'spec.tls[0].hosts[0]: Invalid value: "A": a lowercase RFC 1123 subdomain …',
        'spec.tls[0].secretName: Invalid value: "A": a lowercase RFC 1123 subdomain …',
        'spec.ingressClassName: Invalid value: "A": a lowercase RFC 1123 subdomain …',
      ],
    ],
  ];
  for (const [spec, errors] of judged) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(short(judgeCreate(INGRESS_STRATEGY, { spec }).errors), errors));
  }

  it('compares the annotation of the class on creation only, and warns of it where it stands alone', () => {
    const metadata = { name: 'x', annotations: { 'kubernetes.io/ingress.class': 'b' } };
    assert.deepEqual(judgeCreate(INGRESS_STRATEGY, { metadata, spec: { ...DEFAULT, ingressClassName: 'a' } }).errors, [
      'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
    ]);
    assert.deepEqual(judgeCreate(INGRESS_STRATEGY, { metadata, spec: DEFAULT }).warnings, [
      'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead',
    ]);
    const updated = judgeUpdate(INGRESS_STRATEGY, { metadata, spec: DEFAULT }, { 'spec/ingressClassName': 'a' });
    assert.deepEqual([updated.errors, updated.warnings, updated.object.metadata.generation], [[], [], 2]);
  });

  it('lets an update keep what an older server let through', () => {
    const { object } = judgeCreate(INGRESS_STRATEGY, { spec: DEFAULT });
    const odd = { ...object, spec: { ...object.spec, tls: [{ secretName: 'A' }], rules: [{ host: '*.a.b', http: { paths: [] } }] } };
    assert.deepEqual(INGRESS_STRATEGY.validateUpdate(odd, odd), []);
    assert.equal(INGRESS_STRATEGY.validateUpdate(odd, object).length, 2);
  });

  it('judges its status and shows itself', () => {
    const hosts = ['a.b', 'c.d', '', 'e.f', ''].map((host) => ({ host }));
    const { object } = judgeCreate(INGRESS_STRATEGY, { spec: { ...DEFAULT, rules: hosts, tls: [{ hosts: ['a.b'] }] } });
    assert.deepEqual(object.status, { loadBalancer: {} });
    const status = { loadBalancer: { ingress: [{ ip: '10.0.0.9' }, { hostname: '10.0.0.1' }, { ip: '010.0.0.1' }, { ip: '10.0.0.9' }] } };
    const errors = INGRESS_STRATEGY.status?.validateUpdate({ ...object, status }, object) ?? [];
    assert.deepEqual(errors.map(errorText), [
      'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
      'status.loadBalancer.ingress[2].ip: Invalid value: "010.0.0.1": must not have leading 0s',
    ]);
    const cells = INGRESS_STRATEGY.table?.cells({ ...object, status }, 0).slice(0, 5);
    assert.deepEqual(cells, ['x', '<none>', 'a.b,c.d,e.f + 2 more...', '010.0.0.1,10.0.0.1,10.0.0.9', '80, 443']);
  });
});
