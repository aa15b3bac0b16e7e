import assert from 'node:assert/strict';
import { findMatchingVolume, mismatch, type MatchOptions } from '../../../../../src/api/core/persistentvolume/matching.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec } from '../../../../../src/api/schema/types/core/v1.ts';

function volume(
  name: string,
  size: string,
  spec: Partial<PersistentVolumeSpec> = {},
  phase: 'Available' | 'Released' = 'Available',
): PersistentVolume {
  return {
    metadata: { name, labels: { name } },
    spec: { capacity: { storage: size }, accessModes: ['ReadWriteOnce'], storageClassName: 'c', ...spec },
    status: { phase },
  };
}

function claim(size: string, spec: Partial<NonNullable<PersistentVolumeClaim['spec']>> = {}): PersistentVolumeClaim {
  return {
    metadata: { name: 'data', namespace: 'n', uid: 'u1' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, storageClassName: 'c', ...spec },
  };
}

const reserved = (uid?: string): Partial<PersistentVolumeSpec> => ({
  claimRef: { namespace: 'n', name: 'data', ...(uid === undefined ? {} : { uid }) },
});

describe('findMatchingVolume', () => {
  const small = volume('small', '1Gi');
  const large = volume('large', '10Gi');
  const cases: readonly [
    what: string,
    claim: PersistentVolumeClaim,
    volumes: readonly PersistentVolume[],
    found: string | undefined,
    options?: MatchOptions,
  ][] = [
    ['takes the smallest that is large enough', claim('1Gi'), [large, small], 'small'],
    ['needs the size', claim('2Gi'), [small], undefined],
    ['takes a reserved one, though another is smaller', claim('1Gi'), [small, volume('mine', '9Gi', reserved())], 'mine'],
    ['takes no volume of another claim', claim('1Gi'), [volume('x', '1Gi', { claimRef: { namespace: 'n', name: 'other' } })], undefined],
    ['takes no volume of an earlier claim of the name', claim('1Gi'), [volume('x', '1Gi', reserved('u0'))], undefined],
    ['takes a released one only if it is reserved', claim('1Gi'), [volume('x', '1Gi', {}, 'Released')], undefined],
    ['needs the class', claim('1Gi'), [volume('x', '1Gi', { storageClassName: 'd' })], undefined],
    ['needs the mode', claim('1Gi', { volumeMode: 'Block' }), [small], undefined],
    ['needs the access modes', claim('1Gi', { accessModes: ['ReadWriteMany'] }), [small], undefined],
    ['obeys the selector', claim('1Gi', { selector: { matchLabels: { name: 'large' } } }), [small, large], 'large'],
    ['leaves what waits for a consumer alone', claim('1Gi'), [small], undefined, { delayed: true }],
    ['but for a reserved one', claim('1Gi'), [volume('mine', '9Gi', reserved())], 'mine', { delayed: true }],
    ['leaves out what others chose', claim('1Gi'), [small, large], 'large', { taken: new Set(['small']) }],
    [
      'leaves out what the node does not reach',
      claim('1Gi'),
      [small, large],
      'large',
      { reaches: ({ metadata }) => metadata.name === 'large' },
    ],
    [
      'does not replace a reserved one out of reach',
      claim('1Gi'),
      [volume('mine', '9Gi', reserved()), small],
      undefined,
      { reaches: ({ metadata }) => metadata.name === 'small' },
    ],
  ];
  for (const [what, wanted, volumes, found, options] of cases) {
    it(what, () => assert.equal(findMatchingVolume(wanted, volumes, options)?.metadata.name, found));
  }
});

describe('mismatch', () => {
  const cases: readonly [claim: PersistentVolumeClaim, problem: string | undefined][] = [
    [claim('1Gi'), undefined],
    [claim('2Gi'), 'requested PV is too small'],
    [claim('1Gi', { storageClassName: 'd' }), 'storageClassName does not match'],
    [claim('1Gi', { volumeMode: 'Block' }), 'incompatible volumeMode'],
    [claim('1Gi', { accessModes: ['ReadOnlyMany'] }), 'incompatible accessMode'],
  ];
  for (const [wanted, problem] of cases) {
    it(`says ${problem ?? 'nothing'}`, () => assert.equal(mismatch(volume('v', '1Gi'), wanted), problem));
  }
});
