import { DEPLOYMENTS, PODDISRUPTIONBUDGETS, PODS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { matchesLabelSelector } from '../../../../src/apimachinery/labels/selector.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

/** Rollouts keep their bounds: with the defaults 25 % up and 25 % down. Returns what is broken. */
export function rolloutProblem(cluster: Cluster, { resource, object, previous, type }: Revision): string | undefined {
  if (resource !== 'replicasets.apps' || type === 'DELETED') return undefined;
  // Without it ReplicaSets say what was true once, and the real Deployment controller believes them, too.
  if (cluster.simulation.switchedOff.includes('replicaset-controller')) return undefined;
  const set = object as ReplicaSet;
  if (set.spec?.replicas === (previous as ReplicaSet | undefined)?.spec?.replicas) return undefined;
  const owner = set.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const deployment = cluster.admin().get<Deployment>(DEPLOYMENTS, 'default', owner?.name ?? '');
  if (deployment === undefined || deployment.metadata.uid !== owner?.uid || deployment.metadata.deletionTimestamp !== undefined)
    return undefined;
  if (deployment.status?.observedGeneration !== deployment.metadata.generation) return undefined;
  const wanted = deployment.spec?.replicas ?? 1;
  const total = cluster
    .admin()
    .ownedBy(REPLICASETS, deployment.metadata.uid ?? '')
    .reduce((sum, each) => sum + (each.spec?.replicas ?? 0), 0);
  const most = wanted + Math.ceil(wanted * 0.25);
  const least = wanted - Math.floor(wanted * 0.25);
  const grew = (set.spec?.replicas ?? 0) > ((previous as ReplicaSet | undefined)?.spec?.replicas ?? 0);
  if (grew && total > most) return `${deployment.metadata.name}: ${total} replicas, ${most} allowed`;
  if (type === 'MODIFIED' && !grew && total < least) return `${deployment.metadata.name}: ${total} replicas, ${least} needed`;
  return undefined;
}

/** How many disruptions a Pod's budgets allow, counted from the Pods themselves; Infinity without a budget. */
export function allowedDisruptions(cluster: Cluster, pod: Pod): number {
  const admin = cluster.admin();
  const budgets = admin
    .list(PODDISRUPTIONBUDGETS, 'default')
    .filter(({ spec }) => matchesLabelSelector(spec?.selector, pod.metadata.labels));
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...budgets.map(({ spec }) => {
      const healthy = admin
        .list(PODS, 'default')
        .filter(
          (each) =>
            matchesLabelSelector(spec?.selector, each.metadata.labels) && isReady(each) && each.metadata.deletionTimestamp === undefined,
        );
      return healthy.length - Number(spec?.minAvailable ?? 0);
    }),
  );
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
}

/** Objects whose controller is gone, leases of no node, endpoints of no Pod. */
export function leaks(cluster: Cluster): readonly string[] {
  const { store } = cluster.api;
  const all = [...LEAKY].flatMap((resource) => store.list(resource).map((object) => ({ resource, object })));
  const uids = new Set([
    ...all.map(({ object }) => object.metadata.uid),
    ...store.list('nodes').map(({ metadata }) => metadata.uid),
    ...store.list('nodepools.kubepad.dev').map(({ metadata }) => metadata.uid),
  ]);
  const found: string[] = [];
  for (const { resource, object } of all) {
    for (const { uid, kind, name } of object.metadata.ownerReferences ?? [])
      if (!uids.has(uid)) found.push(`${resource} ${object.metadata.name} of ${kind} ${name}`);
    if (object.metadata.deletionTimestamp !== undefined) found.push(`${resource} ${object.metadata.name} is still being deleted`);
  }
  for (const slice of store.list('endpointslices.discovery.k8s.io') as readonly (KubeObject & {
    readonly endpoints?: readonly { readonly targetRef?: { readonly uid?: string; readonly name?: string } }[];
  })[])
    for (const { targetRef } of slice.endpoints ?? [])
      if (targetRef !== undefined && !uids.has(targetRef.uid ?? '')) found.push(`endpoint of ${targetRef.name}`);
  return found;
}

const LEAKY = [
  'pods',
  'services',
  'leases.coordination.k8s.io',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'controllerrevisions.apps',
  'jobs.batch',
  'endpointslices.discovery.k8s.io',
];
