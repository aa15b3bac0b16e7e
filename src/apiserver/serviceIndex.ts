import type { Store } from './storage/store.ts';

/** Finds the slices of a Service: `namespace/name`. */
export const INDEX_SERVICE = 'service';

export function addServiceIndex(store: Store): void {
  store.addIndex('endpointslices.discovery.k8s.io', INDEX_SERVICE, ({ metadata }) => {
    const service = metadata.labels?.['kubernetes.io/service-name'];
    return service === undefined ? [] : [`${metadata.namespace ?? ''}/${service}`];
  });
}
