/**
 * Keeps the ConfigMap kube-root-ca.crt in every namespace: what Pods check the API server's certificate with.
 * Invariant: its data is exactly the certificate; what someone adds is taken away again.
 * Counterpart: k8s.io/kubernetes/pkg/controller/certificates/rootcacertpublisher.
 */
import { jsonEqual } from '../../base/json.ts';
import { CONFIGMAPS, NAMESPACES } from '../../api/schema/resources.ts';
import { rootCertificateOf } from './certificate.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION = 'kubernetes.io/description';
const DESCRIPTION_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';

export function createRootCACertPublisher({ client, options }: ControllerContext): Controller {
  const data = { 'ca.crt': rootCertificateOf(options) };
  return {
    for: NAMESPACES,
    watches: [watch(CONFIGMAPS, ({ metadata }) => (metadata.name === NAME ? [metadata.namespace ?? ''] : []))],
    reconcile: (namespace) => {
      const stored = client.get(NAMESPACES, '', namespace);
      if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return undefined;
      if (client.get(CONFIGMAPS, namespace, NAME) === undefined) {
        const metadata = { name: NAME, namespace, annotations: { [DESCRIPTION]: DESCRIPTION_TEXT } };
        client.create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { ...data } });
        return undefined;
      }
      client.modify(CONFIGMAPS, namespace, NAME, (copy) => {
        if (!jsonEqual(copy.data, data)) copy.data = { ...data };
        (copy.metadata.annotations ??= {})[DESCRIPTION] ??= DESCRIPTION_TEXT;
      });
      return undefined;
    },
  };
}
