/**
 * Who an object belongs to, what belongs to it, and what it works with.
 * Invariant: found by index and by name, or among the few that choose others in its namespace, never by a walk over all objects. Counterpart: the garbage collector's graph; `kubectl tree`.
 */
import { ENDPOINTSLICES, NODES, PODS } from '../../../api/schema/resources.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import { groupResource, objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { INDEX_NODE_NAME, INDEX_OWNER } from '../../../apiserver/apiServer.ts';
import type { Looked } from '../../../cluster/past/pastCluster.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { ObjectRef, Tone } from '../../protocol/view.ts';
import { liveState } from '../../worker/liveState.ts';
import { choosersAmong } from './choosers.ts';
import { conditionsOf } from './conditions.ts';
import type { RelativeModel } from './model.ts';

/** Of a family of thousands nobody reads all. */
const MOST = 300;
const DEEPEST = 10;

export function familyOf(cluster: Looked, ref: ObjectRef, object: KubeObject): readonly RelativeModel[] {
  const above = ownersOf(cluster, ref, object);
  const level = above.length + 1;
  const self = relative(cluster, ref, object, { level, relation: 'self', link: '' });
  const family = [
    ...above,
    self,
    ...ownedBy(cluster, object, level + 1),
    ...besides(cluster, ref, object),
    ...choosersOf(cluster, ref, object),
  ];
  return [...new Map(family.map((each) => [each.key, each])).values()];
}

/** The chain of controllers, the topmost first. */
function ownersOf(cluster: Looked, ref: ObjectRef, object: KubeObject): readonly RelativeModel[] {
  const chain: { readonly ref: ObjectRef; readonly object: KubeObject | undefined }[] = [];
  let current: KubeObject | undefined = object;
  while (current !== undefined && chain.length < DEEPEST) {
    const owners: NonNullable<KubeObject['metadata']['ownerReferences']> = current.metadata.ownerReferences ?? [];
    const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
    if (owner === undefined) break;
    const { apiVersion, kind, name } = owner;
    const resource = cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource;
    const above: ObjectRef = { apiVersion, kind, name, namespace: resource?.namespaced === false ? '' : ref.namespace };
    current = find(cluster, above);
    chain.push({ ref: above, object: current });
  }
  return chain
    .toReversed()
    .map((each, index) => relative(cluster, each.ref, each.object, { level: index + 1, relation: 'owner', link: '' }));
}

function ownedBy(cluster: Looked, object: KubeObject, first: number): readonly RelativeModel[] {
  const { store } = cluster.api;
  const resources = store.resources();
  // Of kinds that came lately.
  for (const resource of resources) cluster.api.indexOwners(resource);
  const found: RelativeModel[] = [];
  const walk = ({ metadata: { uid } }: KubeObject, level: number): void => {
    if (uid === undefined || level > DEEPEST) return;
    for (const resource of resources) {
      for (const owned of store.byIndex(resource, INDEX_OWNER, uid)) {
        if (found.length >= MOST) return;
        found.push(relative(cluster, refOf(owned), owned, { level, relation: 'owned', link: '' }));
        walk(owned, level + 1);
      }
    }
  };
  walk(object, first);
  return found;
}

function besides(cluster: Looked, ref: ObjectRef, object: KubeObject): readonly RelativeModel[] {
  const { store } = cluster.api;
  const beside = (link: string, other: ObjectRef): RelativeModel =>
    relative(cluster, other, find(cluster, other), { level: 1, relation: 'beside', link });
  switch (`${ref.apiVersion}/${ref.kind}`) {
    case 'v1/Node':
      return store
        .byIndex(groupResource(PODS), INDEX_NODE_NAME, ref.name)
        .slice(0, MOST)
        .map((pod) => beside('runs', refOf(pod)));
    case 'v1/Pod': {
      const { nodeName = '', volumes = [] } = (object as Pod).spec ?? {};
      const node: ObjectRef = { apiVersion: 'v1', kind: 'Node', namespace: '', name: nodeName };
      const named = (kind: string, name: string | undefined): readonly RelativeModel[] =>
        name === undefined ? [] : [beside('uses', { apiVersion: 'v1', kind, namespace: ref.namespace, name })];
      return [
        ...(nodeName === '' ? [] : [beside('runs on', node)]),
        ...volumes.flatMap(({ configMap, secret, persistentVolumeClaim: claim }) => [
          ...named('ConfigMap', configMap?.name),
          ...named('Secret', secret?.secretName),
          ...named('PersistentVolumeClaim', claim?.claimName),
        ]),
      ];
    }
    case 'v1/Service': {
      const slices = store.byIndex(groupResource(ENDPOINTSLICES), INDEX_OWNER, object.metadata.uid ?? '') as readonly EndpointSlice[];
      const targets = slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ targetRef }) => targetRef?.name ?? []));
      return [...new Set(targets)]
        .slice(0, MOST)
        .map((name) => beside('sends to', { apiVersion: 'v1', kind: 'Pod', namespace: ref.namespace, name }));
    }
    default:
      return [];
  }
}

/** What chose this object, by its labels or by its name. */
function choosersOf(cluster: Looked, ref: ObjectRef, object: KubeObject): readonly RelativeModel[] {
  return choosersAmong(cluster.api.store, ref, object)
    .slice(0, MOST)
    .map(({ link, chooser }) => relative(cluster, refOf(chooser), chooser, { level: 1, relation: 'beside', link }));
}

function relative(
  cluster: Looked,
  ref: ObjectRef,
  object: KubeObject | undefined,
  place: Pick<RelativeModel, 'level' | 'relation' | 'link'>,
): RelativeModel {
  const key = object?.metadata.uid ?? `${ref.kind} ${ref.namespace}/${ref.name}`;
  return { key, ref, ...place, ...stateOf(cluster, ref.kind, object) };
}

/** How an object is, in a few words and a tone. */
export function stateOf(cluster: Looked, kind: string, object: KubeObject | undefined): { readonly tone: Tone; readonly status: string } {
  if (object === undefined) return { tone: 'warn', status: 'not in the cluster' };
  const status = liveState(cluster.api.store, kind, object);
  if (object.metadata.deletionTimestamp !== undefined) return { tone: 'idle', status };
  if (kind === 'Pod') return { tone: summarise(object as Pod).tone, status };
  const counted = /^(\d+)\/(\d+) ready/.exec(status);
  if (counted !== null) return { tone: Number(counted[1]) >= Number(counted[2]) ? 'ok' : 'busy', status };
  const tones = conditionsOf(object).map(({ tone }) => tone);
  return { tone: tones.includes('error') ? 'error' : tones.includes('warn') ? 'warn' : 'ok', status };
}

function find(cluster: Looked, { apiVersion, kind, namespace, name }: ObjectRef): KubeObject | undefined {
  if (kind === NODES.kind && apiVersion === 'v1') return cluster.api.store.get(groupResource(NODES), name);
  const resource = cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource;
  return resource === undefined ? undefined : cluster.api.store.get(groupResource(resource), objectKey(namespace, name));
}

function refOf({ apiVersion = '', kind = '', metadata: { namespace = '', name = '' } }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace, name };
}
