import assert from 'node:assert/strict';
import { CONTROLLER_ROLES } from '../../../src/apiserver/authorization/rbac/bootstrap/controllerRoles.ts';
import { CONTROLLERS } from '../../../src/controllers/descriptors.ts';
import type { ControllerDescriptor } from '../../../src/controllers/runtime/component.ts';

/** Those whose role is not a ClusterRole of every cluster: one in kube-system, and one of a feature that is off by default. */
const WITHOUT_CLUSTER_ROLE = ['device-taint-eviction-controller', 'token-cleaner'];

describe('accounts of controllers', () => {
  for (const descriptor of CONTROLLERS as readonly ControllerDescriptor[])
    it(`${descriptor.name} acts as one that has the rights for its work`, () => {
      const { name, serviceAccount = name, user } = descriptor;
      if (user !== undefined) assert.equal(user, 'system:kube-controller-manager');
      else assert.ok(serviceAccount in CONTROLLER_ROLES || WITHOUT_CLUSTER_ROLE.includes(serviceAccount), serviceAccount);
    });
});
