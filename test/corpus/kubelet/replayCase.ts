import type { Pod, Event } from '../../../src/api/schema/types/core/v1.ts';
import { STRATEGIES } from '../../../src/api/register.ts';
import { NODES } from '../../../src/api/schema/resources.ts';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import type { Revision } from '../../../src/apiserver/storage/revision.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { Case, Column, Observation, RecordedEvent, Step, WireObject } from './case.ts';
import { normaliser, reduceStatus, type Names } from './normalise.ts';

const START = Date.UTC(2026, 0, 1);
const CAPACITY = { cpu: '16', memory: '64Gi', pods: '110', 'ephemeral-storage': '100Gi' };
const PLURALS: Readonly<Record<string, string>> = {
  Pod: 'api/v1/namespaces/NS/pods',
  ConfigMap: 'api/v1/namespaces/NS/configmaps',
  Secret: 'api/v1/namespaces/NS/secrets',
  Service: 'api/v1/namespaces/NS/services',
  ServiceAccount: 'api/v1/namespaces/NS/serviceaccounts',
  Job: 'apis/batch/v1/namespaces/NS/jobs',
  PersistentVolumeClaim: 'api/v1/namespaces/NS/persistentvolumeclaims',
  LimitRange: 'api/v1/namespaces/NS/limitranges',
};

/** Plays one case in a cluster of its own and tells what a watcher saw. The recordings hold for any seed. */
export function replayCase(testCase: Case, seed = 'corpus'): Observation {
  const cluster = Cluster.create({ seed, startTime: START, preset: 'empty' });
  cluster.admin().create(NODES, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'node-1',
      labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    status: { capacity: { ...CAPACITY }, allocatable: { ...CAPACITY } },
  });
  const { simulation } = cluster;
  simulation.advance(START + 10_000);
  send(cluster, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: testCase.id } });
  simulation.advance(START + 12_345);
  const watcher = new Watcher(testCase, () => simulation.now());
  const subscription = cluster.api.store.onRevision((revision) => watcher.see(revision));
  const begin = simulation.now();
  watcher.begin = begin;
  for (const object of testCase.objects) create(cluster, testCase.id, object);
  for (const step of (testCase.steps ?? []).toSorted((a, b) => a.at - b.at)) {
    simulation.advance(begin + step.at * 1000);
    perform(cluster, testCase.id, step);
  }
  simulation.advance(begin + testCase.duration * 1000);
  subscription.dispose();
  return watcher.result();
}

class Watcher {
  begin = 0;
  private readonly namespace: string;
  private readonly now: () => number;
  private readonly names: Names = [];
  private readonly columns = new Map<string, Column[]>();
  private readonly finals = new Map<string, Pod>();
  private readonly events = new Map<string, { first: number; event: Event }>();

  constructor(testCase: Case, now: () => number) {
    this.namespace = testCase.id;
    this.now = now;
  }

  see({ resource, type, object }: Revision): void {
    if (object.metadata.namespace !== this.namespace) return;
    const t = Math.round((this.now() - this.begin) / 100) / 10;
    if (resource === 'pods') this.seePod(t, type, object as Pod);
    if (resource !== 'events' || type === 'DELETED') return;
    const event = object as Event;
    if (event.involvedObject.kind !== 'Pod') return;
    const key = event.metadata.name ?? '';
    this.events.set(key, { first: this.events.get(key)?.first ?? t, event });
  }

  result(): Observation {
    const text = normaliser(this.names);
    const pods = [...this.columns].map(([name, columns]) => {
      const pod = this.finals.get(name);
      return [name, { columns, final: pod === undefined ? undefined : text(reduceStatus(pod)) }] as const;
    });
    const merged = new Map<string, RecordedEvent>();
    for (const { first, event } of this.events.values()) {
      const pod = event.involvedObject.name ?? '';
      const made: RecordedEvent = {
        t: first,
        pod: this.names.find(([from]) => from === pod)?.[1] ?? pod,
        type: event.type ?? '',
        reason: event.reason ?? '',
        message: text(event.message ?? ''),
        ...(event.involvedObject.fieldPath === undefined ? {} : { fieldPath: event.involvedObject.fieldPath }),
        count: event.count ?? event.series?.count ?? 1,
      };
      const key = JSON.stringify([made.pod, made.type, made.reason, made.message, made.fieldPath]);
      const before = merged.get(key);
      merged.set(key, before === undefined ? made : { ...before, count: before.count + made.count });
    }
    return { pods: Object.fromEntries(pods), events: [...merged.values()].toSorted((a, b) => a.t - b.t) };
  }

