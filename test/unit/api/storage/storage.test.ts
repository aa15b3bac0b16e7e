import assert from 'node:assert/strict';
import { CSIDRIVER_STRATEGY } from '../../../../src/api/storage/csidriver/strategy.ts';
import { CSINODE_STRATEGY } from '../../../../src/api/storage/csinode/strategy.ts';
import { CSISTORAGECAPACITY_STRATEGY } from '../../../../src/api/storage/csistoragecapacity/strategy.ts';
import { STORAGECLASS_STRATEGY } from '../../../../src/api/storage/storageclass/strategy.ts';
import { VOLUMEATTACHMENT_STRATEGY } from '../../../../src/api/storage/volumeattachment/strategy.ts';
import { VOLUMEATTRIBUTESCLASS_STRATEGY } from '../../../../src/api/storage/volumeattributesclass/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

describe('StorageClass', () => {
  const base = { provisioner: 'csi.example.com' };

  it('deletes volumes and binds them at once unless it says otherwise', () => {
    const { object } = judgeCreate(STORAGECLASS_STRATEGY, base);
    assert.deepEqual([object.reclaimPolicy, object.volumeBindingMode], ['Delete', 'Immediate']);
  });

  const term = (...values: readonly string[]): object => ({ matchLabelExpressions: [{ key: 'z', values }] });
  const duplicate = (index: number): string => `allowedTopologies[${index}].matchLabelExpressions: Duplicate value: ""`;
  const rules: readonly (readonly [changes: object, errors: readonly string[]])[] = [
    [{ provisioner: '' }, ['provisioner: Required value']],
    [{ reclaimPolicy: 'Recycle' }, ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"']],
    [{ parameters: { '': 'x' } }, ['parameters: Invalid value: "": field can not be empty.']],
    [{ parameters: { a: 'x'.repeat(256 * 1024) } }, ['parameters: Too long: may not be more than 262144 bytes']],
    [
      { parameters: Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`k${index}`, ''])) },
      ['parameters: Too long: may not be more than 512 bytes'],
    ],
    [{ allowedTopologies: [term('a', 'b'), term('b', 'a')] }, [duplicate(1)]],
    // An empty term equals every place that is not filled yet.
    [{ allowedTopologies: [{}, term('a')] }, [duplicate(0), duplicate(0)]],
    [{ allowedTopologies: [term('a', 'a')] }, ['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"']],
  ];
  for (const [changes, errors] of rules) {
    it(`judges ${JSON.stringify(changes).slice(0, 70)}`, () => {
      assert.deepEqual(judgeCreate(STORAGECLASS_STRATEGY, { ...base, ...changes }).errors, errors);
    });
  }

  it('keeps all that volumes were made with', () => {
    const changes = {
      provisioner: 'x',
      parameters: { b: '1', a: '2' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    };
    assert.deepEqual(judgeUpdate(STORAGECLASS_STRATEGY, base, changes).errors, [
      'parameters: Invalid value: {"a":"2","b":"1"}: field is immutable',
      'provisioner: Invalid value: "x": field is immutable',
      'reclaimPolicy: Invalid value: "Retain": field is immutable',
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ]);
    assert.deepEqual(judgeUpdate(STORAGECLASS_STRATEGY, base, { allowVolumeExpansion: true, allowedTopologies: [term('a')] }).errors, []);
  });

  it('warns of old labels and shows the default', () => {
    const { object, warnings } = judgeCreate(STORAGECLASS_STRATEGY, {
      metadata: { name: 'x', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      ...base,
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', values: ['a'] }] }],
    });
    assert.deepEqual(warnings, [
      'allowedTopologies[0].matchLabelExpressions[0]: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ]);
    assert.deepEqual(STORAGECLASS_STRATEGY.table?.cells(object, 0).slice(0, 5), [
      'x (default)',
      'csi.example.com',
      'Delete',
      'Immediate',
      false,
    ]);
  });
});

describe('CSIDriver', () => {
  const base = { spec: { tokenRequests: [{ audience: 'a' }] } };

  it('judges tokens', () => {
    const spec = {
      tokenRequests: [{ audience: 'a', expirationSeconds: 599 }, { audience: 'a' }, { audience: 'b', expirationSeconds: 2 ** 33 }],
      nodeAllocatableUpdatePeriodSeconds: 9,
    };
    assert.deepEqual(judgeCreate(CSIDRIVER_STRATEGY, { spec }).errors, [
      'spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
      'spec.tokenRequests[2].expirationSeconds: Invalid value: 8589934592: may not specify a duration larger than 2^32 seconds',
      'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds',
    ]);
  });

  it('gives tokens as secrets only where there are tokens', () => {
    assert.deepEqual(judgeCreate(CSIDRIVER_STRATEGY, { spec: { serviceAccountTokenInSecrets: false } }).errors, [
      'spec.serviceAccountTokenInSecrets: Invalid value: false: serviceAccountTokenInSecrets is set but no tokenRequests are specified',
    ]);
  });

  it('counts changes from the first one on', () => {
    assert.equal(judgeCreate(CSIDRIVER_STRATEGY, base).object.metadata.generation, undefined);
    assert.equal(judgeUpdate(CSIDRIVER_STRATEGY, base, { 'spec/podInfoOnMount': true }).object.metadata.generation, 1);
  });

  it('warns when tokens are asked for in the old way', () => {
    assert.equal(judgeCreate(CSIDRIVER_STRATEGY, base).warnings.length, 1);
    assert.equal(judgeUpdate(CSIDRIVER_STRATEGY, base, { 'spec/podInfoOnMount': true }).warnings.length, 0);
    assert.equal(judgeUpdate(CSIDRIVER_STRATEGY, base, { 'spec/tokenRequests/0/audience': 'b' }).warnings.length, 1);
  });

  it('keeps how volumes live', () => {
    const { errors } = judgeUpdate(CSIDRIVER_STRATEGY, base, { 'spec/attachRequired': false, 'spec/volumeLifecycleModes': ['Ephemeral'] });
    assert.deepEqual(errors, [
      'spec.attachedRequired: Invalid value: false: field is immutable',
      'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
    ]);
  });
});

describe('CSINode', () => {
  const driver = { name: 'csi.example.com', nodeID: 'n', topologyKeys: ['zone'], allocatable: { count: 1 } };

  it('judges drivers', () => {
    const drivers = [driver, { ...driver, nodeID: 'x'.repeat(257), topologyKeys: ['a', 'a'], allocatable: { count: -1 } }];
    assert.deepEqual(judgeCreate(CSINODE_STRATEGY, { spec: { drivers } }).errors, [
      `spec.drivers[1].nodeID: Invalid value: "${'x'.repeat(257)}": must be 256 characters or less`,
      'spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
      'spec.drivers[1].name: Duplicate value: "csi.example.com"',
      'spec.drivers[1]: Duplicate value: "a"',
    ]);
  });

  it('lets only the count of a driver change', () => {
    const before = { spec: { drivers: [driver] } };
    assert.deepEqual(judgeUpdate(CSINODE_STRATEGY, before, { 'spec/drivers/0/allocatable/count': 2 }).errors, []);
    const printed = '{"Name":"csi.example.com","NodeID":"m","TopologyKeys":["zone"],"Allocatable":null}';
    assert.deepEqual(judgeUpdate(CSINODE_STRATEGY, before, { 'spec/drivers/0/nodeID': 'm' }).errors, [
      `spec.drivers: Invalid value: ${printed}: field is immutable`,
    ]);
  });
});

describe('CSIStorageCapacity', () => {
  it('stays at its place', () => {
    const before = { storageClassName: 'fast', nodeTopology: { matchLabels: { z: 'a' } } };
    const changes = { storageClassName: 'slow', nodeTopology: { matchLabels: { z: 'b', y: 'c' } }, capacity: '-1' };
    assert.deepEqual(judgeUpdate(CSISTORAGECAPACITY_STRATEGY, before, changes).errors, [
      'capacity: Invalid value: "-1": must be greater than or equal to 0',
      'nodeTopology: Invalid value: {"matchLabels":{"y":"c","z":"b"}}: field is immutable',
      'storageClassName: Invalid value: "slow": field is immutable',
    ]);
  });

  it('warns of old labels', () => {
    const nodeTopology = {
      matchLabels: { 'beta.kubernetes.io/os': 'a' },
      matchExpressions: [{ key: 'beta.kubernetes.io/arch', operator: 'Exists' }],
    };
    assert.deepEqual(judgeCreate(CSISTORAGECAPACITY_STRATEGY, { storageClassName: 'fast', nodeTopology }).warnings, [
      'nodeTopology.matchExpressions[0]: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
      'nodeTopology.matchLabels.beta.kubernetes.io/os: deprecated since v1.14; use "kubernetes.io/os" instead',
    ]);
  });
});

describe('VolumeAttachment', () => {
  const spec = { attacher: 'csi.example.com', nodeName: 'n', source: { persistentVolumeName: 'pv' } };
  const csi = { driver: 'd', volumeHandle: 'h' };
  const sources: readonly (readonly [source: object, errors: readonly string[]])[] = [
    [{}, [': Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName']],
    [
      { persistentVolumeName: 'a', inlineVolumeSpec: { csi } },
      [': Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
    ],
    [{ inlineVolumeSpec: { csi, accessModes: ['ReadWriteOnce'] } }, []],
    [
      {
        inlineVolumeSpec: {
          hostPath: { path: '/a' },
          accessModes: [],
          capacity: { storage: '1' },
          claimRef: { name: 'c' },
          nodeAffinity: {},
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: 'c',
          volumeMode: 'Block',
        },
      },
      [
        '.inlineVolumeSpec.claimRef: Forbidden: may not be specified in the context of inline volumes',
        '.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
        '.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
        '.inlineVolumeSpec.accessModes: Required value',
        '.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes',
        '.inlineVolumeSpec.nodeAffinity: Forbidden: may not be specified in the context of inline volumes',
        '.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes',
        '.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes',
      ],
    ],
  ];
  for (const [source, errors] of sources) {
    it(`judges the source ${JSON.stringify(source).slice(0, 70)}`, () => {
      assert.deepEqual(
        judgeCreate(VOLUMEATTACHMENT_STRATEGY, { spec: { ...spec, source } }).errors,
        errors.map((text) => `spec.source${text}`),
      );
    });
  }

  it('never changes', () => {
    const printed = '{"Attacher":"csi.example.com","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"m"}';
    assert.deepEqual(judgeUpdate(VOLUMEATTACHMENT_STRATEGY, { spec }, { 'spec/nodeName': 'm' }).errors, [
      `spec: Invalid value: ${printed}: field is immutable`,
    ]);
  });
});

describe('VolumeAttributesClass', () => {
  it('never changes, and is judged after that', () => {
    const { errors } = judgeUpdate(
      VOLUMEATTRIBUTESCLASS_STRATEGY,
      { driverName: 'd', parameters: { a: 'b' } },
      { driverName: '', parameters: {} },
    );
    assert.deepEqual(errors, [
      'driverName: Forbidden: updates to driverName are forbidden.',
      'parameters: Forbidden: updates to parameters are forbidden.',
      'driverName: Required value',
      'parameters: Required value: must contain at least one key/value pair',
    ]);
  });
});
