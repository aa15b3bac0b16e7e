// Plays a scenario: test/scenarios/<name>/input.yaml against a cluster in this process.
import { parse } from 'yaml';
import { draft } from '../../../src/base/json.ts';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { NODES, PODS } from '../../../src/api/schema/resources.ts';
import { strategyForKind } from '../../../src/api/register.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { Timeline, type Shown } from './timeline.ts';

interface Scenario {
  readonly title: string;
  readonly cluster?: Partial<ClusterOptions>;
  /** What the timeline has beside Pods and Nodes. */
  readonly show?: readonly Shown[];
  readonly steps: readonly Step[];
}

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/**
 * `wait`: seconds. `create`: objects. `patch`: a merge patch with the object's kind and name in it. `delete`: the same without more.
 * `drain`: as kubectl does it, for at most `wait` seconds. `fault`, `recover`: a node's machine goes off or on.
 */
interface Step {
  readonly note?: string;
  readonly wait?: number;
  readonly create?: readonly Named[];
  readonly patch?: Named;
  readonly delete?: Named;
  readonly drain?: string;
  readonly fault?: string;
  readonly recover?: string;
}

export interface Played {
  readonly title: string;
  readonly lines: readonly string[];
  readonly cluster: Cluster;
}

const START = Date.parse('2026-01-05T10:00:00Z');

export function playScenario(text: string): Played {
  const scenario = parse(text) as Scenario;
  const cluster = Cluster.create({ seed: scenario.title, startTime: START, preset: 'empty', freeze: true, ...scenario.cluster });
  const timeline = new Timeline(START, scenario.show ?? []);
  cluster.api.store.onRevision((revision) => timeline.see(revision));
  for (const step of scenario.steps) carryOut(cluster, timeline, step);
  return { title: scenario.title, lines: timeline.lines, cluster };
}

function carryOut(cluster: Cluster, timeline: Timeline, step: Step): void {
  if (step.note !== undefined) timeline.note(cluster.simulation.now(), `# ${step.note}`);
  for (const object of step.create ?? []) request(cluster, 'POST', object, false);
  if (step.patch !== undefined) request(cluster, 'PATCH', step.patch, true);
  if (step.delete !== undefined) request(cluster, 'DELETE', step.delete, true);
  if (step.fault !== undefined) setFault(cluster, step.fault, 'NodeDown');
  if (step.recover !== undefined) setFault(cluster, step.recover, undefined);
  if (step.drain !== undefined) drain(cluster, timeline, step.drain, step.wait ?? 0);
  else if (step.wait !== undefined) cluster.simulation.advance(cluster.simulation.now() + step.wait * 1000);
}

function request(cluster: Cluster, method: string, object: Named, named: boolean): void {
  const answer = ask(
    cluster,
    method,
    object,
    named ? `/${object.metadata.name ?? ''}` : '',
    method === 'DELETE' ? '' : JSON.stringify(object),
  );
  if (answer.code >= 300) throw new Error(`${method} ${object.kind} was refused: ${answer.body}`);
}

function ask(
  cluster: Cluster,
  method: string,
  { apiVersion, kind, metadata }: Named,
  rest: string,
  body: string,
): { code: number; body: string } {
  const resource = strategyForKind(apiVersion, kind)?.resource;
  if (resource === undefined) throw new Error(`no such kind: ${kind}`);
  const base = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  const answer = handleRequest(cluster.api, {
    method,
    path: `${base}${namespace}/${resource.plural}${rest}`,
    query: new URLSearchParams(),
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    body,
    user: ADMIN,
  });
  return answer.kind === 'response' ? { code: answer.code, body: answer.body } : { code: 500, body: '' };
}

/** Cordons the node and evicts its Pods but those of DaemonSets; what a budget refuses is tried again every five seconds. */
function drain(cluster: Cluster, timeline: Timeline, node: string, seconds: number): void {
  const { simulation } = cluster;
  const client = cluster.admin();
  client.modify(NODES, '', node, (copy) => void ((copy.spec ??= {}).unschedulable = true));
  const end = simulation.now() + seconds * 1000;
  for (;;) {
    const pods = client
      .podsOnNode(node)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') !== true);
    for (const pod of pods) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const { name = '', namespace = '' } = pod.metadata;
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      const target: Named = { apiVersion: 'v1', kind: PODS.kind, metadata: { name, namespace } };
      const answer = ask(cluster, 'POST', target, `/${name}/eviction`, JSON.stringify(eviction));
      if (answer.code < 300) continue;
      const { details } = JSON.parse(answer.body) as { readonly details?: { readonly causes?: readonly { readonly message?: string }[] } };
      timeline.note(simulation.now(), `eviction of ${timeline.nameOf(pod)} is refused: ${details?.causes?.[0]?.message ?? ''}`);
    }
    if (pods.length === 0 || simulation.now() >= end) break;
    simulation.advance(Math.min(end, simulation.now() + 5_000));
  }
  simulation.advance(end);
}

function setFault(cluster: Cluster, node: string, fault: string | undefined): void {
  cluster.admin().modify(NODES, '', node, (copy) => {
    const annotations = draft(copy.metadata.annotations ?? {});
    if (fault === undefined) delete annotations['kubepad.dev/fault'];
    else annotations['kubepad.dev/fault'] = fault;
    copy.metadata.annotations = annotations;
  });
}
