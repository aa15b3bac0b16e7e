import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { ReplicaSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Dice } from './dice.ts';
import { fault, worker, WORKERS } from './faults.ts';
import { ask, FAULTS_PATH, KINDS, NAMES, nameOf, patch, PATHS, workload, type Kind } from './workloads.ts';

type Act = (cluster: Cluster, dice: Dice) => string;

/** More objects than this at once and nothing works at all any more. */
const MAX_FAULTS = 6;

/** What people do to a cluster. The number says how often, beside the others. */
const ACTS: readonly (readonly [number, Act])[] = [
  [10, apply],
  [4, scale],
  [3, rollBack],
  [8, rollOut],
  [3, remove],
  [4, evict],
  [2, drain],
  [3, cordon],
  [2, taint],
  [4, kill],
  [2, relabel],
  [6, begin],
  [3, end],
  [1, resizePool],
  [1, deleteNode],
  [1, namespace],
];
const WEIGHTED = ACTS.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));

/** What is applied: mostly what is rolled out. */
const WISHES: readonly Kind[] = [...KINDS, 'Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'StatefulSet', 'DaemonSet'];

/** Does something and says what. */
export function act(cluster: Cluster, dice: Dice): string {
  return dice.pick(WEIGHTED)(cluster, dice);
}

/** Makes an object, or makes it another one. */
function apply(cluster: Cluster, dice: Dice): string {
  const kind = dice.pick(WISHES);
  const name = nameOf(kind, dice);
  const body = workload(kind, name, dice);
  const made = ask(cluster, 'POST', PATHS[kind], body);
  if (made.code !== 409) return `create ${kind} ${name} ${made.code}`;
  return `change ${kind} ${name} ${patch(cluster, `${PATHS[kind]}/${name}`, body)}`;
}

function remove(cluster: Cluster, dice: Dice): string {
  const kind = dice.pick(KINDS);
  const name = nameOf(kind, dice);
  const propagationPolicy = dice.pick(['Background', 'Background', 'Foreground', 'Orphan']);
  const { code } = ask(cluster, 'DELETE', `${PATHS[kind]}/${name}`, { propagationPolicy });
  return `delete ${kind} ${name} ${propagationPolicy} ${code}`;
}

function scale(cluster: Cluster, dice: Dice): string {
  const kind = dice.pick(['Deployment', 'StatefulSet', 'ReplicationController'] as const);
  const name = nameOf(kind, dice);
  const replicas = dice.int(7);
  return `scale ${name} ${replicas} ${patch(cluster, `${PATHS[kind]}/${name}/scale`, { spec: { replicas } })}`;
}

/** As kubectl rollout restart, or with another image: most rollouts are of what runs already. */
function rollOut(cluster: Cluster, dice: Dice): string {
  const kind = dice.pick(['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet'] as const);
  const live = any(cluster.api.store.list(`${kind.toLowerCase()}s.apps`, 'default'), dice)?.metadata.name;
  if (live === undefined) return `no ${kind} to roll out`;
  const template = dice.once(2)
    ? { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': String(cluster.simulation.now()) } } }
    : { spec: { terminationGracePeriodSeconds: dice.pick([1, 10, 30]) } };
  return `roll out ${live} ${patch(cluster, `${PATHS[kind]}/${live}`, { spec: { template } })}`;
}

/** As kubectl rollout undo: the template of an old ReplicaSet becomes the Deployment's. */
function rollBack(cluster: Cluster, dice: Dice): string {
  const sets = cluster.api.store.list('replicasets.apps', 'default') as readonly ReplicaSet[];
  const old = sets.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'Deployment');
  if (old.length === 0) return 'nothing to roll back';
  const { metadata, spec } = dice.pick(old);
  const { 'pod-template-hash': _hash, ...labels } = spec?.template?.metadata?.labels ?? {};
  const template = { ...spec?.template, metadata: { ...spec?.template?.metadata, labels } };
  const name = metadata.ownerReferences?.[0]?.name ?? '';
  return `roll ${name} back to ${metadata.name} ${patch(cluster, `${PATHS.Deployment}/${name}`, { spec: { template } })}`;
}

function evict(cluster: Cluster, dice: Dice): string {
  const pod = anyPod(cluster, dice);
  return pod === undefined ? 'nobody to evict' : `evict ${pod.metadata.name} ${evictPod(cluster, pod)}`;
}

/** As kubectl drain does it once: no new Pods, and an eviction for every Pod that no DaemonSet runs. */
function drain(cluster: Cluster, dice: Dice): string {
  const name = worker(dice);
  const code = patch(cluster, `/api/v1/nodes/${name}`, { spec: { unschedulable: true } });
  const pods = (cluster.api.store.list('pods', 'default') as readonly Pod[]).filter(
    ({ spec, metadata }) => spec?.nodeName === name && metadata.ownerReferences?.[0]?.kind !== 'DaemonSet',
  );
  return `drain ${name} ${code}: ${pods.map((pod) => `${pod.metadata.name} ${evictPod(cluster, pod)}`).join(' ')}`;
}

function evictPod(cluster: Cluster, { metadata: { name } }: Pod): number {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
  return ask(cluster, 'POST', `${PATHS.Pod}/${name}/eviction`, body).code;
}

function cordon(cluster: Cluster, dice: Dice): string {
  const name = worker(dice);
  return `cordon or not ${name} ${patch(cluster, `/api/v1/nodes/${name}`, { spec: { unschedulable: dice.once(2) || null } })}`;
}

export const TAINT = 'chaos';

function taint(cluster: Cluster, dice: Dice): string {
  const name = worker(dice);
  const node = cluster.api.store.get('nodes', name) as { readonly spec?: { readonly taints?: readonly { key: string }[] } } | undefined;
  const others = (node?.spec?.taints ?? []).filter(({ key }) => key !== TAINT);
  const added = dice.once(2) ? [] : [{ key: TAINT, effect: dice.pick(['NoSchedule', 'PreferNoSchedule', 'NoExecute']) }];
  return `taint ${name} ${JSON.stringify(added)} ${patch(cluster, `/api/v1/nodes/${name}`, { spec: { taints: [...others, ...added] } })}`;
}

function kill(cluster: Cluster, dice: Dice): string {
  const pod = anyPod(cluster, dice);
  if (pod === undefined) return 'nobody to kill';
  const { code } = ask(cluster, 'DELETE', `${PATHS.Pod}/${pod.metadata.name}`, { gracePeriodSeconds: dice.pick([0, 1, 30]) });
  return `kill ${pod.metadata.name} ${code}`;
}

/** Takes a Pod out of its controller's sight, or gives it to another one. */
function relabel(cluster: Cluster, dice: Dice): string {
  const pod = anyPod(cluster, dice);
  if (pod === undefined) return 'nobody to label';
  const app = dice.pick(['stray', `deployment-${dice.int(NAMES)}`]);
  return `label ${pod.metadata.name} ${app} ${patch(cluster, `${PATHS.Pod}/${pod.metadata.name}`, { metadata: { labels: { app } } })}`;
}

function begin(cluster: Cluster, dice: Dice): string {
  if (cluster.api.store.count('faults.kubepad.dev') >= MAX_FAULTS) return end(cluster, dice);
  const body = fault(dice);
  return `${JSON.stringify(body)} ${ask(cluster, 'POST', FAULTS_PATH, body).code}`;
}

function end(cluster: Cluster, dice: Dice): string {
  const name = any(cluster.api.store.list('faults.kubepad.dev'), dice)?.metadata.name;
  return name === undefined ? 'no fault to end' : `end fault ${name} ${ask(cluster, 'DELETE', `${FAULTS_PATH}/${name}`).code}`;
}

function resizePool(cluster: Cluster, dice: Dice): string {
  const count = dice.between(2, WORKERS);
  return `${count} workers ${patch(cluster, '/apis/kubepad.dev/v1/nodepools/worker', { spec: { count } })}`;
}

function deleteNode(cluster: Cluster, dice: Dice): string {
  const name = worker(dice);
  return `delete node ${name} ${ask(cluster, 'DELETE', `/api/v1/nodes/${name}`).code}`;
}

/** A namespace with something in it comes, or goes with all of it. */
function namespace(cluster: Cluster, dice: Dice): string {
  const name = `team-${dice.int(NAMES)}`;
  const path = `/api/v1/namespaces/${name}`;
  if (cluster.api.store.get('namespaces', name) !== undefined) return `delete namespace ${name} ${ask(cluster, 'DELETE', path).code}`;
  const { code } = ask(cluster, 'POST', '/api/v1/namespaces', { metadata: { name } });
  for (const kind of ['Deployment', 'StatefulSet', 'Job', 'Service', 'PersistentVolumeClaim'] as const)
    ask(cluster, 'POST', PATHS[kind].replace('/default/', `/${name}/`), workload(kind, nameOf(kind, dice), dice));
  return `create namespace ${name} ${code}`;
}

function anyPod(cluster: Cluster, dice: Dice): Pod | undefined {
  return any(cluster.api.store.list('pods', 'default') as readonly Pod[], dice);
}

function any<T extends KubeObject>(list: readonly T[], dice: Dice): T | undefined {
  return list.length === 0 ? undefined : dice.pick(list);
}
