import assert from 'node:assert/strict';
import { Wire } from '../support.ts';

const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims';

describe('PersistentVolumeClaimResize', () => {
  const wire = new Wire();
  for (const [name, allowVolumeExpansion] of [
    ['grows', true],
    ['stays', false],
  ] as const)
    wire.call('POST', '/apis/storage.k8s.io/v1/storageclasses', { metadata: { name }, provisioner: 'p.example.com', allowVolumeExpansion });

  function resize(
    name: string,
    storageClassName: string,
    storage: string,
  ): { readonly code: number; readonly message: string | undefined } {
    const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '2Gi' } } };
    const { body } = wire.call('POST', CLAIMS, { metadata: { name }, spec });
    const bound = { ...body, status: { phase: 'Bound', capacity: { storage: '1Gi' } } };
    const { body: stored } = wire.call('PUT', `${CLAIMS}/${name}/status`, bound);
    const wanted = { ...stored, spec: { ...stored.spec, resources: { requests: { storage } } } };
    const answer = wire.call('PUT', `${CLAIMS}/${name}`, wanted);
    return { code: answer.code, message: answer.body.message };
  }

  it('lets a claim grow where the class allows it', () => assert.equal(resize('a', 'grows', '3Gi').code, 200));
  it('lets an expansion be taken back anywhere', () => assert.equal(resize('b', 'stays', '1500Mi').code, 200));
  for (const [name, storageClassName] of [
    ['c', 'stays'],
    ['d', 'missing'],
    ['e', ''],
  ] as const)
    it(`refuses to grow a claim of the class "${storageClassName}"`, () => {
      assert.deepEqual(resize(name, storageClassName, '3Gi'), {
        code: 403,
        message: `persistentvolumeclaims "${name}" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`,
      });
    });
});
