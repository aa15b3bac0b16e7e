/**
 * NamespaceLifecycle: nothing is made in a namespace that does not exist or is going, and three namespaces never go.
 * Invariant: refuses only; it changes no object.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle.
 */
import type { Namespace } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACES = { group: '', plural: 'namespaces' };

export const namespaceLifecycle: AdmissionPlugin = { name: 'NamespaceLifecycle', admit };

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const { operation, strategy, name, namespace } = attributes;
  const { resource } = strategy;
  if (resource.group === '' && resource.plural === 'namespaces') {
    const forbidden = operation === 'DELETE' && IMMORTAL.has(name);
    return forbidden ? errors.forbidden(resource, name, 'this namespace may not be deleted') : undefined;
  }
  if (!resource.namespaced || operation === 'DELETE') return undefined;
  const stored = world.store.get('namespaces', namespace) as Namespace | undefined;
  if (stored === undefined) return errors.notFound(NAMESPACES, namespace);
  if (operation !== 'CREATE' || stored.status?.phase !== 'Terminating') return undefined;
  const refusal = errors.forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
  return { ...refusal, details: { ...refusal.details, causes: [cause] } };
}
