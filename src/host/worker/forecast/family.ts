/** The Pods that an object of a manifest is about: of its newest revision, and of those before. */
import type { DaemonSet, StatefulSet } from '../../../api/schema/types/apps/v1.ts';
import type { Job } from '../../../api/schema/types/batch/v1.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { INDEX_OWNER } from '../../../apiserver/apiServer.ts';
import type { Store } from '../../../apiserver/storage/store.ts';

export type IndexedStore = Pick<Store, 'byIndex'>;

export interface Family {
  /** How many Pods there should be. */
  readonly wanted: number;
  /** Those of the newest template. */
  readonly pods: readonly Pod[];
  /** Those of templates before. */
  readonly former: readonly Pod[];
  /** Who makes the Pods: warnings that it cannot are about this object. */
  readonly maker: KubeObject | undefined;
}

/** Undefined: the kind makes no Pods that are there in the end. */
export function familyOf(store: IndexedStore, kind: string, object: KubeObject): Family | undefined {
  switch (kind) {
    case 'Pod':
      return { wanted: 1, pods: [object as Pod], former: [], maker: undefined };
    case 'Deployment':
      return ofDeployment(store, object);
    case 'ReplicaSet':
    case 'ReplicationController':
      return { wanted: replicasOf(object), pods: podsOf(store, object), former: [], maker: object };
    case 'StatefulSet':
      return byRevision(store, object, replicasOf(object), (object as StatefulSet).status?.updateRevision);
    case 'DaemonSet':
      return byRevision(store, object, (object as DaemonSet).status?.desiredNumberScheduled ?? 0, undefined);
    case 'Job': {
      const { completions, parallelism } = (object as Job).spec ?? {};
      return { wanted: completions ?? parallelism ?? 1, pods: podsOf(store, object), former: [], maker: object };
    }
    default:
      return undefined;
  }
}

const REVISION = 'deployment.kubernetes.io/revision';

function ofDeployment(store: IndexedStore, object: KubeObject): Family {
  const revision = (set: KubeObject): number => Number(set.metadata.annotations?.[REVISION] ?? 0);
  const sets = owned(store, 'replicasets.apps', object).toSorted((a, b) => revision(b) - revision(a));
  const [newest, ...former] = sets;
  return {
    wanted: replicasOf(object),
    pods: newest === undefined ? [] : podsOf(store, newest),
    former: former.flatMap((set) => podsOf(store, set)),
    maker: newest,
  };
}

/** @param revision of the newest template; undefined: that of the object's newest Pod */
function byRevision(store: IndexedStore, object: KubeObject, wanted: number, revision: string | undefined): Family {
  const pods = podsOf(store, object);
  const hash = (pod: Pod): string => pod.metadata.labels?.['controller-revision-hash'] ?? '';
  const newest = revision ?? hash(pods.toSorted((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1))[0] ?? ({ metadata: {} } as Pod));
  return {
    wanted,
    pods: pods.filter((pod) => hash(pod) === newest),
    former: pods.filter((pod) => hash(pod) !== newest),
    maker: object,
  };
}

function bornAt({ metadata }: Pod): string {
  return metadata.creationTimestamp ?? '';
}

/** Those that stay. */
function podsOf(store: IndexedStore, owner: KubeObject): readonly Pod[] {
  return (owned(store, 'pods', owner) as readonly Pod[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

function owned(store: IndexedStore, resource: string, { metadata }: KubeObject): readonly KubeObject[] {
  return metadata.uid === undefined ? [] : store.byIndex(resource, INDEX_OWNER, metadata.uid);
}

export function replicasOf(object: KubeObject): number {
  return (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
}
