import type { ApiServer } from '../apiserver/apiServer.ts';

/** Finds the slices of a Service: `namespace/name`. */
export const INDEX_SERVICE = 'controllers/service';

export function addServiceIndex(api: ApiServer): void {
  api.store.addIndex('endpointslices.discovery.k8s.io', INDEX_SERVICE, ({ metadata }) => {
    const service = metadata.labels?.['kubernetes.io/service-name'];
    return service === undefined ? [] : [`${metadata.namespace ?? ''}/${service}`];
  });
}
