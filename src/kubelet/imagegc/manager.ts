/**
 * Deletes images that nobody uses when the disk fills up, and says so if that is not enough; and those that grow too old, where that is configured.
 * Invariant: only nodes whose disk is crowded, or whose images have an age, are looked at; an image that is new on the node is left alone.
 * Counterpart: realImageGCManager of k8s.io/kubernetes/pkg/kubelet/images, and the kubelet's loop around it.
 */
import { value } from '../../apimachinery/quantity/quantity.ts';
import { settingsOf } from '../eviction/settings.ts';
import { diskAvailable } from '../eviction/disk.ts';
import type { KubeletHost } from '../kubelets.ts';
import type { NodeState } from '../state.ts';
import { deleteImage, unusedImages } from './unused.ts';

/** ImageGCPeriod */
const PERIOD_MS = 300_000;

/** The disk may be crowded: the kubelet's next round looks at it. */
export function watchImages(host: KubeletHost, state: NodeState): void {
  if (state.imageGc !== null || state.mode !== 'realistic') return;
  state.imageGc = { failed: false, sinceMs: host.now() };
  schedule(host, state, false);
}

/** On a machine whose images grow too old every round counts. */
export function watchAges(host: KubeletHost, state: NodeState): void {
  const node = host.nodeObject(state.name);
  if (node === undefined || state.imageGc !== null || state.mode !== 'realistic' || settingsOf(host, node).imageMaxAgeMs === 0) return;
  state.imageGc = { failed: false, sinceMs: host.now() };
  schedule(host, state, true);
}

/** One round. */
export function collectImages(host: KubeletHost, name: string): void {
  const state = host.findNode(name);
  const node = host.nodeObject(name);
  if (state === undefined || state.imageGc === null) return;
  if (node === undefined || state.down || state.link === 'stopped') {
    state.imageGc = null;
    return;
  }
  const settings = settingsOf(host, node);
  deleteOld(host, state, state.imageGc.sinceMs, settings.imageMaxAgeMs);
  const capacity = value(node.status?.capacity?.['ephemeral-storage']);
  const available = Math.min(diskAvailable(host, node, state, capacity), capacity);
  const usedPercent = 100 - Math.trunc((available * 100) / capacity);
  if (capacity === 0 || usedPercent < settings.imageHighPercent) {
    state.imageGc.failed = false;
    if (settings.imageMaxAgeMs > 0) schedule(host, state, true);
    else state.imageGc = null;
    return;
  }
  const wanted = Math.trunc((capacity * (100 - settings.imageLowPercent)) / 100 - available);
  const freed = freeSpace(host, state, wanted, settings.imageMinAgeMs);
  if (freed > 0) host.keeper.report(state);
  const failed = freed < wanted;
  if (failed) complain(host, state, wanted, freed);
  state.imageGc.failed = failed;
  // A disk that stays full does not keep the cluster from being stable.
  schedule(host, state, true);
}

/** A kubelet that has not looked for as long as that cannot say how old they are. */
function deleteOld(host: KubeletHost, state: NodeState, sinceMs: number, maxAgeMs: number): void {
  const nowMs = host.now();
  if (maxAgeMs === 0 || nowMs - sinceMs <= maxAgeMs) return;
  const old = unusedImages(host, state).filter((image) => nowMs - (state.imageUse[image]?.usedMs ?? sinceMs) > maxAgeMs);
  for (const image of old) deleteImage(host, state, image);
  if (old.length > 0) host.keeper.report(state);
}

/** The first failure may pass; from the second in a row on the loop complains, too. */
function complain(host: KubeletHost, state: NodeState, wanted: number, freed: number): void {
  const text = `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`;
  host.nodeEvent(state.name, 'Warning', 'FreeDiskSpaceFailed', text);
  if (state.imageGc?.failed === true) host.nodeEvent(state.name, 'Warning', 'ImageGCFailed', text);
}

/** Those that were used longest ago first, until it is enough. */
function freeSpace(host: KubeletHost, state: NodeState, wanted: number, minAgeMs: number): number {
  const nowMs = host.now();
  const candidates = unusedImages(host, state)
    .map((image) => ({ image, ...(state.imageUse[image] ?? { detectedMs: 0, usedMs: 0 }) }))
    .filter(({ detectedMs, usedMs }) => usedMs < nowMs && nowMs - detectedMs >= minAgeMs)
    .toSorted((a, b) => a.usedMs - b.usedMs || a.detectedMs - b.detectedMs);
  let freed = 0;
  for (const { image } of candidates) {
    if (freed >= wanted) break;
    freed += deleteImage(host, state, image);
  }
  return freed;
}

/** Each kubelet has its own moment in the five minutes. */
function schedule(host: KubeletHost, state: NodeState, background: boolean): void {
  const since = host.now() - state.relistPhaseMs;
  const at = (Math.floor(since / PERIOD_MS) + 1) * PERIOD_MS + state.relistPhaseMs;
  host.scheduleOwn('imagegc', at, { node: state.name }, background);
}
