import {
  CRONJOBS,
  DAEMONSETS,
  DEPLOYMENTS,
  ENDPOINTSLICES,
  HORIZONTALPODAUTOSCALERS,
  JOBS,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PODS,
  REPLICASETS,
  REPLICATIONCONTROLLERS,
  RESOURCEQUOTAS,
  SERVICES,
  STATEFULSETS,
} from '../../../../src/api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Job } from '../../../../src/api/schema/types/batch/v1.ts';
import { matchesLabelSelector } from '../../../../src/apimachinery/labels/selector.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { DESIRED_REPLICAS } from '../../../../src/controllers/deployment/annotations.ts';
import { isReady } from './rollouts.ts';

/** Where the state of the cluster is not what its specs want. */
export function unconverged(cluster: Cluster): readonly string[] {
  const admin = cluster.admin();
  const found: string[] = [];
  const expect = (name: string | undefined, what: string, got: number | undefined, wanted: number | undefined): void => {
    if ((got ?? 0) !== (wanted ?? 0)) found.push(`${name}: ${what} ${got ?? 0} of ${wanted ?? 0}`);
  };
  for (const deployment of admin.list(DEPLOYMENTS)) {
    const { metadata, spec, status } = deployment;
    expect(metadata.name, 'observedGeneration', status?.observedGeneration, metadata.generation);
    if (isStuckRecreate(deployment, admin.ownedBy(REPLICASETS, metadata.uid ?? ''))) continue;
    for (const field of ['replicas', 'updatedReplicas', 'availableReplicas'] as const)
      expect(metadata.name, field, status?.[field], spec?.replicas);
  }
  for (const { metadata, spec, status } of admin.list(STATEFULSETS)) {
    expect(metadata.name, 'readyReplicas', status?.readyReplicas, spec?.replicas);
    const kept = Math.min(spec?.replicas ?? 0, spec?.updateStrategy?.rollingUpdate?.partition ?? 0);
    if ((status?.updatedReplicas ?? 0) < (spec?.replicas ?? 0) - kept) found.push(`${metadata.name}: updated ${status?.updatedReplicas}`);
  }
  for (const { metadata, status } of admin.list(DAEMONSETS)) {
    expect(metadata.name, 'numberReady', status?.numberReady, status?.desiredNumberScheduled);
    expect(metadata.name, 'updated', status?.updatedNumberScheduled, status?.desiredNumberScheduled);
    expect(metadata.name, 'misscheduled', status?.numberMisscheduled, 0);
  }
  for (const { metadata, spec, status } of admin.list(REPLICATIONCONTROLLERS))
    expect(metadata.name, 'readyReplicas', status?.readyReplicas, spec?.replicas);
  for (const job of admin.list(JOBS)) if (!isFinished(job)) found.push(`${job.metadata.name} is not finished`);
  for (const { metadata, spec } of admin.list(CRONJOBS)) {
    const own = admin.ownedBy(JOBS, metadata.uid ?? '');
    const complete = own.filter(({ status }) => status?.conditions?.some(({ type }) => type === 'Complete') === true).length;
    if (complete > (spec?.successfulJobsHistoryLimit ?? 3)) found.push(`${metadata.name} keeps ${complete} Jobs`);
  }
  for (const { metadata, spec } of admin.list(HORIZONTALPODAUTOSCALERS)) {
    const target = admin.get(DEPLOYMENTS, metadata.namespace ?? '', spec?.scaleTargetRef.name ?? '')?.spec?.replicas ?? 0;
    if (target !== 0 && (target < (spec?.minReplicas ?? 1) || target > (spec?.maxReplicas ?? 0)))
      found.push(`${metadata.name} is scaled to ${target}`);
  }
  for (const { metadata, status } of admin.list(NODES))
    if (!status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'))
      found.push(`${metadata.name} is not ready`);
  expect('workers', 'count', admin.list(NODES).filter(({ metadata }) => metadata.name?.startsWith('worker-') === true).length, 4);
  return [...found, ...pods(cluster), ...services(cluster), ...claims(cluster), ...quotas(cluster)];
}

/**
 * A Deployment that was scaled after its strategy became Recreate in the middle of a rolling update rests as it is, in a real
 * cluster, too: while a ReplicaSet's desired-replicas is not what is wanted the controller only scales, and scaling reaches
 * several active ReplicaSets only with RollingUpdate (pkg/controller/deployment/sync.go, `isScalingEvent` and `scale`).
 */
function isStuckRecreate({ spec }: Deployment, owned: readonly ReplicaSet[]): boolean {
  const active = owned.filter((replicaSet) => (replicaSet.spec?.replicas ?? 0) > 0);
  return (
    spec?.strategy?.type === 'Recreate' &&
    active.length > 1 &&
    active.some(({ metadata }) => metadata.annotations?.[DESIRED_REPLICAS] !== String(spec.replicas ?? 1))
  );
}

function isFinished({ status }: Job): boolean {
  return (
    status?.conditions?.some(({ type, status: value }) => ['Complete', 'Failed', 'Suspended'].includes(type) && value === 'True') === true
  );
}

function pods(cluster: Cluster): readonly string[] {
  const list = cluster.admin().list(PODS);
  const addresses = new Map<string, string>();
  return list.flatMap((pod) => {
    const { metadata, status } = pod;
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return [];
    const found = isReady(pod) ? [] : [`${metadata.name} is ${status?.phase}: ${JSON.stringify(status?.conditions?.slice(0, 2))}`];
    const other = addresses.get(status?.podIP ?? '');
    if (other !== undefined) found.push(`${metadata.name} and ${other} are both ${status?.podIP}`);
    if (status?.podIP !== undefined) addresses.set(status.podIP, metadata.name ?? '');
    return found;
  });
}

/** EndpointSlices hold the ready Pods of their Service, each once. */
function services(cluster: Cluster): readonly string[] {
  const admin = cluster.admin();
  return admin.list(SERVICES).flatMap(({ metadata, spec }) => {
    if (spec?.selector === undefined) return [];
    const wanted = admin
      .list(PODS, metadata.namespace)
      .filter((pod) => matchesLabelSelector({ matchLabels: spec.selector ?? {} }, pod.metadata.labels) && isReady(pod))
      .map((pod) => pod.metadata.name ?? '');
    const got = admin
      .ownedBy(ENDPOINTSLICES, metadata.uid ?? '')
      .flatMap(({ endpoints = [] }) =>
        endpoints.filter(({ conditions }) => conditions?.ready === true).map(({ targetRef }) => targetRef?.name ?? ''),
      );
    const [has, needs] = [got, wanted].map((names) => names.toSorted((a, b) => a.localeCompare(b)).join(' '));
    return has === needs ? [] : [`${metadata.name} has ${has} instead of ${needs}`];
  });
}

/** A claim that a Pod uses is bound; that of nobody waits for the first consumer. */
function claims(cluster: Cluster): readonly string[] {
  const admin = cluster.admin();
  const list = admin.list(PERSISTENTVOLUMECLAIMS);
  return list.flatMap(({ metadata, status }) => {
    if (status?.phase === 'Bound') return [];
    const used = admin
      .list(PODS, metadata.namespace)
      .some(({ spec }) => spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name) === true);
    return used ? [`${metadata.name} is ${status?.phase}`] : [];
  });
}

function quotas(cluster: Cluster): readonly string[] {
  const admin = cluster.admin();
  return admin.list(RESOURCEQUOTAS).flatMap(({ metadata, status }) => {
    const live = admin.list(PODS, metadata.namespace).filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
    const used = status?.used?.['pods'];
    return used === undefined || Number(used) === live.length ? [] : [`${metadata.name}: ${used} Pods used, there are ${live.length}`];
  });
}
