// Plays a scenario: test/scenarios/<name>/input.yaml against a cluster in this process.
import { parse } from 'yaml';
import { draft } from '../../../src/base/json.ts';
import { DEPLOYMENTS, NODES, PODS, REPLICASETS } from '../../../src/api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../../src/api/schema/types/apps/v1.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { revisionOf } from '../../../src/controllers/deployment/annotations.ts';
import { withoutHash } from '../../../src/controllers/deployment/hash.ts';
import { conditionsOf, execIn, fieldOf, logOf, tableOf, usageOf } from './look.ts';
import { ask, collectionOf, type Named } from './requests.ts';
import { Timeline, type Shown } from './timeline.ts';
import { balancerOf, visited, type Visit } from './visit.ts';

interface Scenario {
  readonly title: string;
  readonly cluster?: Partial<ClusterOptions>;
  /** Seconds that pass before the story begins, untold: the nodes come up. */
  readonly before?: number;
  /** What the timeline has beside Pods and Nodes. */
  readonly show?: readonly Shown[];
  readonly steps: readonly Step[];
}

/**
 * `wait`: seconds. `create`: objects. `patch`: a merge patch with the object's kind and name in it. `delete`: the same without more,
 * with `propagation` and `grace` as the flags of kubectl. `refused`: the API server says no to the act, and its words are told.
 * `undo`: a Deployment goes back to the revision before. `drain`: as kubectl does it, for at most `wait` seconds. `fault`, `recover`:
 * a node's machine goes off or on. `quiet`: so many seconds pass, and only what was written is told, by resource. Then looks:
 * `get`: tables (`pods -o wide`). `conditions`: `deployments/web`. `fields`: `pods/web-1 .status.qosClass`. `exec`: a command in a container.
 * `balancers`: Services whose load balancer is asked how its targets are, and visited ten times from outside.
 * `top`: what the Pods of the namespace or the nodes use. `logs`: what a Pod's container wrote, or the one before it (`previous`).
 * `visits`: requests to a URL, from a Pod or from outside, and who answers.
 */
interface Step {
  readonly note?: string;
  readonly wait?: number;
  readonly create?: readonly Named[];
  readonly patch?: Named;
  readonly subresource?: string;
  readonly delete?: Named;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly grace?: number;
  readonly refused?: boolean;
  readonly undo?: string;
  readonly drain?: string;
  readonly fault?: string;
  readonly recover?: string;
  readonly quiet?: number;
  readonly get?: readonly string[];
  readonly conditions?: readonly string[];
  readonly fields?: readonly string[];
  readonly visits?: readonly Visit[];
  readonly balancers?: readonly string[];
  readonly top?: 'nodes' | 'pods';
  readonly logs?: { readonly pod: string; readonly container?: string; readonly previous?: boolean };
  readonly exec?: { readonly pod: string; readonly container?: string; readonly command: readonly string[] };
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
  const before = (scenario.before ?? 0) * 1000;
  if (before > 0) cluster.simulation.advance(START + before);
  const timeline = new Timeline(START + before, scenario.show ?? []);
  cluster.api.store.onRevision((revision) => timeline.see(revision));
  for (const step of scenario.steps) carryOut(cluster, timeline, step);
  return { title: scenario.title, lines: timeline.lines, cluster };
}

function carryOut(cluster: Cluster, timeline: Timeline, step: Step): void {
  const { simulation } = cluster;
  if (step.note !== undefined) timeline.note(simulation.now(), `# ${step.note}`);
  act(cluster, timeline, step);
  if (step.fault !== undefined) setFault(cluster, step.fault, 'NodeDown');
  if (step.recover !== undefined) setFault(cluster, step.recover, undefined);
  if (step.undo !== undefined) undo(cluster, step.undo);
  if (step.drain !== undefined) drain(cluster, timeline, step.drain, step.wait ?? 0);
  else if (step.wait !== undefined) simulation.advance(simulation.now() + step.wait * 1000);
  if (step.quiet !== undefined) keepQuiet(cluster, timeline, step.quiet);
  look(cluster, timeline, step);
}

