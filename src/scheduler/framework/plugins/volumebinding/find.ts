import {
  claimClass,
  findMatchingVolume,
  NO_PROVISIONER,
  SELECTED_NODE,
  volumeClass,
  volumeReaches,
} from '../../../../api/core/persistentvolume/matching.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, TopologySelectorTerm } from '../../../../api/schema/types/core/v1.ts';
import type { CSIDriver, CSIStorageCapacity, StorageClass } from '../../../../api/schema/types/storage/v1.ts';
import { matchesLabelSelector } from '../../../../apimachinery/labels/selector.ts';
import { compare, quantity } from '../../../../apimachinery/quantity/quantity.ts';
import { keyOf } from '../../../../apimachinery/meta/resource.ts';
import type { SchedulerReader } from '../../interface.ts';
import { unresolvable, type Status } from '../../status.ts';
import { getClass, getVolume } from '../helper/claims.ts';
import type { BindingPlan } from './bind.ts';
import type { PodClaims } from './claims.ts';

/** Index of volumes: `class:NAME` for free ones, `claim:NAMESPACE/NAME` for reserved ones. */
export const FREE_VOLUMES = 'scheduler/free';

/** What a node has for a Pod's claims, or why it will not do. */
export interface PodVolumes extends BindingPlan {
  readonly refusal: Status | undefined;
}

const NO_VOLUME = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
const WRONG_NODE = unresolvable("node(s) didn't match PersistentVolume's node affinity");
const NO_MATCH = unresolvable("node(s) didn't find available persistent volumes to bind");
const WRONG_NODE_NO_MATCH = unresolvable(...WRONG_NODE.reasons, ...NO_MATCH.reasons);
const NO_SPACE = unresolvable('node(s) did not have enough free storage');
const WRONG_NODE_NO_SPACE = unresolvable(...WRONG_NODE.reasons, ...NO_SPACE.reasons);
const FOUND: PodVolumes = { refusal: undefined, bindings: [], provisions: [] };

/**
 * Bound claims must have volumes that the node reaches; for each of the others a free volume is looked for, small claims
 * first, and what finds none must be one that its provisioner can make for this node.
 * Counterpart: FindPodVolumes.
 */
export function findPodVolumes(reader: SchedulerReader, { bound, delayed }: PodClaims, node: Node): PodVolumes {
  const conflict = conflictOfBound(reader, bound, node);
  if (conflict === NO_VOLUME) return refuse(NO_VOLUME);
  if (delayed.length === 0) return conflict === undefined ? FOUND : refuse(conflict);
  const found = findForDelayed(reader, delayed, node);
  if (conflict === undefined) return found;
  if (found.refusal === NO_MATCH) return refuse(WRONG_NODE_NO_MATCH);
  return refuse(found.refusal === NO_SPACE ? WRONG_NODE_NO_SPACE : conflict);
}

function refuse(refusal: Status): PodVolumes {
  return { ...FOUND, refusal };
}

function conflictOfBound(reader: SchedulerReader, bound: readonly PersistentVolumeClaim[], node: Node): Status | undefined {
  for (const { spec } of bound) {
    const volume = getVolume(reader, spec?.volumeName ?? '');
    if (volume === undefined) return NO_VOLUME;
    if (!volumeReaches(volume, node)) return WRONG_NODE;
  }
  return undefined;
}

function findForDelayed(reader: SchedulerReader, delayed: readonly PersistentVolumeClaim[], node: Node): PodVolumes {
  const toProvision: PersistentVolumeClaim[] = [];
  const toMatch: PersistentVolumeClaim[] = [];
  for (const claim of delayed) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected === undefined) toMatch.push(claim);
    else if (selected === node.metadata.name) toProvision.push(claim);
    // A volume is being made for another node.
    else return refuse(NO_MATCH);
  }
  const bindings: { volume: string; claim: string }[] = [];
  const taken = new Set<string>();
  for (const claim of toMatch.length > 1 ? toMatch.toSorted(bySize) : toMatch) {
    const volume = findMatchingVolume(claim, volumesFor(reader, claim), { taken, reaches: (each) => volumeReaches(each, node) });
    if (volume === undefined) {
      toProvision.push(claim);
      continue;
    }
    const name = volume.metadata.name ?? '';
    taken.add(name);
    bindings.push({ volume: name, claim: keyOf(claim) });
  }
  for (const claim of toProvision) {
    const refusal = whyNotProvisioned(reader, claim, node);
    if (refusal !== undefined) return refuse(refusal);
  }
  return { refusal: undefined, bindings, provisions: toProvision.map((claim) => keyOf(claim)) };
}

function bySize(left: PersistentVolumeClaim, right: PersistentVolumeClaim): number {
  return compare(requested(left), requested(right));
}

function requested({ spec }: PersistentVolumeClaim): ReturnType<typeof quantity> {
  return quantity(spec?.resources?.requests?.['storage']);
}

/** Volumes of the claim's class that are free, or reserved for it. */
function volumesFor(reader: SchedulerReader, claim: PersistentVolumeClaim): readonly PersistentVolume[] {
  const className = claimClass(claim);
  const free = reader.byIndex('persistentvolumes', FREE_VOLUMES, `class:${className}`) as readonly PersistentVolume[];
  const reserved = reader.byIndex('persistentvolumes', FREE_VOLUMES, `claim:${keyOf(claim)}`) as readonly PersistentVolume[];
  return reserved.length === 0 ? free : [...reserved.filter((volume) => volumeClass(volume) === className), ...free];
}

function whyNotProvisioned(reader: SchedulerReader, claim: PersistentVolumeClaim, node: Node): Status | undefined {
  const storageClass = getClass(reader, claimClass(claim));
  if (storageClass === undefined || storageClass.provisioner === NO_PROVISIONER) return NO_MATCH;
  if (!isInTopology(storageClass.allowedTopologies, node)) return NO_MATCH;
  return hasCapacity(reader, claim, storageClass, node) ? undefined : NO_SPACE;
}

/** One of the terms must hold; a node without such a label is in none. No terms: anywhere. */
function isInTopology(terms: readonly TopologySelectorTerm[] | undefined, { metadata }: Node): boolean {
  if (terms === undefined || terms.length === 0) return true;
  return terms.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(metadata.labels?.[key] ?? '')),
  );
}

/** Drivers that publish their capacity are taken at their word; the others always have room. */
function hasCapacity(reader: SchedulerReader, claim: PersistentVolumeClaim, { metadata, provisioner }: StorageClass, node: Node): boolean {
  if (claim.spec?.resources?.requests?.['storage'] === undefined) return true;
  const driver = reader.get('csidrivers.storage.k8s.io', '', provisioner) as CSIDriver | undefined;
  if (driver?.spec.storageCapacity !== true) return true;
  const size = requested(claim);
  return (reader.list('csistoragecapacities.storage.k8s.io') as readonly CSIStorageCapacity[]).some(
    ({ storageClassName, nodeTopology, capacity, maximumVolumeSize }) =>
      storageClassName === metadata.name &&
      nodeTopology !== undefined &&
      (maximumVolumeSize ?? capacity) !== undefined &&
      compare(quantity(maximumVolumeSize ?? capacity), size) >= 0 &&
      matchesLabelSelector(nodeTopology, node.metadata.labels),
  );
}
