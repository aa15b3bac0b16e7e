/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// A cluster in this process with the corpus runner's means: requests as over the wire, a clock that is stepped, lists.
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import type { Case, Obj } from './case.ts';

/** plural ▸ apiVersion, kind, namespaced */
const TYPES: Readonly<Record<string, readonly [string, string, boolean]>> = {
  pods: ['v1', 'Pod', true],
  services: ['v1', 'Service', true],
  endpoints: ['v1', 'Endpoints', true],
  configmaps: ['v1', 'ConfigMap', true],
  secrets: ['v1', 'Secret', true],
  serviceaccounts: ['v1', 'ServiceAccount', true],
  replicationcontrollers: ['v1', 'ReplicationController', true],
  resourcequotas: ['v1', 'ResourceQuota', true],
  persistentvolumeclaims: ['v1', 'PersistentVolumeClaim', true],
  persistentvolumes: ['v1', 'PersistentVolume', false],
  namespaces: ['v1', 'Namespace', false],
  nodes: ['v1', 'Node', false],
  events: ['v1', 'Event', true],
  limitranges: ['v1', 'LimitRange', true],
  deployments: ['apps/v1', 'Deployment', true],
  replicasets: ['apps/v1', 'ReplicaSet', true],
  statefulsets: ['apps/v1', 'StatefulSet', true],
  daemonsets: ['apps/v1', 'DaemonSet', true],
  controllerrevisions: ['apps/v1', 'ControllerRevision', true],
  jobs: ['batch/v1', 'Job', true],
  cronjobs: ['batch/v1', 'CronJob', true],
  leases: ['coordination.k8s.io/v1', 'Lease', true],
  endpointslices: ['discovery.k8s.io/v1', 'EndpointSlice', true],
  poddisruptionbudgets: ['policy/v1', 'PodDisruptionBudget', true],
  horizontalpodautoscalers: ['autoscaling/v2', 'HorizontalPodAutoscaler', true],
  storageclasses: ['storage.k8s.io/v1', 'StorageClass', false],
  clusterroles: ['rbac.authorization.k8s.io/v1', 'ClusterRole', false],
  roles: ['rbac.authorization.k8s.io/v1', 'Role', true],
  priorityclasses: ['scheduling.k8s.io/v1', 'PriorityClass', false],
  customresourcedefinitions: ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', false],
  podmetrics: ['metrics.k8s.io/v1beta1', 'PodMetrics', true],
};
const BY_KIND: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(TYPES).map(([plural, [, kind]]) => [kind, plural]));

const START = Date.parse('2026-01-05T10:00:07Z');
const NODEFAST: Partial<ClusterOptions> = {
  nodeMonitorGracePeriodMs: 8_000,
  nodeMonitorPeriodMs: 1_000,
  nodeStartupGracePeriodMs: 10_000,
  terminatedPodGcThreshold: 5,
  allocateNodeCidrs: true,
  clusterCidr: '10.244.0.0/16',
};
/** What a checkpoint's run may cost before it is called a loop. */
const MAX_EVENTS = 2_000_000;

export interface Answer {
  readonly code: number;
  readonly body: Obj;
}

export class World {
  readonly cluster: Cluster;
  /** Called after each step of the clock, as the recorded kubelets would go on. */
  readonly hooks: (() => void)[] = [];

  constructor(test: Case) {
    this.cluster = Cluster.create({
      seed: test.id,
      startTime: START,
      preset: 'empty',
      kubelet: 'fast',
      ...(test.profile === 'nodefast' ? NODEFAST : {}),
    });
  }

  /** Virtual time, seconds. */
  now(): number {
    return this.cluster.simulation.now() / 1000;
  }

  sleep(seconds: number): void {
    const { simulation } = this.cluster;
    this.mustEnd(simulation.advance(simulation.now() + Math.max(1, Math.round(seconds * 1000)), { events: MAX_EVENTS }).reason);
    for (const hook of this.hooks) hook();
  }

  runUntilStable(): void {
    const { reason } = this.cluster.simulation.runUntil('stable', undefined, { events: MAX_EVENTS });
    if (reason !== 'LimitReached') this.mustEnd(reason);
    for (const hook of this.hooks) hook();
  }

  /** RFC 3339 with whole seconds. */
  timestamp(agoSeconds = 0): string {
    return `${new Date(this.cluster.simulation.now() - agoSeconds * 1000).toISOString().slice(0, 19)}Z`;
  }

  microTimestamp(): string {
    return `${new Date(this.cluster.simulation.now()).toISOString().slice(0, 23)}000Z`;
  }

  /** The stored objects; not to be changed. */
  list(plural: string, namespace?: string): readonly Obj[] {
    const [version, , namespaced] = typeOf(plural);
    const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
    const { store } = this.cluster.api;
    return store.list(group === '' ? plural : `${plural}.${group}`, namespaced ? namespace : undefined) as unknown as readonly Obj[];
  }

  path(plural: string, namespace?: string, name?: string, sub?: string): string {
    const [version, , namespaced] = typeOf(plural);
    const base = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
    const parts = [
      namespaced && namespace !== undefined ? `namespaces/${namespace}` : undefined,
      plural === 'podmetrics' ? 'pods' : plural,
      name,
      sub,
    ];
    return `${base}/${parts.filter((part) => part !== undefined).join('/')}`;
  }

  request(method: string, path: string, body?: unknown, type = 'application/json', query = ''): Answer {
    const answer = handleRequest(this.cluster.api, {
      method,
      path,
      query: new URLSearchParams(query),
      headers: { 'content-type': type, accept: 'application/json', 'user-agent': 'replay/1' },
      body: body === undefined ? '' : JSON.stringify(body),
      user: ADMIN,
    });
    if (answer.kind !== 'response') throw new Error(`${path} answered with a watch`);
    return { code: answer.code, body: answer.body.startsWith('{') ? (JSON.parse(answer.body) as Obj) : { message: answer.body } };
  }

  private mustEnd(reason: string): void {
    if (reason !== 'Done') throw new Error(`the cluster did not come to rest: ${reason}`);
  }
}

export function isNamespaced(plural: string): boolean {
  return typeOf(plural)[2];
}

export function pluralOf(kind: string): string {
  const plural = BY_KIND[kind];
  if (plural === undefined) throw new Error(`no such kind: ${kind}`);
  return plural;
}

function typeOf(plural: string): readonly [string, string, boolean] {
  const type = TYPES[plural];
  if (type === undefined) throw new Error(`no such resource: ${plural}`);
  return type;
}