/** What a person asks the API server to do. */
function act(cluster: Cluster, timeline: Timeline, step: Step): void {
  const told = (method: string, object: Named, url: string, body?: object): void => {
    const answer = ask(cluster, method, url, JSON.stringify(body ?? object));
    if (answer.code >= 300 !== (step.refused === true)) throw new Error(`${method} ${object.kind}: ${answer.code} ${answer.body}`);
    if (step.refused !== true) return;
    const { reason, message } = JSON.parse(answer.body) as { readonly reason: string; readonly message: string };
    timeline.note(cluster.simulation.now(), `Error from server (${reason}): ${timeline.alias(message)}`);
  };
  const urlOf = (object: Named): string => {
    const name = object.metadata.name ?? '';
    return `${collectionOf(cluster, object)}/${object.kind === PODS.kind ? timeline.realName(name) : name}`;
  };
  for (const object of step.create ?? []) told('POST', object, collectionOf(cluster, object));
  if (step.patch !== undefined) {
    const { metadata, ...rest } = step.patch;
    const { name: _name, ...other } = metadata;
    told('PATCH', step.patch, urlOf(step.patch) + (step.subresource === undefined ? '' : `/${step.subresource}`), {
      ...rest,
      metadata: other,
    });
  }
  if (step.delete !== undefined) {
    told('DELETE', step.delete, urlOf(step.delete), {
      ...(step.propagation === undefined ? {} : { propagationPolicy: step.propagation }),
      ...(step.grace === undefined ? {} : { gracePeriodSeconds: step.grace }),
    });
  }
}

function look(cluster: Cluster, timeline: Timeline, step: Step): void {
  const tell = (lines: readonly string[]): void => {
    for (const line of lines) timeline.lines.push(`         ${line}`.trimEnd());
  };
  for (const text of step.get ?? []) tell([`$ kubectl get ${text}`, ...tableOf(cluster, timeline, text)]);
  for (const text of step.conditions ?? []) tell([`conditions of ${text}:`, ...conditionsOf(cluster, timeline, text)]);
  for (const text of step.fields ?? []) tell([fieldOf(cluster, timeline, text)]);
  for (const name of step.balancers ?? []) tell(balancerOf(cluster, timeline, name));
  for (const visit of step.visits ?? []) {
    const how = `${visit.from === undefined ? 'outside' : visit.from} asks ${visit.url}${visit.times === undefined ? '' : ` ${visit.times} times`}`;
    tell([`${how}: ${visited(cluster, timeline, visit)}`]);
  }
  if (step.top !== undefined) tell([`$ kubectl top ${step.top}`, ...usageOf(cluster, timeline, step.top)]);
  if (step.logs !== undefined) {
    const { pod, container, previous } = step.logs;
    const flags = [...(container === undefined ? [] : ['-c', container]), ...(previous === true ? ['--previous'] : [])];
    tell([['$ kubectl logs', pod, ...flags].join(' '), ...logOf(cluster, timeline, step.logs)]);
  }
  if (step.exec !== undefined)
    tell([`$ kubectl exec ${step.exec.pod} -- ${step.exec.command.join(' ')}`, ...execIn(cluster, timeline, step.exec)]);
}

/** As `kubectl rollout undo` does it: the template of the revision before, without the hash. */
function undo(cluster: Cluster, name: string): void {
  const client = cluster.admin();
  const deployment = client.get(DEPLOYMENTS, 'default', name) as Deployment;
  const sets = (client.list(REPLICASETS, 'default') as readonly ReplicaSet[])
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid) === true)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
  const template = withoutHash(sets[1]?.spec?.template);
  client.modify(DEPLOYMENTS, 'default', name, (copy) => {
    if (copy.spec !== undefined) copy.spec.template = draft(template);
  });
}

/** Lets time pass and tells how many writes there were to which resource; a quiet cluster has heartbeats only. */
function keepQuiet(cluster: Cluster, timeline: Timeline, seconds: number): void {
  const counts = new Map<string, number>();
  const stop = cluster.api.store.onRevision(({ resource }) => void counts.set(resource, (counts.get(resource) ?? 0) + 1));
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
  stop.dispose();
  const written = [...counts].toSorted(([a], [b]) => a.localeCompare(b, 'en')).map(([resource, count]) => `${count} of ${resource}`);
  timeline.note(cluster.simulation.now(), `in ${seconds} s were written: ${written.length === 0 ? 'nothing' : written.join(', ')}`);
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
      const answer = ask(cluster, 'POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, JSON.stringify(eviction));
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
