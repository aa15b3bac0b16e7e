/**
 * Gets images onto the node: pull policy, one pull at a time for all Pods of a node, back-off after failures.
 * Invariant: a Pod has at most one pull in its node's queue; the first in the queue is the one that goes on.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/images (image_manager.go, puller.go).
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import { concernsImage, concernsNode, concernsPod } from '../api/kubepad/fault/match.ts';
import { refusedPull, type Held, type PullResult } from '../runtime/images/catalog.ts';
import { describe, layersOf, type Described } from '../runtime/images/content.ts';
import { invalidNameText, referenceError } from '../runtime/images/reference.ts';
import { inBackOff, nextBackOff } from './backOff.ts';
import type { Kubelet } from './kubelet.ts';
import type { NodeState, PodState, Pull, StartFailure } from './state.ts';

/** Null: the image is on the node. `wait`: it is being pulled, `finishPull` says how that went. */
export function ensureImage(kubelet: Kubelet, state: PodState, pod: Pod, container: Container): StartFailure | null | 'wait' {
  const image = container.image ?? '';
  const node = kubelet.node(state.node);
  const invalid = referenceError(image);
  if (invalid !== undefined) {
    const message = invalidNameText(image, invalid);
    kubelet.event(state, 'Warning', 'InspectFailed', message, container.name);
    return failed(kubelet, state, container, 'InvalidImageName', message);
  }
  // A copy that was pulled with somebody's secret is as good as none for a Pod without one: the registry has to be asked.
  const usable = !kubelet.catalog.needsSecret(image) || isAuthorized(kubelet, pod);
  const present = usable && (node.images[image] !== undefined || kubelet.catalog.isPreloaded(image));
  if (container.imagePullPolicy === 'Never' && !present) {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    kubelet.event(state, 'Warning', 'ErrImageNeverPull', message, container.name);
    return failed(kubelet, state, container, 'ErrImageNeverPull', message);
  }
  if (present && container.imagePullPolicy !== 'Always') {
    node.images[image] ??= kubelet.catalog.sizeBytes(image);
    noteUse(node, image, kubelet.now());
    kubelet.event(
      state,
      'Normal',
      'Pulled',
      `Container image "${image}" already present on machine and can be accessed by the pod`,
      container.name,
    );
    return null;
  }
  const key = `image/${image}`;
  const entry = state.backOff[key];
  if (entry !== undefined && inBackOff(entry, entry.updatedAtMs, kubelet.now())) {
    kubelet.event(state, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, container.name);
    const cause = state.pullErrors[image] ?? '';
    return failed(kubelet, state, container, 'ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${cause}`);
  }
  kubelet.event(state, 'Normal', 'Pulling', `Pulling image "${image}"`, container.name);
  node.pulls.push({ uid: state.uid, image, askedAtMs: kubelet.now(), startedAtMs: null, timer: null, outcome: null });
  startNextPull(kubelet, node, pod);
  return 'wait';
}

/** Called when the Pod's pull has ended. */
export function finishPull(kubelet: Kubelet, state: PodState, container: Container, image: string): StartFailure | null | 'wait' {
  const node = kubelet.node(state.node);
  const index = node.pulls.findIndex((pull) => pull.uid === state.uid);
  const pull = node.pulls[index];
  if (pull === undefined || pull.outcome === null) return 'wait';
  node.pulls.splice(index, 1);
  startNextPull(kubelet, node);
  const nowMs = kubelet.now();
  const { ok, sizeBytes, error } = pull.outcome;
  if (ok) {
    const isHere = node.images[image] === sizeBytes;
    node.images[image] = sizeBytes;
    noteUse(node, image, nowMs);
    kubelet.holders.set(node, image, pull.outcome.digest === '' ? undefined : pull.outcome.digest);
    // Many Pods of a node pull the same image; weighing the disk means looking at all of them.
    if (!isHere) kubelet.imageArrived(node);
    const own = seconds(nowMs - (pull.startedAtMs ?? nowMs));
    const all = seconds(nowMs - pull.askedAtMs);
    const text = `Successfully pulled image "${image}" in ${own} (${all} including waiting). Image size: ${sizeBytes} bytes.`;
    kubelet.event(state, 'Normal', 'Pulled', text, container.name);
    delete state.backOff[`image/${image}`];
    return null;
  }
  kubelet.event(state, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`, container.name);
  state.backOff[`image/${image}`] = nextBackOff(state.backOff[`image/${image}`], nowMs, nowMs);
  state.pullErrors[image] = error;
  return failed(kubelet, state, container, 'ErrImagePull', error);
}

function noteUse({ imageUse }: NodeState, image: string, nowMs: number): void {
  imageUse[image] = { detectedMs: imageUse[image]?.detectedMs ?? nowMs, usedMs: nowMs };
}

/** The Pod has ended: until now it used the images of its containers. */
export function noteLastUse(kubelet: Kubelet, state: PodState): void {
  const node = kubelet.node(state.node);
  for (const { image } of state.records) if (node.images[image] !== undefined) noteUse(node, image, kubelet.now());
}

/** A pull's time is over: notes what came of it. */
export function pullEnded(node: NodeState, uid: string, outcome: NonNullable<Pull['outcome']>): void {
  const pull = node.pulls.find((other) => other.uid === uid);
  if (pull !== undefined) pull.outcome = outcome;
}

/** The Pod does not want its image any more. */
export function abandonPull(kubelet: Kubelet, state: PodState): void {
  const node = kubelet.node(state.node);
  const index = node.pulls.findIndex((pull) => pull.uid === state.uid);
  const [pull] = index < 0 ? [] : node.pulls.splice(index, 1);
  if (pull === undefined) return;
  kubelet.cancel(pull.timer);
  startNextPull(kubelet, node);
}

/** An event on every sync for secrets that do not exist. */
export function reportMissingPullSecrets(kubelet: Kubelet, state: PodState, pod: Pod): void {
  const secrets = pod.spec?.imagePullSecrets;
  if (secrets === undefined || secrets.length === 0) return;
  const missing = secrets.map(({ name }) => name ?? '').filter((name) => kubelet.hasObject('secrets', state.namespace, name) === undefined);
  if (missing.length === 0) return;
  const text = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
  kubelet.event(state, 'Warning', 'FailedToRetrieveImagePullSecret', text);
}

function startNextPull(kubelet: Kubelet, node: NodeState, known?: Pod): void {
  const pull: Pull | undefined = node.pulls[0];
  if (pull === undefined || pull.startedAtMs !== null) return;
  const state = kubelet.state(pull.uid);
  if (state === undefined) return;
  const nowMs = kubelet.now();
  const pod = known?.metadata.uid === pull.uid ? known : kubelet.pod(state);
  const result =
    faultyPull(kubelet, pod, pull.image) ??
    kubelet.catalog.pull(pull.image, isAuthorized(kubelet, pod), heldOn(kubelet, node, pull.image), nowMs);
  pull.startedAtMs = nowMs;
  const detail = result.ok
    ? { ok: true, sizeBytes: result.sizeBytes, error: '', digest: result.digest ?? '' }
    : { ok: false, sizeBytes: 0, error: result.error, digest: '' };
  pull.timer = kubelet.schedule(state, 'pull', nowMs + result.tookMs, detail);
}

function heldOn(kubelet: Kubelet, node: NodeState, image: string): Held {
  return { present: node.images[image] !== undefined, digest: node.digests[image], layers: new Set(layersOn(kubelet, node).keys()) };
}

/** The layers of described images on a node: digest > bytes. Images that share a layer have it once. */
function layersOn({ catalog }: Kubelet, node: Readonly<NodeState>): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  for (const digest of new Set(Object.values(node.digests))) {
    const content = catalog.content(digest);
    for (const layer of content === undefined ? [] : layersOf(content)) layers.set(layer.digest, layer.sizeBytes);
  }
  return layers;
}

/** What all images take of the node's disk, bytes. */
export function imageBytes(kubelet: Kubelet, node: Readonly<NodeState>): number {
  let bytes = 0;
  for (const size of layersOn(kubelet, node).values()) bytes += size;
  for (const [image, size] of Object.entries(node.images)) if (node.digests[image] === undefined) bytes += size;
  return bytes;
}

/** What the node's image of a container says about it, if an Image object did. */
export function describedOn(kubelet: Kubelet, { node }: PodState, { image = '' }: Container): Described | undefined {
  const content = kubelet.catalog.content(kubelet.node(node).digests[image]);
  return content === undefined ? undefined : describe(content);
}

/** What a fault makes of the pull. */
function faultyPull(kubelet: Kubelet, pod: Pod, image: string): PullResult | undefined {
  const faults = kubelet.faults.of('ImagePullError');
  if (faults.length === 0) return undefined;
  const node = kubelet.nodeObject(pod.spec?.nodeName ?? '');
  const fault = faults.find((one) => concernsImage(one, image) && concernsPod(one, pod) && (node === undefined || concernsNode(one, node)));
  if (fault === undefined) return undefined;
  kubelet.hit(fault, pod);
  return refusedPull(image, fault.spec?.error ?? 'refused');
}

/** The private registry of the recordings lets the user `good` in. */
function isAuthorized(kubelet: Kubelet, pod: Pod): boolean {
  return (pod.spec?.imagePullSecrets ?? []).some(({ name }) => {
    const secret = kubelet.hasObject('secrets', pod.metadata.namespace ?? '', name ?? '');
    const data = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.['.dockerconfigjson'];
    return data !== undefined && userOf(data) === 'good';
  });
}

function userOf(base64: string): string | undefined {
  try {
    const config = JSON.parse(atob(base64)) as {
      readonly auths?: Readonly<Record<string, { readonly username?: string; readonly auth?: string }>>;
    };
    for (const { username, auth } of Object.values(config.auths ?? {})) {
      const name = username ?? (auth === undefined ? undefined : atob(auth).split(':')[0]);
      if (name !== undefined) return name;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function failed(kubelet: Kubelet, state: PodState, container: Container, reason: string, message: string): StartFailure {
  kubelet.event(state, 'Warning', 'Failed', `Error: ${reason}`, container.name);
  return { reason, message };
}

/** `2.001s`, `850ms`: as Go prints a duration rounded to milliseconds. */
function seconds(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}
