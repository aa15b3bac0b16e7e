/**
 * Which volume suits a claim: the same for the controller that binds and the scheduler that looks ahead.
 * Invariant: pure; a volume is never changed by being looked at.
 * Counterpart: k8s.io/component-helpers/storage/volume.
 */
import { matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { compare, quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Node, NodeSelector, PersistentVolume, PersistentVolumeClaim } from '../../schema/types/core/v1.ts';
import type { StorageClass } from '../../schema/types/storage/v1.ts';
import { compileNodeSelector, type NodeMatcher } from '../node/nodeSelector.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const BETA_STORAGE_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
/** A class with this provisioner has volumes that somebody else makes by hand. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** The annotation of old wins over the field. */
export function claimClass({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName ?? '';
}

export function volumeClass({ metadata, spec }: PersistentVolume): string {
  return metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName ?? '';
}

/** The class binds when a Pod that uses the claim has been given a node, not before. */
export function waitsForConsumer(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** The volume is reserved for this claim, by name and, once it is known, by uid. */
export function isReservedFor({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = spec?.claimRef;
  if (reference === undefined) return false;
  if (reference.name !== claim.metadata.name || reference.namespace !== claim.metadata.namespace) return false;
  return (reference.uid ?? '') === '' || reference.uid === claim.metadata.uid;
}

export function offersModes({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const offered = new Set(spec?.accessModes ?? []);
  return (claim.spec?.accessModes ?? []).every((mode) => offered.has(mode));
}

export function hasSameMode(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec?.volumeMode ?? 'Filesystem') === (claim.spec?.volumeMode ?? 'Filesystem');
}

/** Why a volume that the claim names does not do; undefined if it does. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (isTooSmall(volume, claim)) return 'requested PV is too small';
  if (volumeClass(volume) !== claimClass(claim)) return 'storageClassName does not match';
  if (!hasSameAttributes(volume, claim)) return 'volumeAttributesClassName does not match';
  if (!hasSameMode(volume, claim)) return 'incompatible volumeMode';
  return offersModes(volume, claim) ? undefined : 'incompatible accessMode';
}

/** Compiled once per selector: a volume is asked about many nodes. */
const reach = new WeakMap<NodeSelector, NodeMatcher>();

/** Whether the volume can be used on the node. Counterpart: CheckNodeAffinity. */
export function volumeReaches({ spec }: PersistentVolume, node: Pick<Node, 'metadata'>): boolean {
  const required = spec?.nodeAffinity?.required;
  if (required === undefined) return true;
  let matches = reach.get(required);
  if (matches === undefined) reach.set(required, (matches = compileNodeSelector(required)));
  return matches(node);
}

export interface MatchOptions {
  /** For the scheduler: whether the volume can be used on the node in question. */
  readonly reaches?: (volume: PersistentVolume) => boolean;
  /** For the controller: the claim waits for a consumer, so only a volume reserved for it may be taken. */
  readonly delayed?: boolean;
  /** Volumes that others have chosen meanwhile, by name. */
  readonly taken?: ReadonlySet<string>;
}

/**
 * The volume for a claim: one that is reserved for it, else the smallest that is free, large enough, of the claim's
 * class and modes, and meant by its selector. Of equal ones the first.
 * Counterpart: FindMatchingVolume.
 */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  { reaches, delayed = false, taken }: MatchOptions = {},
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (taken?.has(volume.metadata.name ?? '') === true || volume.metadata.deletionTimestamp !== undefined) continue;
    const reserved = isReservedFor(volume, claim);
    if ((volume.spec?.claimRef !== undefined && !reserved) || isTooSmall(volume, claim)) continue;
    if (!hasSameMode(volume, claim) || !hasSameAttributes(volume, claim)) continue;
    if (reserved) return reaches?.(volume) === false ? undefined : volume;
    if (delayed || !isCandidate(volume, claim) || reaches?.(volume) === false) continue;
    if (best === undefined || compare(capacity(volume), capacity(best)) < 0) best = volume;
  }
  return best;
}

function isCandidate(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.status?.phase !== 'Available' || volumeClass(volume) !== claimClass(claim) || !offersModes(volume, claim)) return false;
  const { selector } = claim.spec ?? {};
  return selector === undefined || matchesLabelSelector(selector, volume.metadata.labels);
}

function isTooSmall(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return compare(capacity(volume), quantity(claim.spec?.resources?.requests?.['storage'])) < 0;
}

function hasSameAttributes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '');
}

function capacity({ spec }: PersistentVolume): ReturnType<typeof quantity> {
  return quantity(spec?.capacity?.['storage']);
}
