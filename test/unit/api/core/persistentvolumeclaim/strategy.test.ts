import assert from 'node:assert/strict';
import { errorText } from '../../../../../src/apimachinery/field/error.ts';
import { PERSISTENTVOLUMECLAIM_STRATEGY as STRATEGY } from '../../../../../src/api/core/persistentvolumeclaim/strategy.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimStatus } from '../../../../../src/api/schema/types/core/v1.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

const SPEC = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const CLAIM = { spec: SPEC };
const BETA = 'volume.beta.kubernetes.io/storage-class';

function stored(spec: Record<string, unknown>, status: PersistentVolumeClaimStatus): PersistentVolumeClaim {
  const { object } = judgeCreate(STRATEGY, { spec: { ...SPEC, ...spec } });
  return { ...object, status };
}

function updateErrors(old: PersistentVolumeClaim, spec: Record<string, unknown>): readonly string[] {
  const wanted = { ...old, spec: { ...old.spec, ...spec } } as PersistentVolumeClaim;
  return STRATEGY.validateUpdate(wanted, old).map((error) => errorText(error).split('\n')[0] ?? '');
}

describe('PersistentVolumeClaim', () => {
  it('is pending and has a file system unless it says otherwise', () => {
    const { object, errors } = judgeCreate(STRATEGY, CLAIM);
    assert.deepEqual(errors, []);
    assert.equal(object.spec?.volumeMode, 'Filesystem');
    assert.deepEqual(object.status, { phase: 'Pending' });
  });

  const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };
  const custom = { apiGroup: 'x.example.com', kind: 'Foo', name: 'f' };
  const sources: readonly (readonly [what: string, spec: object, source: object | undefined])[] = [
    ['fills in the newer field', { dataSource: snapshot }, snapshot],
    ['fills in the older field', { dataSourceRef: custom }, custom],
    ['drops what the older field never knew', { dataSource: custom }, undefined],
    ['drops a source in another namespace', { dataSourceRef: { ...custom, namespace: 'other' } }, undefined],
  ];
  for (const [what, spec, source] of sources) {
    it(`${what} of the data source`, () => {
      const { object } = judgeCreate(STRATEGY, { spec: { ...SPEC, ...spec } });
      assert.deepEqual([object.spec?.dataSource, object.spec?.dataSourceRef], [source, source]);
    });
  }

  const invalid: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{ accessModes: [] }, ['spec.accessModes: Required value: at least 1 access mode is required']],
    [{ resources: {} }, ['spec.resources[storage]: Required value']],
    [{ resources: { requests: { storage: '0' } } }, ['spec.resources[storage]: Invalid value: "0": must be greater than zero']],
    [
      { accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    [{ dataSource: snapshot, dataSourceRef: custom }, ['spec: Invalid value: {}: must match dataSourceRef']],
  ];
  for (const [spec, errors] of invalid) {
    it(`refuses ${JSON.stringify(spec)}`, () => {
      assert.deepEqual(judgeCreate(STRATEGY, { spec: { ...SPEC, ...spec } }).errors, errors);
    });
  }

  const immutable =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  const storage = (amount: string): object => ({ resources: { requests: { storage: amount } } });
  const bound: PersistentVolumeClaimStatus = { phase: 'Bound', capacity: { storage: '1Gi' } };
  const updates: readonly (readonly [
    what: string,
    spec: object,
    status: PersistentVolumeClaimStatus,
    change: object,
    errors: readonly string[],
  ])[] = [
    ['grow while it waits', {}, { phase: 'Pending' }, storage('2Gi'), [immutable]],
    ['grow once it is bound', {}, bound, storage('2Gi'), []],
    [
      'shrink below what there is',
      {},
      bound,
      storage('1Mi'),
      ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
    ],
    ['take an expansion back', storage('3Gi'), bound, storage('2Gi'), []],
    ['be bound', {}, { phase: 'Pending' }, { volumeName: 'pv' }, []],
    ['be bound again', { volumeName: 'pv' }, bound, { volumeName: 'other' }, [immutable]],
    ['get a class late', {}, { phase: 'Pending' }, { storageClassName: 'fast' }, []],
    ['change the class', { storageClassName: 'slow' }, bound, { storageClassName: 'fast' }, [immutable]],
    ['change attributes', { volumeAttributesClassName: 'a' }, bound, { volumeAttributesClassName: 'b' }, []],
    [
      'give up attributes that it has',
      { volumeAttributesClassName: 'a' },
      { ...bound, currentVolumeAttributesClassName: 'a' },
      { volumeAttributesClassName: undefined },
      ['spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil'],
    ],
  ];
  for (const [what, spec, status, change, errors] of updates) {
    it(`${errors.length === 0 ? 'may' : 'may not'} ${what}`, () => {
      assert.deepEqual(updateErrors(stored({ ...spec }, status), { ...change }), errors);
    });
  }

  it('prints what differs', () => {
    const { errors } = judgeUpdate(STRATEGY, CLAIM, { 'spec/accessModes': ['ReadWriteMany'] });
    assert.deepEqual(errors, [
      `${immutable}\n@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  "ReadWriteMany"\n  ],\n  "Selector": null,\n  "Resources": {\n`,
    ]);
  });

  it('moves the class from the annotation to the field, and nowhere else', () => {
    const before = { metadata: { name: 'x', annotations: { [BETA]: 'fast' } }, spec: SPEC };
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/storageClassName': 'fast' }).errors, []);
    const { errors } = judgeUpdate(STRATEGY, before, { 'metadata/annotations': { [BETA]: 'slow' } });
    assert.deepEqual(errors, [`metadata.annotations.${BETA}: Invalid value: "slow": field is immutable`]);
  });

  it('warns of the annotation and of parts of bytes', () => {
    const { warnings } = judgeCreate(STRATEGY, {
      metadata: { name: 'x', annotations: { [BETA]: 'fast' } },
      spec: { ...SPEC, resources: { requests: { storage: '1500m' } } },
    });
    assert.deepEqual(warnings, [
      `metadata.annotations[${BETA}]: deprecated since v1.8; use "storageClassName" attribute instead`,
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ]);
  });

  it('judges its status', () => {
    const old = stored({}, {});
    const status = {
      capacity: { storage: '-1' },
      allocatedResourceStatuses: { cpu: 'Bogus' },
      allocatedResources: { memory: '1', 'example.com/x': '-2' },
    } as unknown as PersistentVolumeClaimStatus;
    const supported =
      '"ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"';
    assert.deepEqual(STRATEGY.status?.validateUpdate({ ...old, status }, old).map(errorText), [
      'status.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
      'status.allocatedResourceStatus: Unsupported value: "cpu": supported values: "storage"',
      `status.allocatedResourceStatus: Unsupported value: "cpu": supported values: ${supported}`,
      'status.allocatedResources[example.com/x]: Invalid value: -2: must be a valid resource quantity',
      'status.allocatedResources: Unsupported value: "memory": supported values: "storage"',
    ]);
  });

  it('shows capacity and modes once there is a volume', () => {
    const cells = (claim: PersistentVolumeClaim) => STRATEGY.table?.cells(claim, 0).slice(1, 7);
    assert.deepEqual(cells(stored({}, { phase: 'Pending' })), ['Pending', '', '', '', '', '<unset>']);
    const claim = stored({ volumeName: 'pv', storageClassName: 'fast' }, { ...bound, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] });
    assert.deepEqual(cells(claim), ['Bound', 'pv', '1Gi', 'RWO,RWX', 'fast', '<unset>']);
  });
});
