/**
 * Gives every namespace its ServiceAccount `default`.
 * Invariant: in a namespace that is being deleted nothing is made.
 * Counterpart: k8s.io/kubernetes/pkg/controller/serviceaccount (serviceaccounts_controller.go).
 */
import { NAMESPACES, SERVICEACCOUNTS } from '../../api/schema/resources.ts';
import { isReason } from '../../apimachinery/errors/status.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const NAME = 'default';

export function createServiceAccountController({ client }: ControllerContext): Controller {
  return {
    for: NAMESPACES,
    watches: [
      watch(SERVICEACCOUNTS, ({ metadata }, _previous, deleted) => (deleted && metadata.name === NAME ? [metadata.namespace ?? ''] : [])),
    ],
    reconcile: (namespace) => {
      const stored = client.get(NAMESPACES, '', namespace);
      if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return undefined;
      if (client.get(SERVICEACCOUNTS, namespace, NAME) !== undefined) return undefined;
      try {
        client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } });
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
      return undefined;
    },
  };
}
