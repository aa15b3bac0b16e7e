import assert from 'node:assert/strict';
import { FIELD_TYPES } from '../../../../src/api/fieldTypes.ts';
import { applyValue, describeConflicts } from '../../../../src/apimachinery/managedfields/apply.ts';
import { compareValues } from '../../../../src/apimachinery/managedfields/compare.ts';
import {
  difference,
  has,
  intersection,
  isSameSet,
  pathsOf,
  recursiveDifference,
  setOf,
  union,
  type FieldSet,
} from '../../../../src/apimachinery/managedfields/fieldSet.ts';
import {
  ownCreated,
  ownUpdated,
  showEntries,
  type ManagedFields,
  type Writer,
} from '../../../../src/apimachinery/managedfields/managers.ts';
import { pathText } from '../../../../src/apimachinery/managedfields/pathElement.ts';
import { mergeValues } from '../../../../src/apimachinery/managedfields/typedValue.ts';
import { typeProblem } from '../../../../src/apimachinery/managedfields/validate.ts';

const type = (name: string) => FIELD_TYPES.ofDefinition(`io.k8s.api.${name}`);
const POD_TEMPLATE = type('core.v1.PodTemplate');
const CONFIG_MAP = type('core.v1.ConfigMap');
const SERVICE = type('core.v1.Service');

const writer = (manager: string, time = '2026-01-01T00:00:00Z'): Writer => ({
  manager,
  apiVersion: 'v1',
  subresource: '',
  time,
  reset: {},
});

describe('sets of fields', () => {
  const a: FieldSet = { 'f:x': { '.': {}, 'f:y': {}, 'f:z': {} }, 'f:w': {} };

  it('are united, subtracted and intersected member by member', () => {
    assert.deepEqual(union(a, { 'f:x': { 'f:q': {} } }), { 'f:x': { '.': {}, 'f:y': {}, 'f:z': {}, 'f:q': {} }, 'f:w': {} });
    assert.deepEqual(union({ 'f:x': {} }, { 'f:x': { 'f:q': {} } }), { 'f:x': { '.': {}, 'f:q': {} } });
    assert.deepEqual(difference(a, { 'f:x': { 'f:y': {} } }), { 'f:x': { '.': {}, 'f:z': {} }, 'f:w': {} });
    assert.deepEqual(difference(a, { 'f:x': {} }), { 'f:x': { 'f:y': {}, 'f:z': {} }, 'f:w': {} });
    assert.deepEqual(recursiveDifference(a, { 'f:x': {} }), { 'f:w': {} });
    assert.deepEqual(intersection(a, { 'f:x': { 'f:y': {} } }), { 'f:x': { 'f:y': {} } });
  });

  it('are the same if they hold the same', () => {
    assert.equal(isSameSet(a, { 'f:w': {}, 'f:x': { 'f:z': {}, 'f:y': {}, '.': {} } }), true);
    assert.equal(isSameSet(a, { ...a, 'f:v': {} }), false);
    assert.equal(isSameSet({ ...a, 'f:v': {} }, a), false);
    assert.equal(isSameSet({ 'f:x': {} }, { 'f:x': { 'f:y': {} } }), false);
  });

  it('give back their operand where nothing changes', () => {
    assert.equal(union(a, { 'f:w': {} }), a);
    assert.equal(difference(a, { 'f:other': {} }), a);
  });

  it('know their members and list them by level', () => {
    assert.equal(has(a, ['f:x']), true);
    assert.equal(has(difference(a, { 'f:x': {} }), ['f:x']), false);
    assert.deepEqual(pathsOf(a).map(pathText), ['.w', '.x', '.x.y', '.x.z']);
    assert.deepEqual(setOf(['f:a', 'k:{"name":"b"}']), { 'f:a': { 'k:{"name":"b"}': {} } });
  });

  it('name paths as messages do', () => {
    assert.equal(pathText(['f:spec', 'k:{"port":53,"protocol":"TCP"}', 'v:"x"', 'i:2']), '.spec[port=53,protocol="TCP"][="x"][2]');
  });
});

