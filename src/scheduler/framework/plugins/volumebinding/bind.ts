import { draft } from '../../../../base/json.ts';
import { BOUND_BY_CONTROLLER, SELECTED_NODE, volumeReaches } from '../../../../api/core/persistentvolume/matching.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../../../api/schema/resources.ts';
import type { Node } from '../../../../api/schema/types/core/v1.ts';
import { StatusError } from '../../../../apimachinery/errors/status.ts';
import { splitKey } from '../../../../apimachinery/meta/resource.ts';
import { objectReference } from '../../../../client/client.ts';
import type { BindingHandle, SchedulerReader } from '../../interface.ts';
import type { Status } from '../../status.ts';
import { getClaim, getVolume } from '../helper/claims.ts';
import { isFullyBound } from './claims.ts';

/** What is to be written before the Pod can be bound, and then waited for. Claims are `namespace/name`. */
export interface BindingPlan {
  readonly bindings: readonly { readonly volume: string; readonly claim: string }[];
  readonly provisions: readonly string[];
}

/**
 * Reserves the chosen volumes for their claims, and tells the provisioners of the others for which node to make one.
 * Counterpart: bindAPIUpdate.
 */
export function writeBindings({ bindings, provisions }: BindingPlan, node: string, { reader, client }: BindingHandle): Status | undefined {
  try {
    for (const { volume, claim: key } of bindings) {
      const { namespace, name } = splitKey(key);
      const claim = getClaim(reader, namespace, name);
      if (claim === undefined) continue;
      client.modify(PERSISTENTVOLUMES, '', volume, ({ metadata, spec }) => {
        if (spec === undefined) return;
        if (spec.claimRef === undefined) (metadata.annotations ??= {})[BOUND_BY_CONTROLLER] = 'yes';
        if (spec.claimRef?.uid !== claim.metadata.uid) spec.claimRef = draft(objectReference(PERSISTENTVOLUMECLAIMS, claim));
      });
    }
    for (const key of provisions) {
      const { namespace, name } = splitKey(key);
      client.modify(PERSISTENTVOLUMECLAIMS, namespace, name, ({ metadata }) => void ((metadata.annotations ??= {})[SELECTED_NODE] = node));
    }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return failed(error.message);
  }
  return undefined;
}

/**
 * Whether binder and provisioners have done their part; a Status says that they will not.
 * Counterpart: checkBindings.
 */
export function checkBindings(reader: SchedulerReader, { bindings, provisions }: BindingPlan, node: Node | undefined): boolean | Status {
  if (node === undefined) return failed('node not found');
  const wrongNode = (volume: string): Status =>
    failed(`pv "${volume}" node affinity doesn't match node "${node.metadata.name ?? ''}": no matching NodeSelectorTerms`);
  for (const { volume: volumeName, claim: key } of bindings) {
    const volume = getVolume(reader, volumeName);
    if (volume === undefined) return failed(`failed to check binding: could not find v1.PersistentVolume "${volumeName}"`);
    if (!volumeReaches(volume, node)) return wrongNode(volumeName);
    if ((volume.spec?.claimRef?.uid ?? '') === '') return failed(`ClaimRef got reset for pv "${volumeName}"`);
    const claim = claimAt(reader, key);
    if (claim === undefined) return notFound(key);
    if (!isFullyBound(claim)) return false;
  }
  for (const key of provisions) {
    const claim = claimAt(reader, key);
    if (claim === undefined) return notFound(key);
    const { name = '', annotations } = claim.metadata;
    if (annotations === undefined) return failed(`selectedNode annotation reset for PVC "${name}"`);
    // A provisioner that cannot make the volume there takes the annotation away, so that another node is tried.
    if (annotations[SELECTED_NODE] !== node.metadata.name) return failed(`provisioning failed for PVC "${name}"`);
    const volumeName = claim.spec?.volumeName ?? '';
    const volume = getVolume(reader, volumeName);
    if (volume !== undefined && !volumeReaches(volume, node)) return wrongNode(volumeName);
    if (!isFullyBound(claim)) return false;
  }
  return true;
}

function claimAt(reader: SchedulerReader, key: string): ReturnType<typeof getClaim> {
  const { namespace, name } = splitKey(key);
  return getClaim(reader, namespace, name);
}

function notFound(key: string): Status {
  return failed(`failed to check binding: could not find v1.PersistentVolumeClaim "${key}"`);
}

function failed(problem: string): Status {
  return { code: 'Error', reasons: [`binding volumes: ${problem}`] };
}
