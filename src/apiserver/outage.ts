/**
 * The API server while a Fault says that it is down: nobody reaches it, the parts of the cluster as little as users.
 * Invariant: the simulator's own controls (kubepad.dev) stay served, or nobody could undo the fault.
 * Counterpart: a load balancer in front of a kube-apiserver that is gone.
 */
import { isActive } from '../api/kubepad/fault/match.ts';
import { FAULTS, type Fault } from '../api/kubepad/types.ts';
import { failure } from '../apimachinery/errors/status.ts';
import { groupResource } from '../apimachinery/meta/resource.ts';
import type { WatchStream } from './endpoints/http.ts';
import type { Store } from './storage/store.ts';

const RESOURCE = groupResource(FAULTS);
const INDEX = 'active.component';
const API_SERVER = 'kube-apiserver';

export const OUTAGE = failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');

export function addOutageIndex(store: Store): void {
  store.addIndex(RESOURCE, INDEX, (object) => {
    const fault = object as Fault;
    const component = fault.spec?.target?.component;
    return fault.spec?.type === 'ComponentDown' && component !== undefined && isActive(fault) ? [component] : [];
  });
}

/** Whether requests about resources of the group are refused now. */
export function isOut(store: Store, group: string): boolean {
  return group !== FAULTS.group && store.byIndex(RESOURCE, INDEX, API_SERVER).length > 0;
}

/** A watch that ends when the API server goes down, as its connection would. */
export function endingWithOutage(store: Store, group: string, watch: WatchStream): WatchStream {
  return {
    kind: 'watch',
    headers: watch.headers,
    timeoutMs: watch.timeoutMs,
    ...(watch.binary === undefined ? {} : { binary: watch.binary }),
    read: (most) => watch.read(most),
    bookmark: () => watch.bookmark(),
    get ended() {
      return watch.ended || isOut(store, group);
    },
    onChange(listener) {
      const changes = watch.onChange(listener);
      const faults = store.onRevision(({ resource }) => {
        if (resource === RESOURCE) listener();
      });
      return {
        dispose: () => {
          changes.dispose();
          faults.dispose();
        },
      };
    },
  };
}
