import { fnv1a } from '../../base/fnv.ts';
import { draft, type Draft } from '../../base/json.ts';
import {
  BETA_STORAGE_PROVISIONER,
  claimClass,
  PROVISIONED_BY,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
  waitsForConsumer,
} from '../../api/core/persistentvolume/matching.ts';
import { CSINODES, NODES, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, STORAGECLASSES } from '../../api/schema/resources.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import type { StorageClass } from '../../api/schema/types/storage/v1.ts';
import { objectReference, type Client } from '../../client/client.ts';
import type { EventType } from '../../client/eventRecorder.ts';
import type { CsiContext } from './controller.ts';
import { driverNamed, type Driver } from './drivers.ts';
import { PROVISIONER_FINALIZER } from './reclaim.ts';

/** The driver that is asked for a volume for the claim, and may make it now. */
export function isToBeProvisioned({ client, isInstalled }: CsiContext, claim: PersistentVolumeClaim): Driver | undefined {
  const { annotations = {}, deletionTimestamp } = claim.metadata;
  if ((claim.spec?.volumeName ?? '') !== '' || deletionTimestamp !== undefined) return undefined;
  const driver = driverNamed(annotations[STORAGE_PROVISIONER] ?? annotations[BETA_STORAGE_PROVISIONER]);
  if (driver === undefined || !isInstalled(driver.name)) return undefined;
  const storageClass = client.get(STORAGECLASSES, '', claimClass(claim));
  if (storageClass === undefined || (waitsForConsumer(storageClass) && annotations[SELECTED_NODE] === undefined)) return undefined;
  return client.get(PERSISTENTVOLUMES, '', volumeNameFor(claim)) === undefined ? driver : undefined;
}

export function beginProvisioning(context: CsiContext, driver: Driver, claim: PersistentVolumeClaim): void {
  const { namespace = '', name = '' } = claim.metadata;
  say(context, driver, claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`);
}

/** @returns whether the task is over; if not, it is to be tried again */
export function finishProvisioning(context: CsiContext, claim: PersistentVolumeClaim): boolean {
  const { client } = context;
  const driver = isToBeProvisioned(context, claim);
  const storageClass = client.get(STORAGECLASSES, '', claimClass(claim));
  if (driver === undefined || storageClass === undefined) return true;
  const selected = claim.metadata.annotations?.[SELECTED_NODE];
  const fail = (problem: string): void =>
    say(
      context,
      driver,
      claim,
      'Warning',
      'ProvisioningFailed',
      `failed to provision volume with StorageClass "${storageClass.metadata.name ?? ''}": ${problem}`,
    );
  if (selected !== undefined && client.get(NODES, '', selected) === undefined) {
    fail(`node "${selected}" not found`);
    // The scheduler is told to choose again.
    client.modify(PERSISTENTVOLUMECLAIMS, claim.metadata.namespace ?? '', claim.metadata.name ?? '', ({ metadata }) => {
      delete metadata.annotations?.[SELECTED_NODE];
    });
    return true;
  }
  const place = placeFor(client, driver, storageClass, claim, selected);
  if (place === undefined) {
    fail('error generating accessibility requirements: no available topology found');
    return false;
  }
  client.create(PERSISTENTVOLUMES, volumeFor(driver, storageClass, claim, place.value));
  say(context, driver, claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeNameFor(claim)}`);
  return true;
}

function volumeNameFor({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata.uid ?? ''}`;
}

/**
 * The value of the topology's label for the new volume: that of the node which was chosen; else one of those that
 * the class allows and nodes have, spread by the claim's name. `value` undefined: the nodes have no such label.
 */
function placeFor(
  client: Client,
  { name, topologyKey }: Driver,
  { allowedTopologies = [] }: StorageClass,
  claim: PersistentVolumeClaim,
  selected: string | undefined,
): { readonly value: string | undefined } | undefined {
  const labelOf = (node: Node | undefined): string | undefined => node?.metadata.labels?.[topologyKey];
  if (selected !== undefined) return { value: labelOf(client.get(NODES, '', selected)) };
  const served = client.list(CSINODES).filter(({ spec }) => spec.drivers.some((driver) => driver.name === name));
  const values = new Set(
    served.map(({ metadata }) => labelOf(client.get(NODES, '', metadata.name ?? ''))).filter((value) => value !== undefined),
  );
  const allowed = allowedTopologies.flatMap(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.filter(({ key }) => key === topologyKey).flatMap((expression) => expression.values),
  );
  const candidates = [...values].filter((value) => allowed.length === 0 || allowed.includes(value)).sort();
  if (candidates.length > 0) return { value: candidates[spreadIndex(claim.metadata.name ?? '') % candidates.length] };
  return allowed.length === 0 ? { value: undefined } : undefined;
}

/** Claims of a StatefulSet differ in the number at their end: their volumes go round the zones. */
function spreadIndex(claimName: string): number {
  const [, base = '', ordinal = '0'] = /^(.*?)(?:-(\d+))?$/.exec(claimName) ?? [];
  return fnv1a(base) + Number(ordinal);
}

function volumeFor(
  driver: Driver,
  storageClass: StorageClass,
  claim: PersistentVolumeClaim,
  zone: string | undefined,
): Draft<PersistentVolume> {
  const name = volumeNameFor(claim);
  const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec ?? {};
  const policy = storageClass.reclaimPolicy ?? 'Delete';
  const { mountOptions } = storageClass;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: {
        [PROVISIONED_BY]: driver.name,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      ...(policy === 'Delete' ? { finalizers: [PROVISIONER_FINALIZER] } : {}),
    },
    spec: {
      accessModes: [...accessModes],
      capacity: { storage: resources?.requests?.['storage'] ?? '1Gi' },
      claimRef: draft(objectReference(PERSISTENTVOLUMECLAIMS, claim)),
      csi: {
        driver: driver.name,
        volumeHandle: `vol-${(claim.metadata.uid ?? '').replaceAll('-', '').slice(0, 17)}`,
        ...(volumeMode === 'Filesystem' ? { fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? driver.fsType } : {}),
      },
      persistentVolumeReclaimPolicy: policy as 'Delete',
      storageClassName: storageClass.metadata.name ?? '',
      volumeMode,
      ...(mountOptions === undefined ? {} : { mountOptions: [...mountOptions] }),
      ...(zone === undefined ? {} : { nodeAffinity: { required: { nodeSelectorTerms: [zoneTerm(driver.topologyKey, zone)] } } }),
    },
  };
}

function zoneTerm(key: string, value: string): { matchExpressions: { key: string; operator: 'In'; values: string[] }[] } {
  return { matchExpressions: [{ key, operator: 'In', values: [value] }] };
}

function say({ events }: CsiContext, driver: Driver, claim: PersistentVolumeClaim, type: EventType, reason: string, message: string): void {
  events(driver.name).event(objectReference(PERSISTENTVOLUMECLAIMS, claim), type, reason, message);
}