describe('owners of fields', () => {
  const template = {
    metadata: { name: 't', labels: { a: 'b' }, creationTimestamp: '2026-01-01T00:00:00Z' },
    template: {
      metadata: {},
      spec: {
        containers: [
          { name: 'app', image: 'i', resources: {}, ports: [{ containerPort: 80, protocol: 'TCP' }], env: [{ name: 'X', value: '1' }] },
        ],
        securityContext: {},
      },
    },
  };

  it('are those of everything that a new object has more than an empty one', () => {
    const [entry] = showEntries(ownCreated(POD_TEMPLATE, template, writer('me')));
    assert.deepEqual(entry, {
      manager: 'me',
      operation: 'Update',
      apiVersion: 'v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:template': {
          'f:spec': {
            'f:containers': {
              'k:{"name":"app"}': {
                '.': {},
                'f:name': {},
                'f:image': {},
                'f:resources': {},
                'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} } },
                'f:env': { '.': {}, 'k:{"name":"X"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
              },
            },
            'f:securityContext': {},
          },
        },
      },
    });
  });

  it('are those of the times that Go prints though nobody set them', () => {
    const status = { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const before = { metadata: {}, spec: { containers: [] }, status: {} };
    const owned = ownUpdated(type('core.v1.Pod'), before, { ...before, status }, [], writer('kubelet'));
    const item = { '.': {}, 'f:lastProbeTime': {}, 'f:lastTransitionTime': {}, 'f:status': {}, 'f:type': {} };
    assert.deepEqual(owned[0]?.fields, { 'f:status': { 'f:conditions': { '.': {}, 'k:{"type":"Ready"}': item } } });
  });

  it('change with what an update changes and takes away', () => {
    const before = { metadata: { name: 'c' }, data: { x: '1', y: '2' } };
    const after = { metadata: { name: 'c' }, data: { x: '5', z: '3' } };
    const created = ownCreated(CONFIG_MAP, before, writer('one'));
    const updated = showEntries(ownUpdated(CONFIG_MAP, before, after, created, writer('two', '2026-01-01T00:00:09Z')));
    assert.deepEqual(
      updated.map(({ manager, time, fieldsV1 }) => ({ manager, time, fieldsV1 })),
      [
        { manager: 'one', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:data': {} } },
        { manager: 'two', time: '2026-01-01T00:00:09Z', fieldsV1: { 'f:data': { 'f:x': {}, 'f:z': {} } } },
      ],
    );
    assert.equal(ownUpdated(CONFIG_MAP, before, before, created, writer('two')), created);
  });

  it('put the oldest together when there are more than ten', () => {
    let entries: ManagedFields = ownCreated(CONFIG_MAP, { metadata: {}, data: { k0: '0' } }, writer('m00'));
    for (let i = 1; i < 13; i++) {
      const old = { metadata: {}, data: { [`k${i - 1}`]: '0' } };
      entries = ownUpdated(
        CONFIG_MAP,
        old,
        { metadata: {}, data: { ...old.data, [`k${i}`]: '0' } },
        entries,
        writer(`m${String(i).padStart(2, '0')}`, `2026-01-01T00:00:${10 + i}Z`),
      );
    }
    assert.equal(entries.length, 10);
    const ancient = entries.find(({ manager }) => manager === 'ancient-changes');
    assert.deepEqual(ancient?.fields, { 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {}, 'f:k3': {} } });
  });
});

describe('an apply', () => {
  const apply = (live: object, wanted: object, entries: ManagedFields, manager: string, force = false) =>
    applyValue({ type: CONFIG_MAP, live, wanted, entries, writer: writer(manager), force });

  it('takes away what its manager wanted before and nobody else owns', () => {
    const first = apply({}, { data: { x: '1', y: '2' } }, [], 'one');
    assert(!('conflicts' in first));
    const second = apply(first.object ?? {}, { data: { y: '2' } }, first.entries, 'two');
    assert(!('conflicts' in second));
    const third = apply(first.object ?? {}, { data: {} }, second.entries, 'one');
    assert(!('conflicts' in third));
    assert.deepEqual(third.object, { data: { y: '2' } });
  });

  it('says with whom it is in conflict, and takes the field by force', () => {
    const first = apply({}, { data: { x: '1', y: '1' } }, [], 'one');
    assert(!('conflicts' in first));
    const second = apply(first.object ?? {}, { data: { x: '2', y: '2' } }, first.entries, 'two');
    assert('conflicts' in second);
    assert.equal(describeConflicts(second.conflicts).message, 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y');
    const forced = apply(first.object ?? {}, { data: { x: '2', y: '2' } }, first.entries, 'two', true);
    assert(!('conflicts' in forced));
    assert.deepEqual(
      forced.entries.map(({ manager, fields }) => [manager, fields]),
      [['two', { 'f:data': { 'f:x': {}, 'f:y': {} } }]],
    );
  });
});

describe('typed values', () => {
  it('merge lists by key, in the order of the applied one', () => {
    const port = (value: number, name: string) => ({ port: value, protocol: 'TCP', name });
    const merged = mergeValues(
      SERVICE,
      { spec: { ports: [port(1, 'a'), port(2, 'x'), port(3, 'b')] } },
      { spec: { ports: [{ port: 3, name: 'B' }, port(1, 'A'), port(4, 'c')] } },
    ) as { readonly spec: { readonly ports: readonly { readonly name: string }[] } };
    assert.deepEqual(
      merged.spec.ports.map(({ name }) => name),
      ['x', 'B', 'A', 'c'],
    );
  });

  const wrong: readonly (readonly [object, string])[] = [
    [{ extra: 1 }, '.extra: field not declared in schema'],
    [{ spec: { ports: { a: 'b' } } }, '.spec.ports: expected list, got &{map[a:b]}'],
    [{ spec: { ports: [{ port: '80' }] } }, '.spec.ports[port="80",protocol="TCP"].port: expected numeric (int or float), got string'],
    [{ spec: { clusterIP: 5 } }, '.spec.clusterIP: expected string, got &value.valueUnstructured{Value:5}'],
    [{ spec: { ports: [{ port: 1 }, { port: 1 }] } }, '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]'],
    [{ a: 1, b: 2 }, 'errors:\n  .a: field not declared in schema\n  .b: field not declared in schema'],
  ];
  for (const [value, text] of wrong) it(`refuses ${JSON.stringify(value)}`, () => assert.equal(typeProblem(SERVICE, value), text));

  it('compare by the parts that are owned as a whole', () => {
    const selector = (value: string) => ({ spec: { selector: { app: value } } });
    assert.deepEqual(compareValues(SERVICE, selector('a'), selector('b')), { changed: { 'f:spec': { 'f:selector': {} } }, removed: {} });
  });
});