  private seePod(t: number, type: Revision['type'], pod: Pod): void {
    const name = this.nameOf(pod);
    const columns = this.columns.get(name) ?? [];
    this.columns.set(name, columns);
    for (const [ip, what] of [[pod.status?.hostIP, '<nodeIP>'] as const, [pod.status?.podIP, '<podIP>'] as const]) {
      if (ip !== undefined && !this.names.some(([from]) => from === ip)) this.names.push([ip, what]);
    }
    const row: Column = type === 'DELETED' ? [t, '<deleted>', '', 0] : [t, ...cells(pod, this.now())];
    if (type !== 'DELETED') this.finals.set(name, pod);
    if (JSON.stringify(columns.at(-1)?.slice(1)) !== JSON.stringify(row.slice(1))) columns.push(row);
  }

  /** Generated names become OWNER-<1>, OWNER-<2> in order of creation. */
  private nameOf({ metadata: { name = '', generateName } }: Pod): string {
    if (generateName === undefined || generateName === '') return name;
    const known = this.names.find(([from]) => from === name);
    if (known !== undefined) return known[1];
    const made = `${generateName}<${1 + this.names.filter(([, to]) => to.startsWith(`${generateName}<`)).length}>`;
    this.names.push([name, made]);
    return made;
  }
}

function cells(pod: Pod, nowMs: number): [string, string, number] {
  const table = STRATEGIES.get('pods')?.table;
  if (table === undefined) throw new Error('pods have no table');
  const row = table.cells(pod, nowMs);
  const cell = (name: string): string => String(row[table.columns.findIndex((column) => column.name === name)]);
  return [cell('Status'), cell('Ready'), Number.parseInt(cell('Restarts'), 10)];
}

function create(cluster: Cluster, namespace: string, object: WireObject): void {
  const path = PLURALS[object.kind]?.replace('NS', namespace);
  if (path === undefined) throw new Error(`the replay does not know where ${object.kind} goes`);
  const { code, body } = send(cluster, 'POST', `/${path}`, object);
  if (code !== 201) throw new Error(`create ${object.kind} ${object.metadata.name}: ${code} ${body}`);
}

function perform(cluster: Cluster, namespace: string, step: Step): void {
  if (step.create !== undefined) return create(cluster, namespace, step.create);
  const target = step.delete ?? step.patch ?? step.status ?? step.resize ?? step.ephemeral;
  if (target === undefined) throw new Error('the step says nothing');
  const path = `/${PLURALS[target.kind ?? 'Pod']?.replace('NS', namespace) ?? ''}/${target.name}`;
  const { code, body } = request(cluster, path, step);
  const wanted = step.code ?? 200;
  if (code !== wanted && !(wanted === 200 && (code === 201 || code === 202))) throw new Error(`step at ${step.at}: ${code} ${body}`);
}

function request(cluster: Cluster, path: string, step: Step): { readonly code: number; readonly body: string } {
  if (step.delete !== undefined) {
    const { gracePeriodSeconds, propagationPolicy } = step.delete;
    return send(cluster, 'DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds, propagationPolicy });
  }
  const patch = (suffix: string, body: unknown): { readonly code: number; readonly body: string } =>
    send(cluster, 'PATCH', path + suffix, body, 'application/strategic-merge-patch+json');
  if (step.status !== undefined) return patch('/status', step.status.patch);
  if (step.resize !== undefined) return patch('/resize', step.resize.patch);
  if (step.ephemeral !== undefined) return patch('/ephemeralcontainers', { spec: { ephemeralContainers: step.ephemeral.containers } });
  return patch('', step.patch?.patch);
}

function send(
  cluster: Cluster,
  method: string,
  path: string,
  body: unknown,
  contentType = 'application/json',
): { readonly code: number; readonly body: string } {
  const answer = handleRequest(cluster.api, {
    method,
    path,
    query: new URLSearchParams(),
    headers: { 'content-type': contentType, accept: 'application/json' },
    body: JSON.stringify(body),
    user: ADMIN,
  });
  if (answer.kind !== 'response') throw new Error('a stream was not asked for');
  return answer;
}
