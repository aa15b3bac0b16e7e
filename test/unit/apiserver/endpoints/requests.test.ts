import assert from 'node:assert/strict';
import { authenticate } from '../../../../src/apiserver/authentication/authenticate.ts';
import { acceptedRanges, negotiate } from '../../../../src/apiserver/endpoints/negotiation.ts';
import { parseRequestInfo } from '../../../../src/apiserver/endpoints/requestInfo.ts';
import { configMap, Wire, type Parsed } from '../support.ts';

const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';

describe('requests', () => {
  let wire: Wire;
  before(() => {
    wire = new Wire();
  });

  const paths: readonly (readonly [string, string])[] = [
    ['/api/v1/namespaces', '/v1//namespaces//'],
    ['/api/v1/namespaces/a', '/v1//namespaces/a/'],
    ['/api/v1/namespaces/a/status', '/v1//namespaces/a/status'],
    ['/api/v1/namespaces/a/pods/p/log', '/v1/a/pods/p/log'],
    ['/apis/apps/v1/deployments', 'apps/v1//deployments//'],
    ['/apis/apps/v1/namespaces/a/deployments/d%2Ee/scale', 'apps/v1/a/deployments/d.e/scale'],
  ];
  for (const [path, expected] of paths) {
    it(`reads ${path}`, () => {
      const info = parseRequestInfo(path);
      assert.equal([info?.group, info?.version, info?.namespace, info?.resource, info?.name, info?.subresource].join('/'), expected);
    });
  }

  const answers: readonly (readonly [string, string, unknown, number, string])[] = [
    ['GET', '/api/v1/namespaces/default/gadgets', undefined, 404, 'the server could not find the requested resource'],
    ['GET', '/apis/nope.example.com/v1/x', undefined, 404, '404 page not found\n'],
    ['PUT', CONFIGMAPS, {}, 405, 'the server does not allow this method on the requested resource'],
    ['POST', '/api/v1/configmaps', configMap('a'), 405, 'the server does not allow this method on the requested resource'],
    ['GET', `${CONFIGMAPS}/nope`, undefined, 404, 'configmaps "nope" not found'],
    [
      'POST',
      `${CONFIGMAPS}?dryRun=Some`,
      configMap('a'),
      422,
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    [
      'POST',
      CONFIGMAPS,
      { metadata: { name: 'a', namespace: 'other' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    ['PUT', `${CONFIGMAPS}/a`, { metadata: {} }, 400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
  ];
  for (const [method, url, body, code, message] of answers) {
    it(`${method} ${url}: ${message.trim()}`, () => {
      const got = wire.call(method, url, body);
      assert.deepEqual([got.code, got.body.message ?? got.body], [code, message]);
    });
  }

  it('serves autoscalers in two versions', () => {
    const spec = {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      targetCPUUtilizationPercentage: 50,
    };
    const old = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
    const created = wire.call('POST', old, { metadata: { name: 'web' }, spec });
    assert.deepEqual([created.code, created.body.apiVersion, created.body.spec.minReplicas], [201, 'autoscaling/v1', 1]);
    const current = wire.call('GET', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web').body;
    assert.deepEqual([current.apiVersion, current.spec.metrics[0].resource.target.averageUtilization], ['autoscaling/v2', 50]);
    const changed = wire.call(
      'PATCH',
      `${old}/web`,
      { spec: { targetCPUUtilizationPercentage: 70 } },
      { 'content-type': 'application/merge-patch+json' },
    );
    assert.deepEqual([changed.code, changed.body.spec.targetCPUUtilizationPercentage], [200, 70]);
    assert.equal(wire.call('GET', old).body.items[0].spec.targetCPUUtilizationPercentage, 70);
    assert.equal(wire.call('PUT', `${old}/web`, { ...changed.body, spec: { ...spec, maxReplicas: -1 } }).code, 422);
  });

  it('does everything but store in a dry run', () => {
    assert.equal(wire.call('POST', `${CONFIGMAPS}?dryRun=All`, configMap('dry')).code, 201);
    assert.equal(wire.call('GET', `${CONFIGMAPS}/dry`).code, 404);
  });

  it('warns of unknown fields, or refuses or ignores them', () => {
    const body = { ...configMap('w'), extra: 1 };
    assert.deepEqual(wire.call('POST', `${CONFIGMAPS}?dryRun=All`, body).answer.warnings, ['unknown field "extra"']);
    assert.deepEqual(wire.call('POST', `${CONFIGMAPS}?dryRun=All&fieldValidation=Ignore`, body).answer.warnings, []);
    const strict = wire.call('POST', `${CONFIGMAPS}?dryRun=All&fieldValidation=Strict`, body);
    assert.match(strict.body.message, /strict decoding error: unknown field "extra"$/);
  });

  it('reads and writes the scale of a Deployment', () => {
    const template = { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const url = '/apis/apps/v1/namespaces/default/deployments';
    wire.call('POST', url, {
      metadata: { name: 'd' },
      spec: { replicas: 0, paused: true, selector: { matchLabels: { app: 'd' } }, template },
    });
    assert.deepEqual(wire.call('GET', `${url}/d/scale`).body.status, { replicas: 0, selector: 'app=d' });
    const put = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd', namespace: 'default' }, spec: { replicas: 2 } };
    assert.deepEqual(wire.call('PUT', `${url}/d/scale`, put).body.spec, { replicas: 2 });
    assert.equal(wire.call('GET', `${url}/d`).body.metadata.generation, 2);
  });

  it('lists every served resource in aggregated discovery, under an ETag', () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const first = wire.call('GET', '/apis', undefined, { accept });
    assert.match(first.answer.headers['Content-Type'] ?? '', /as=APIGroupDiscoveryList$/);
    const apps = first.body.items.find((group: Parsed) => group.metadata.name === 'apps');
    assert(
      apps.versions[0].resources.some((resource: Parsed) => resource.resource === 'deployments' && resource.subresources.length === 2),
    );
    const again = wire.send('GET', '/apis', undefined, { accept, 'if-none-match': first.answer.headers['ETag'] ?? '' });
    assert(again.kind === 'response' && again.code === 304);
  });

  it('says in OpenAPI v3 how lists merge and that fields are validated', () => {
    const document = wire.call('GET', '/openapi/v3/apis/apps/v1').body;
    const podSpec = document.components.schemas['io.k8s.api.core.v1.PodSpec'];
    assert.equal(podSpec.properties.containers['x-kubernetes-patch-merge-key'], 'name');
    const { parameters } = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch;
    assert(parameters.some((parameter: Parsed) => parameter.name === 'fieldValidation'));
  });

  it('takes the first form of an answer that it can give', () => {
    assert.deepEqual(negotiate('text/html, application/json;as=Table;v=v1;g=meta.k8s.io'), {
      mediaType: 'application/json',
      pretty: false,
      transform: 'Table',
      transformVersion: 'meta.k8s.io/v1',
    });
    assert.equal((negotiate('text/html') as { code?: number }).code, 406);
    assert.deepEqual(
      acceptedRanges('a/b;q=0.1,c/d').map(({ type }) => type),
      ['c/d', 'a/b'],
    );
  });

  it('knows users by token, and lets the master be another', () => {
    const byToken = (token: string): { name: string; groups: string[] } | undefined =>
      token === 't' ? { name: 'admin', groups: ['system:masters'] } : undefined;
    const authentication = { userOfToken: byToken, authorizer: wire.cluster.api.authorizer };
    assert.equal((authenticate({ authorization: 'Bearer wrong' }, authentication) as { code?: number }).code, 401);
    assert.deepEqual(
      authenticate({ authorization: 'Bearer t', 'impersonate-user': 'jane', 'impersonate-group': 'dev\nops' }, authentication),
      {
        name: 'jane',
        groups: ['dev', 'ops', 'system:authenticated'],
      },
    );
  });
});
