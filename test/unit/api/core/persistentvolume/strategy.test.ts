import assert from 'node:assert/strict';
import { PERSISTENTVOLUME_STRATEGY as STRATEGY } from '../../../../../src/api/core/persistentvolume/strategy.ts';
import type { PersistentVolume } from '../../../../../src/api/schema/types/core/v1.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

const BASE = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
const HOST_PATH = { spec: { ...BASE, hostPath: { path: '/data' } } };
const CSI = { driver: 'csi.example.com', volumeHandle: 'h' };

function errorsOf(spec: object): readonly string[] {
  return judgeCreate(STRATEGY, { spec: { ...BASE, ...spec } }).errors;
}

function affinity(key: string): object {
  return { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: ['a'] }] }] } };
}

describe('PersistentVolume', () => {
  it('is kept, has a file system and waits', () => {
    const { object, errors } = judgeCreate(STRATEGY, HOST_PATH);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      [object.spec?.persistentVolumeReclaimPolicy, object.spec?.volumeMode, object.spec?.hostPath?.type, object.status?.phase],
      ['Retain', 'Filesystem', '', 'Pending'],
    );
  });

  it('completes the sources of old storage systems', () => {
    const rbd = judgeCreate(STRATEGY, { spec: { ...BASE, rbd: { monitors: ['m'], image: 'i' } } }).object.spec?.rbd;
    assert.deepEqual(rbd, { monitors: ['m'], image: 'i', pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' });
    const iscsi = { targetPortal: 'p', iqn: 'iqn.2001-04.com.example:storage', lun: 0 };
    assert.equal(judgeCreate(STRATEGY, { spec: { ...BASE, iscsi } }).object.spec?.iscsi?.iscsiInterface, 'default');
  });

  const sources: readonly (readonly [source: object, errors: readonly string[]])[] = [
    [{}, ['spec: Required value: must specify a volume type']],
    [
      { hostPath: { path: '/a' }, nfs: { server: 's', path: '/p' }, cephfs: { monitors: ['m'] } },
      ['spec.nfs: Forbidden: may not specify more than 1 volume type', 'spec.cephFS: Forbidden: may not specify more than 1 volume type'],
    ],
    [{ hostPath: { path: '/a' }, flexVolume: { driver: '' } }, ['spec.flexVolume.driver: Required value']],
    [{ hostPath: { path: '/a/../b' } }, ['spec.hostPath.path: Invalid value: "/a/../b": must not contain \'..\'']],
    [
      { glusterfs: { endpoints: '', path: 'p', endpointsNamespace: 'A' } },
      [
        'spec.glusterfs.endpoints: Required value',
        "spec.glusterfs.endpointsNamespace: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      { iscsi: { targetPortal: '', iqn: 'x', lun: 300, initiatorName: 'y', chapAuthSession: true } },
      [
        'spec.iscsi.targetPortal: Required value',
        'spec.iscsi.iqn: Invalid value: "x": must be valid format',
        'spec.iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive',
        'spec.iscsi.secretRef: Required value',
        'spec.iscsi.initiatorname: Invalid value: "y": must be valid format starting with iqn, eui, or naa',
      ],
    ],
    [
      { cinder: { volumeID: '', secretRef: {} } },
      [
        'spec.cinder.volumeID: Required value',
        'spec.cinder.secretRef.name: Required value',
        'spec.cinder.secretRef.namespace: Required value',
      ],
    ],
    [
      { csi: { driver: 'd', volumeHandle: 'h', nodePublishSecretRef: { name: 'N' }, nodeStageSecretRef: {} } },
      [
        "spec.csi.nodePublishSecretRef.name: Invalid value: \"N\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.csi.nodePublishSecretRef.namespace: Required value',
      ],
    ],
    [{ azureFile: { secretName: 's', shareName: 's', secretNamespace: '' } }, ['spec.azureFile.secretNamespace: Required value']],
    [{ storageos: { volumeName: 'v', secretRef: { name: 'n' } } }, ['spec.storageos.secretRef.namespace: Required value']],
    [
      { gcePersistentDisk: { pdName: '', partition: 256 } },
      [
        'spec.persistentDisk.pdName: Required value',
        'spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
      ],
    ],
    [
      { local: { path: '' } },
      ['spec.local.path: Required value', 'spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      { csi: { driver: '', volumeHandle: '', nodeStageSecretRef: {}, nodePublishSecretRef: {} } },
      [
        'spec.csi.driver: Required value',
        'spec.csi.volumeHandle: Required value',
        'spec.csi.nodePublishSecretRef.name: Required value',
        'spec.csi.nodePublishSecretRef.namespace: Required value',
      ],
    ],
  ];
  for (const [source, errors] of sources) {
    it(`judges the source ${JSON.stringify(source)}`, () => assert.deepEqual(errorsOf(source), errors));
  }

  const hostPath = { path: '/a' };
  const rules: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{ hostPath, accessModes: [] }, ['spec.accessModes: Required value']],
    [
      { hostPath, capacity: { cpu: '-1' } },
      [
        'spec.capacity: Unsupported value: {"cpu":"-1"}: supported values: "storage"',
        'spec.capacity[cpu]: Invalid value: -1: must be a valid resource quantity',
        'spec.capacity[cpu]: Invalid value: "-1": must be greater than zero',
      ],
    ],
    [
      { hostPath: { path: '/x/..//' }, persistentVolumeReclaimPolicy: 'Recycle' },
      [
        'spec.hostPath.path: Invalid value: "/x/..//": must not contain \'..\'',
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    ],
    [
      { hostPath, volumeAttributesClassName: '' },
      [
        'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
        'spec.csi: Required value: has to be specified when using volumeAttributesClassName',
      ],
    ],
    [{ hostPath, nodeAffinity: {} }, ['spec.nodeAffinity.required: Required value: must specify required node constraints']],
  ];
  for (const [spec, errors] of rules) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(errorsOf(spec), errors));
  }

  it('never changes what backs it, but for the secret of an expansion', () => {
    const before = { spec: { ...BASE, csi: CSI } };
    const secret = { name: 's', namespace: 'n' };
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/csi/controllerExpandSecretRef': secret }).errors, []);
    const { errors } = judgeUpdate(STRATEGY, before, { 'spec/csi/volumeHandle': 'z' });
    assert.deepEqual(
      errors.map((error) => error.split('\n').filter((line) => /^[^ @]/.test(line))),
      [
        [
          'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
          '-  "VolumeHandle": "h",',
          '+  "VolumeHandle": "z",',
        ],
      ],
    );
  });

  it('stays where it is; a label may take its newer name', () => {
    const before = { spec: { ...BASE, hostPath, nodeAffinity: affinity('failure-domain.beta.kubernetes.io/zone') } };
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/nodeAffinity': affinity('topology.kubernetes.io/zone') }).errors, []);
    assert.deepEqual(judgeUpdate(STRATEGY, HOST_PATH, { 'spec/nodeAffinity': affinity('zone') }).errors, []);
    const { errors } = judgeUpdate(STRATEGY, before, { 'spec/nodeAffinity': affinity('zone') });
    const printed =
      '{"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"zone","Operator":"In","Values":["a"]}],"MatchFields":null}]}}';
    assert.deepEqual(errors, [`nodeAffinity: Invalid value: ${printed}: field is immutable, except for updating from beta label to GA`]);
  });

  it('warns of what is gone', () => {
    const { warnings } = judgeCreate(STRATEGY, {
      metadata: { name: 'x', annotations: { 'volume.beta.kubernetes.io/mount-options': 'ro' } },
      spec: {
        ...BASE,
        persistentVolumeReclaimPolicy: 'Recycle',
        cephfs: { monitors: ['m'] },
        nodeAffinity: affinity('beta.kubernetes.io/os'),
      },
    });
    assert.deepEqual(warnings, [
      'metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead',
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
      'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.cephfs: deprecated in v1.28, non-functional in v1.31+',
    ]);
  });

  it('notes when its phase changed', () => {
    const old: PersistentVolume = { metadata: {}, status: { phase: 'Pending', lastPhaseTransitionTime: 'then' } };
    const preparation = { now: 'now', user: { name: '', groups: [] } };
    const bound = { metadata: {}, status: { phase: 'Bound' as const, lastPhaseTransitionTime: 'then' } };
    STRATEGY.status?.prepareForUpdate?.(bound, old, preparation);
    assert.equal(bound.status.lastPhaseTransitionTime, 'now');
  });

  it('shows its claim', () => {
    const { object } = judgeCreate(STRATEGY, {
      spec: { ...BASE, hostPath, claimRef: { namespace: 'a', name: 'b' }, storageClassName: 'c' },
    });
    assert.deepEqual(STRATEGY.table?.cells(object, 0).slice(1, 9), ['1Gi', 'RWO', 'Retain', 'Pending', 'a/b', 'c', '<unset>', '']);
  });
});
