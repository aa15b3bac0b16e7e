/**
 * Pods that a machine runs by itself, from the files that its NodePool puts on it, and the mirror Pods that show them.
 * Invariant: a mirror Pod is made again as long as its file is there, and its containers do not notice.
 * Counterpart: pkg/kubelet/config (file source) and pkg/kubelet/pod/mirror_client.go of k8s.io/kubernetes.
 */
import { findContainer } from '../containers.ts';
import { jsonEqual } from '../../base/json.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Node, Pod, PodTemplateSpec } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { Change } from '../../client/watchCursor.ts';
import { haltWork } from '../halt.ts';
import { onConfigurationChange } from '../eviction/configuration.ts';
import type { KubeletHost } from '../kubelets.ts';
import { accumulate } from '../lifecycle/resources.ts';
import { requestSync } from '../podWorkers.ts';
import type { NodeState, PodState } from '../state.ts';
import { isTerminal } from '../status/generate.ts';
import { isMirror, isMirrorOf, mirrorName, mirrorNamespace, mirrorOf } from './mirror.ts';

/** The files of a pool or its kubelets' configuration changed: its machines look at them. */
export function onPoolChange(host: KubeletHost, change: Change): void {
  onConfigurationChange(host, change);
  const { object, previous } = change;
  const now = (object as NodePool).spec?.staticPods ?? [];
  const before = (previous as NodePool | undefined)?.spec?.staticPods ?? [];
  if (jsonEqual(now, before)) return;
  const pool = object.metadata.name ?? '';
  for (const node of host.clientOf('').list(NODES)) {
    const state = node.metadata.labels?.[POOL_LABEL] === pool ? host.findNode(node.metadata.name ?? '') : undefined;
    if (state !== undefined) syncStaticPods(host, state);
  }
}

/** Brings the mirror Pods of a machine in line with its files. */
export function syncStaticPods(host: KubeletHost, state: NodeState): void {
  if (state.down || state.link !== 'up') return;
  const node = host.nodeObject(state.name);
  if (node === undefined) return;
  const templates = templatesOf(host, node);
  const wanted = new Map(templates.map((template) => [`${mirrorNamespace(template)}/${mirrorName(template, state.name)}`, template]));
  for (const pod of host.clientOf('').podsOnNode(state.name)) {
    const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`;
    const template = wanted.get(key);
    if (!isMirror(pod) || (template !== undefined && isMirrorOf(pod, template, state.name))) continue;
    // Another file of the same name waits until the former Pod has ended.
    wanted.delete(key);
    if (pod.metadata.deletionTimestamp === undefined) end(host, state.name, pod);
  }
  for (const template of wanted.values()) {
    if (host.clientOf('').get(PODS, mirrorNamespace(template), mirrorName(template, state.name)) === undefined)
      createMirror(host, state, node, template);
  }
}

/** A machine that starts runs its static Pods again, however they ended: nobody remembers that. */
export function reviveStaticPods(host: KubeletHost, node: NodeState): void {
  for (const pod of host.clientOf('').podsOnNode(node.name)) {
    if (!isMirror(pod) || !isTerminal(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined) continue;
    if (pod.spec?.restartPolicy !== 'Always') continue;
    const { namespace = '', name = '', uid = '' } = pod.metadata;
    const { qosClass } = pod.status ?? {};
    host.writePodStatus(node.name, namespace, name, { phase: 'Pending', ...(qosClass === undefined ? {} : { qosClass }) });
    const state = host.state(uid);
    if (state?.work !== 'finished') continue;
    Object.assign(state, { work: 'syncing', killed: null, graceSeconds: null });
    accumulate(node.used, state.requests, 1);
    requestSync(host, state);
  }
}

/**
 * A mirror Pod that somebody deletes is made anew, and the containers go over to it.
 * @returns whether that was so; otherwise the Pod ends like any other
 */
export function keepMirror(host: KubeletHost, node: NodeState, pod: Pod, state: PodState | undefined): boolean {
  const object = isMirror(pod) ? host.nodeObject(node.name) : undefined;
  if (object === undefined || node.down) return false;
  const template = templatesOf(host, object).find(
    (each) => isMirrorOf(pod, each, node.name) && mirrorName(each, node.name) === pod.metadata.name,
  );
  if (template === undefined) return false;
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const stored = host.clientOf('').get(PODS, namespace, name);
  if (stored !== undefined && stored.metadata.uid !== uid) return false;
  if (stored !== undefined) host.deleteObject(node.name, namespace, name, uid);
  const mirror = createMirror(host, node, object, template);
  if (mirror === undefined) return false;
  if (state !== undefined && state.work === 'syncing') moveTo(host, node, state, pod, mirror);
  else if (state !== undefined) host.forget(state);
  return true;
}

/** A file that is gone, or another one now: its Pod has ended, so the next one can start. */
export function afterMirror(host: KubeletHost, node: NodeState, pod: Pod): void {
  if (isMirror(pod)) syncStaticPods(host, node);
}

function templatesOf(host: KubeletHost, { metadata }: Node): readonly PodTemplateSpec[] {
  const pool = metadata.labels?.[POOL_LABEL];
  return pool === undefined ? [] : (host.clientOf('').get(NODEPOOLS, '', pool)?.spec?.staticPods ?? []);
}

/** With the grace that it has. */
function end(host: KubeletHost, node: string, { metadata }: Pod): void {
  const { namespace = '', name = '', uid = '' } = metadata;
  host.clientOf(node).delete(PODS, namespace, name, { preconditions: { uid } });
}

function createMirror(host: KubeletHost, state: NodeState, node: Node, template: PodTemplateSpec): Pod | undefined {
  try {
    return host.clientOf(state.name).create(PODS, mirrorOf(template, node, host.now()));
  } catch (error) {
    // As a kubelet does: it is tried again when the files, the Pod or the machine change.
    if (!(error instanceof StatusError)) throw error;
    return undefined;
  }
}

/** What is known of the Pod's containers belongs to its new object from now on. */
function moveTo(host: KubeletHost, node: NodeState, state: PodState, former: Pod, mirror: Pod): void {
  const { namespace = '', name = '', uid = '' } = mirror.metadata;
  const { results, failures } = state;
  const address = node.pool.held[state.uid];
  haltWork(host, state);
  if (address !== undefined) {
    delete node.pool.held[state.uid];
    node.pool.held[uid] = address;
  }
  host.worlds.moveFiles(`pod/${state.uid}`, `pod/${uid}`);
  host.unregister(state);
  for (const timer of Object.values(state.wakes)) host.cancel(timer);
  const moved: PodState = { ...state, uid, orphan: null, results, failures, wakes: {} };
  host.remember(moved);
  for (const record of moved.records) {
    const container = findContainer(mirror, record.name)?.spec;
    if (container !== undefined) host.programs.run({ pod: mirror, container, record });
  }
  if (former.status !== undefined)
    host.writePodStatus(node.name, namespace, name, { ...(former.status as NonNullable<Parameters<typeof host.writePodStatus>[3]>) });
  requestSync(host, moved);
}
