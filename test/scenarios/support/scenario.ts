// Plays a scenario: test/scenarios/<name>/input.yaml against a cluster in this process.
import { parse } from 'yaml';
import { draft } from '../../../src/base/json.ts';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { NODES } from '../../../src/api/schema/resources.ts';
import { strategyForKind } from '../../../src/api/register.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { Timeline } from './timeline.ts';

interface Scenario {
  readonly title: string;
  readonly cluster?: Partial<ClusterOptions>;
  readonly steps: readonly Step[];
}

/** `wait`: seconds. `create`: objects. `fault`, `recover`: a node's machine goes off or on. */
interface Step {
  readonly note?: string;
  readonly wait?: number;
  readonly create?: readonly { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly namespace?: string } }[];
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
  const timeline = new Timeline(START);
  cluster.api.store.onRevision((revision) => timeline.see(revision));
  for (const step of scenario.steps) carryOut(cluster, timeline, step);
  return { title: scenario.title, lines: timeline.lines, cluster };
}

function carryOut(cluster: Cluster, timeline: Timeline, step: Step): void {
  if (step.note !== undefined) timeline.note(cluster.simulation.now(), `# ${step.note}`);
  for (const object of step.create ?? []) create(cluster, object);
  if (step.fault !== undefined) setFault(cluster, step.fault, 'NodeDown');
  if (step.recover !== undefined) setFault(cluster, step.recover, undefined);
  if (step.wait !== undefined) cluster.simulation.advance(cluster.simulation.now() + step.wait * 1000);
}

function create(cluster: Cluster, object: NonNullable<Step['create']>[number]): void {
  const resource = strategyForKind(object.apiVersion, object.kind)?.resource;
  if (resource === undefined) throw new Error(`no such kind: ${object.kind}`);
  const base = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const namespace = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
  const answer = handleRequest(cluster.api, {
    method: 'POST',
    path: `${base}${namespace}/${resource.plural}`,
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(object),
    user: ADMIN,
  });
  if (answer.kind !== 'response' || answer.code >= 300)
    throw new Error(`${object.kind} was refused: ${answer.kind === 'response' ? answer.body : ''}`);
}

function setFault(cluster: Cluster, node: string, fault: string | undefined): void {
  cluster.admin().modify(NODES, '', node, (copy) => {
    const annotations = draft(copy.metadata.annotations ?? {});
    if (fault === undefined) delete annotations['kubepad.dev/fault'];
    else annotations['kubepad.dev/fault'] = fault;
    copy.metadata.annotations = annotations;
  });
}
