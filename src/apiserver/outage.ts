/**
 * The API server while a Fault says that it is down: nobody reaches it, the parts of the cluster as little as users. Without its etcd
 * it is reached, but has nothing to answer with.
 * Invariant: the simulator's own controls (kubepad.dev) stay served, or nobody could undo the fault.
 * Counterpart: a load balancer in front of a kube-apiserver that is gone.
 */
import { isActive } from '../api/kubepad/fault/match.ts';
import { FAULTS, type Fault } from '../api/kubepad/types.ts';
import { failure, type Status } from '../apimachinery/errors/status.ts';
import { groupResource } from '../apimachinery/meta/resource.ts';
import type { WatchStream } from './endpoints/http.ts';
import type { Store } from './storage/store.ts';

const RESOURCE = groupResource(FAULTS);
const INDEX = 'active.component';
const API_SERVER = 'kube-apiserver';
const ETCD = 'etcd';

const OUTAGE = failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
const NO_STORAGE = failure(500, undefined, 'etcdserver: request timed out');

export function addOutageIndex(store: Store): void {
  store.addIndex(RESOURCE, INDEX, (object) => {
    const fault = object as Fault;
    const component = fault.spec?.target?.component;
    return fault.spec?.type === 'ComponentDown' && component !== undefined && isActive(fault) ? [component] : [];
  });
}

/** Whether nobody reaches the server. */
export function isDown(store: Store): boolean {
  return isStopped(store, API_SERVER);
}

export function lacksStorage(store: Store): boolean {
  return isStopped(store, ETCD);
}

/** With what requests about resources of the group are refused now. */
export function outageOf(store: Store, group: string): Status | undefined {
  if (group === FAULTS.group) return undefined;
  if (isDown(store)) return OUTAGE;
  return lacksStorage(store) ? NO_STORAGE : undefined;
}

function isStopped(store: Store, component: string): boolean {
  return store.byIndex(RESOURCE, INDEX, component).length > 0;
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
      return watch.ended || (group !== FAULTS.group && isDown(store));
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
