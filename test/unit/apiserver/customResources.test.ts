import assert from 'node:assert/strict';
import { events, Wire } from './support.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

const definition = (versions: readonly object[] = [version('v1', true)]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] }, versions },
});

function version(name: string, storage: boolean, more: object = {}): object {
  const spec = {
    type: 'object',
    properties: { replicas: { type: 'integer', minimum: 0, default: 1 }, size: { type: 'string' } },
    'x-kubernetes-validations': [{ rule: "!has(self.size) || self.size != 'huge'", message: 'too huge' }],
  };
  const status = { type: 'object', properties: { replicas: { type: 'integer' } } };
  return {
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
    subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
    additionalPrinterColumns: [{ name: 'Size', type: 'string', jsonPath: '.spec.size' }],
    ...more,
  };
}

const widget = (name: string, spec: object = {}, metadata: object = {}): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

describe('custom resources', () => {
  let wire: Wire;
  beforeEach(() => {
    wire = new Wire();
    assert.equal(wire.call('POST', DEFINITIONS, definition()).code, 201);
  });

  it('are served as soon as they are defined', () => {
    const { status } = wire.call('GET', `${DEFINITIONS}/widgets.example.com`).body;
    assert.deepEqual(
      status.conditions.map(({ type, status: value }: { type: string; status: string }) => `${type}=${value}`),
      ['NamesAccepted=True', 'Established=True'],
    );
    const { resources } = wire.call('GET', '/apis/example.com/v1').body;
    assert.deepEqual(
      resources.map(({ name }: { name: string }) => name),
      ['widgets', 'widgets/status', 'widgets/scale'],
    );
    assert.equal(wire.call('GET', '/openapi/v3/apis/example.com/v1').code, 200);
    assert.equal(wire.call('GET', '/apis/example.com/v2/widgets').code, 404);
  });

  it('are defaulted, pruned and judged', () => {
    assert.deepEqual(wire.call('POST', WIDGETS, widget('a', { color: 'red' })).body.spec, { replicas: 1 });
    const { body } = wire.call('POST', WIDGETS, widget('b', { replicas: -1, size: 'huge' }));
    assert.equal(
      body.message,
      'Widget.example.com "b" is invalid: [spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0, .spec.replicas: Invalid value: -1: should be a non-negative integer, spec: Invalid value: too huge]',
    );
    const strict = wire.call('POST', `${WIDGETS}?fieldValidation=Strict`, widget('c', { color: 'red' }));
    assert.deepEqual([strict.code, strict.body.message.includes('unknown field "spec.color"')], [400, true]);
  });

  it('have a status and a scale of their own', () => {
    wire.call('POST', WIDGETS, { ...widget('a', { replicas: 2 }), status: { replicas: 9 } });
    const made = wire.call('GET', `${WIDGETS}/a`).body;
    assert.equal(made.status, undefined);
    const put = wire.call('PUT', `${WIDGETS}/a/status`, { ...made, spec: { replicas: 7 }, status: { replicas: 2 } }).body;
    assert.deepEqual([put.spec.replicas, put.status.replicas, put.metadata.generation], [2, 2, 1]);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const scale = wire.call('PATCH', `${WIDGETS}/a/scale`, { spec: { replicas: 3 } }, headers).body;
    assert.deepEqual([scale.kind, scale.spec.replicas, scale.status.replicas], ['Scale', 3, 2]);
    assert.equal(wire.call('GET', `${WIDGETS}/a`).body.metadata.generation, 2);
  });

  it('are shown in the columns of their definition', () => {
    wire.call('POST', WIDGETS, widget('a', { size: 'big' }));
    const table = wire.call('GET', WIDGETS, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).body;
    assert.deepEqual(
      table.columnDefinitions.map(({ name }: { name: string }) => name),
      ['Name', 'Size'],
    );
    assert.deepEqual(table.rows[0].cells, ['a', 'big']);
  });

  it('are watched, patched and deleted like others', () => {
    const stream = wire.watch(`${WIDGETS}?watch=true`);
    wire.call('POST', WIDGETS, widget('a'));
    const patched = wire.call('PATCH', `${WIDGETS}/a`, { spec: { size: 'x' } }, { 'content-type': 'application/merge-patch+json' });
    assert.equal(patched.body.spec.size, 'x');
    const strategic = wire.call('PATCH', `${WIDGETS}/a`, {}, { 'content-type': 'application/strategic-merge-patch+json' });
    assert.equal(strategic.code, 415);
    wire.call('DELETE', `${WIDGETS}/a`);
    assert.deepEqual(
      events(stream.read(100)).map(({ type, object }) => `${type} ${object.kind}`),
      ['ADDED Widget', 'MODIFIED Widget', 'DELETED Widget'],
    );
  });

  it('have versions that differ in their schemas only', () => {
    const v2 = {
      name: 'v2',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'string' } } } } } },
    };
    const stored = wire.call('GET', `${DEFINITIONS}/widgets.example.com`).body;
    const changed = { ...stored, spec: { ...stored.spec, versions: [version('v1', false), v2] } };
    assert.equal(wire.call('PUT', `${DEFINITIONS}/widgets.example.com`, changed).code, 200);
    wire.call('POST', WIDGETS, widget('a', { replicas: 4, size: 's' }));
    const second = wire.call('GET', WIDGETS.replace('/v1/', '/v2/') + '/a').body;
    assert.deepEqual([second.apiVersion, second.spec], ['example.com/v2', { size: 's' }]);
    assert.deepEqual(wire.call('GET', `${DEFINITIONS}/widgets.example.com`).body.status.storedVersions, ['v1', 'v2']);
  });

  it('go with their definition, which waits for their finalizers', () => {
    wire.call('POST', WIDGETS, widget('a', {}, { finalizers: ['example.com/x'] }));
    wire.call('POST', WIDGETS, widget('b'));
    assert.deepEqual(wire.call('DELETE', `${DEFINITIONS}/widgets.example.com`).body.metadata.finalizers, [
      'customresourcecleanup.apiextensions.k8s.io',
    ]);
    const refused = wire.call('POST', WIDGETS, widget('c'));
    assert.deepEqual([refused.code, refused.body.message.endsWith('while custom resource definition is terminating')], [403, true]);
    wire.advance(10_000);
    assert.equal(wire.call('GET', `${WIDGETS}/b`).code, 404);
    assert.equal(wire.call('GET', `${DEFINITIONS}/widgets.example.com`).code, 200);
    wire.call('PATCH', `${WIDGETS}/a`, { metadata: { finalizers: null } }, { 'content-type': 'application/merge-patch+json' });
    wire.advance(10_000);
    assert.equal(wire.call('GET', `${DEFINITIONS}/widgets.example.com`).code, 404);
    assert.equal(wire.call('GET', WIDGETS).code, 404);
  });

  it('own and are owned', () => {
    const owner = wire.call('POST', WIDGETS, widget('a')).body.metadata;
    const ownerReferences = [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'a', uid: owner.uid }];
    wire.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'owned', ownerReferences } });
    wire.call('POST', WIDGETS, widget('owned', {}, { ownerReferences }));
    wire.advance(1000);
    assert.equal(wire.call('GET', `${WIDGETS}/owned`).code, 200);
    wire.call('DELETE', `${WIDGETS}/a`);
    wire.advance(1000);
    assert.equal(wire.call('GET', '/api/v1/namespaces/default/configmaps/owned').code, 404);
    assert.equal(wire.call('GET', `${WIDGETS}/owned`).code, 404);
  });

  it('are selected by the fields that their definition names', () => {
    const stored = wire.call('GET', `${DEFINITIONS}/widgets.example.com`).body;
    const versions = [version('v1', true, { selectableFields: [{ jsonPath: '.spec.size' }] })];
    assert.equal(wire.call('PUT', `${DEFINITIONS}/widgets.example.com`, { ...stored, spec: { ...stored.spec, versions } }).code, 200);
    wire.call('POST', WIDGETS, widget('a', { size: 'x' }));
    wire.call('POST', WIDGETS, widget('b', { size: 'y' }));
    const { items } = wire.call('GET', `${WIDGETS}?fieldSelector=spec.size%3Dx`).body;
    assert.deepEqual(
      items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
      ['a'],
    );
    assert.equal(wire.call('GET', `${WIDGETS}?fieldSelector=spec.replicas%3D1`).code, 400);
  });

  it('share their fields with those who apply', () => {
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const made = wire.call('PATCH', `${WIDGETS}/a?fieldManager=me`, widget('a', { size: 'x' }), headers);
    assert.equal(made.code, 201);
    const other = wire.call('PATCH', `${WIDGETS}/a?fieldManager=you`, widget('a', { size: 'y' }), headers);
    assert.deepEqual([other.code, other.body.details.causes[0].field], [409, '.spec.size']);
  });
});
