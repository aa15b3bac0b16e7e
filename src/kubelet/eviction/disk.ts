/**
 * What images, containers, volumes and logs take of a node's disk: bytes and inodes.
 * Invariant: reads only. Files count for the Pod that wrote them, those in a hostPath for the node.
 * Counterpart: the file system statistics of the kubelet's summary API, as the eviction manager reads them.
 */
import { concernsNode } from '../../api/kubepad/fault/match.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { value } from '../../apimachinery/quantity/quantity.ts';
import { sizeOf, type Layer } from '../../runtime/files/fileSystem.ts';
import { imageBytes } from '../images.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeState, PodState } from '../state.ts';

const KIBI = 1024;
/** The directories of a container that has written nothing. */
export const CONTAINER_DISK_BYTES = 4 * KIBI;
/** mke2fs makes an inode for so many bytes of a disk, and the files of images are about as large on average. */
const BYTES_PER_INODE = 16 * KIBI;

/** How much of the disk something takes. */
export interface DiskUse {
  readonly bytes: number;
  readonly inodes: number;
}

/** Where the files are that containers have written. */
export type WrittenFiles = Pick<Kubelet['worlds'], 'layersOf'>;

const NONE: DiskUse = { bytes: 0, inodes: 0 };

/** Images and what containers wrote; a fault takes most of the rest, but not what the kubelet has freed since. */
export function diskAvailable(kubelet: Kubelet, node: Node, state: NodeState, capacityBytes: number): number {
  const free = capacityBytes - imageBytes(kubelet, state) - writtenOn(kubelet, state).bytes;
  const left = kubelet.faults
    .of('DiskPressure')
    .filter((fault) => concernsNode(fault, node))
    .map(({ spec }) => amount(spec?.available ?? '5%', capacityBytes) + (state.eviction?.freedBytes ?? 0));
  return Math.min(free, ...left);
}

export function diskInodes(capacityBytes: number): number {
  return Math.floor(capacityBytes / BYTES_PER_INODE);
}

export function inodesAvailable(kubelet: Kubelet, state: NodeState, capacityBytes: number): number {
  const ofImages = Math.ceil(imageBytes(kubelet, state) / BYTES_PER_INODE);
  return Math.max(diskInodes(capacityBytes) - ofImages - writtenOn(kubelet, state).inodes, 0);
}

function writtenOn(kubelet: Kubelet, { name }: NodeState): DiskUse {
  const ofPods = kubelet.podsOf(name).map((pod) => podDisk(kubelet, pod));
  return sum([...ofPods, hostPathDisk(kubelet, name)]);
}

/** What was written into directories of the node itself. */
export function hostPathDisk(kubelet: Kubelet, node: string): DiskUse {
  return sum(Object.values(kubelet.worlds.layersOf(`node/${node}`)).map(layerUse));
}

/** The containers' own files and logs, and those in volumes that go with the Pod. */
export function podDisk(kubelet: Kubelet, state: PodState): DiskUse {
  const names = new Set(state.records.map((record) => record.name));
  return sum([...[...names].map((name) => containerDisk(kubelet, state, name)), ...volumesOnDisk(kubelet, state)]);
}

/** A container's own files and its log. */
export function containerDisk(kubelet: Kubelet, state: PodState, name: string): DiskUse {
  const records = state.records.filter((record) => record.name === name);
  const pod = kubelet.pod(state);
  const logs = records.reduce((bytes, { id }) => bytes + kubelet.programs.logBytes(pod, id), 0);
  const empty = { bytes: records.length * CONTAINER_DISK_BYTES + logs, inodes: records.length };
  return sum([empty, layersBelow(kubelet, state, `container/${name}`)]);
}

/** Of volumes that lie in memory nothing is on the disk. */
function volumesOnDisk(kubelet: Kubelet, state: PodState): readonly DiskUse[] {
  return (kubelet.pod(state).spec?.volumes ?? [])
    .filter(({ emptyDir }) => emptyDir !== undefined && emptyDir.medium !== 'Memory')
    .map(({ name }) => layersBelow(kubelet, state, `volume/${name}`));
}

/** What a Pod has written below a part of its files: `container/NAME`, `volume/NAME`. */
export function layersBelow(kubelet: { readonly worlds: WrittenFiles }, { uid }: Pick<PodState, 'uid'>, prefix: string): DiskUse {
  const layers = kubelet.worlds.layersOf(`pod/${uid}`);
  return sum(
    Object.keys(layers).flatMap((name) => (name === prefix || name.startsWith(`${prefix}/`) ? [layerUse(layers[name] ?? {})] : [])),
  );
}

function layerUse(layer: Layer): DiskUse {
  let [bytes, inodes] = [0, 0];
  for (const entry of Object.values(layer)) {
    if (entry === null) continue;
    inodes++;
    if (entry.kind === 'file') bytes += sizeOf(entry);
  }
  return { bytes, inodes };
}

function sum(parts: readonly DiskUse[]): DiskUse {
  return parts.reduce((total, { bytes, inodes }) => ({ bytes: total.bytes + bytes, inodes: total.inodes + inodes }), NONE);
}

/** `5%` or `5Gi`. */
function amount(text: string, capacityBytes: number): number {
  return text.endsWith('%') ? (Number.parseFloat(text) / 100) * capacityBytes : value(text);
}
