import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { STATEFULSET_STRATEGY } from '../../../../src/api/apps/statefulset/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const CONTAINER = { name: 'c', image: 'i:1' };
const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { containers: [CONTAINER] } };
const CLAIM = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };

function set(spec: Spec) {
  return { spec: { selector: { matchLabels: { app: 'a' } }, template: TEMPLATE, ...spec } };
}

describe('StatefulSet', () => {
  it('is rolled out in order unless told otherwise', () => {
    const { spec } = judgeCreate(STATEFULSET_STRATEGY, set({ volumeClaimTemplates: [CLAIM] })).object;
    assert.deepEqual(spec?.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    assert.deepEqual([spec?.podManagementPolicy, spec?.replicas, spec?.revisionHistoryLimit], ['OrderedReady', 1, 10]);
    assert.deepEqual(spec?.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
    const [claim] = spec?.volumeClaimTemplates ?? [];
    assert.deepEqual(
      [claim?.kind, claim?.apiVersion, claim?.spec?.volumeMode, claim?.status],
      ['PersistentVolumeClaim', 'v1', 'Filesystem', { phase: 'Pending' }],
    );
  });
  it('leaves a named strategy without details as it is', () => {
    const { spec } = judgeCreate(STATEFULSET_STRATEGY, set({ updateStrategy: { type: 'RollingUpdate' } })).object;
    assert.deepEqual(spec?.updateStrategy, { type: 'RollingUpdate' });
  });

  const at = 'spec.updateStrategy';
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [{ podManagementPolicy: 'Random' }, ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"]],
    [
      { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
      [`${at}.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`],
    ],
    [
      { updateStrategy: { type: 'Recreate' } },
      [`${at}: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`],
    ],
    [
      { updateStrategy: { rollingUpdate: { partition: -1 } } },
      [`${at}.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0`],
    ],
    [{ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }, []],
    [{ ordinals: { start: -1 } }, ['spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0']],
    [
      { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Keep' } },
      ['spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete"'],
    ],
    [{ selector: {} }, ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset']],
    [
      { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] },
      [
        'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
        'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
      ],
    ],
    [
      {
        volumeClaimTemplates: [CLAIM],
        template: { ...TEMPLATE, spec: { containers: [{ ...CONTAINER, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] } },
      },
      [],
    ],
    [{ template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, hostname: 'Bad_Name', subdomain: 'Bad_Name' } } }, []],
    [{ serviceName: 'a.b' }, ['spec.serviceName: Invalid value: "a.b": must not contain dots']],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(STATEFULSET_STRATEGY, set(spec)).errors, errors));
  }
  it('has a name that fits into host names', () => {
    const { errors } = judgeCreate(STATEFULSET_STRATEGY, { ...set({}), metadata: { name: 'a.b' } });
    assert.deepEqual(errors, ['metadata.name: Invalid value: "a.b": must not contain dots']);
  });
  it('keeps what the identity of its Pods depends on', () => {
    const judge = (changes: Spec) =>
      judgeUpdate(STATEFULSET_STRATEGY, set({ serviceName: 'a', volumeClaimTemplates: [CLAIM] }), changes).errors;
    const forbidden =
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    assert.deepEqual(judge({ 'spec/serviceName': 'b' }), [forbidden]);
    assert.deepEqual(judge({ 'spec/volumeClaimTemplates': undefined }), [forbidden]);
    assert.deepEqual(
      judge({ 'spec/replicas': 3, 'spec/ordinals': { start: 1 }, 'spec/revisionHistoryLimit': 2, 'spec/minReadySeconds': 1 }),
      [],
    );
  });
  it('warns of odd sizes and of history without end', () => {
    const claim = { ...CLAIM, spec: { ...CLAIM.spec, resources: { requests: { storage: '1m' } } } };
    assert.deepEqual(judgeCreate(STATEFULSET_STRATEGY, set({ volumeClaimTemplates: [claim], revisionHistoryLimit: -1 })).warnings, [
      'spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value "1m" is invalid, must be an integer',
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    ]);
  });
  it('counts its Pods', () => {
    const { object } = judgeCreate(STATEFULSET_STRATEGY, set({ replicas: 3 }));
    const judge = (status: object, before = {}) =>
      STATEFULSET_STRATEGY.status
        ?.validateUpdate({ ...object, status } as typeof object, { ...object, status: before } as typeof object)
        .map(errorText);
    assert.deepEqual(judge({ replicas: 1, readyReplicas: 2 }), [
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
    assert.deepEqual(judge({ replicas: 1, availableReplicas: 1 }), [
      'status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas',
    ]);
    assert.deepEqual(judge({ replicas: 0 }, { collisionCount: 1 }), ['status.collisionCount: Invalid value: 0: cannot be decremented']);
    const shown = { ...object, status: { replicas: 2, availableReplicas: 1, readyReplicas: 1 } };
    assert.deepEqual(STATEFULSET_STRATEGY.table?.cells(shown, 0), ['x', '1/3', '<unknown>', 'c', 'i:1']);
  });
});
