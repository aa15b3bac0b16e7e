import type { Draft } from '../../base/json.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, PODS } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimStatus, Pod } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { compare, quantity } from '../../apimachinery/quantity/quantity.ts';
import { objectReference } from '../../client/client.ts';
import type { CsiContext } from './controller.ts';
import { driverNamed, type Driver } from './drivers.ts';

/** A claim that asks for more than its volume has. */
export interface Expansion {
  readonly driver: Driver;
  readonly volume: PersistentVolume;
  readonly size: string;
}

const FILE_SYSTEM_PENDING = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';

export function expansionOf({ client, isInstalled }: CsiContext, claim: PersistentVolumeClaim): Expansion | undefined {
  const size = claim.spec?.resources?.requests?.['storage'];
  const has = claim.status?.capacity?.['storage'];
  if (claim.status?.phase !== 'Bound' || size === undefined || has === undefined) return undefined;
  if (compare(quantity(size), quantity(has)) <= 0) return undefined;
  const volume = client.get(PERSISTENTVOLUMES, '', claim.spec?.volumeName ?? '');
  const driver = driverNamed(volume?.spec?.csi?.driver);
  return volume !== undefined && driver !== undefined && isInstalled(driver.name) ? { driver, volume, size } : undefined;
}

export function beginExpansion(
  { client, events, now }: CsiContext,
  { driver, volume, size }: Expansion,
  claim: PersistentVolumeClaim,
): void {
  const name = volume.metadata.name ?? '';
  setStatus(client, claim, (status) => {
    status.allocatedResources = { ...status.allocatedResources, storage: size };
    (status.allocatedResourceStatuses ??= {})['storage'] = 'ControllerResizeInProgress';
    setCondition(status, { type: 'Resizing', status: 'True', lastTransitionTime: formatTime(now()) });
  });
  const about = objectReference(PERSISTENTVOLUMECLAIMS, claim);
  events(`external-resizer ${driver.name}`).event(about, 'Normal', 'Resizing', `External resizer is resizing volume ${name}`);
}

/** The storage has grown; the file system on it grows on the node, where a Pod runs with it. */
export function finishExpansion(context: CsiContext, claim: PersistentVolumeClaim): void {
  const growing = expansionOf(context, claim);
  if (growing === undefined) return;
  const { client, events, now } = context;
  const { driver, volume, size } = growing;
  client.modify(PERSISTENTVOLUMES, '', volume.metadata.name ?? '', ({ spec }) => void (((spec ?? {}).capacity ??= {})['storage'] = size));
  setStatus(client, claim, (status) => {
    (status.allocatedResourceStatuses ??= {})['storage'] = 'NodeResizePending';
    setCondition(status, {
      type: 'FileSystemResizePending',
      status: 'True',
      lastTransitionTime: formatTime(now()),
      message: FILE_SYSTEM_PENDING,
    });
  });
  const about = objectReference(PERSISTENTVOLUMECLAIMS, claim);
  events(`external-resizer ${driver.name}`).event(
    about,
    'Normal',
    'FileSystemResizeRequired',
    'Require file system resize of volume on node',
  );
}

/** Whether the claim's volume has grown but its file system has not. */
export function waitsForNode({ client }: CsiContext, claim: PersistentVolumeClaim): boolean {
  if (claim.status?.allocatedResourceStatuses?.['storage'] !== 'NodeResizePending') return false;
  return driverNamed(client.get(PERSISTENTVOLUMES, '', claim.spec?.volumeName ?? '')?.spec?.csi?.driver) !== undefined;
}

/** The kubelet of a node where a Pod runs with the volume lets the file system grow. Returns false while there is none. */
export function finishOnNode(context: CsiContext, claim: PersistentVolumeClaim): boolean {
  if (!waitsForNode(context, claim)) return true;
  const { client, events } = context;
  const pods = client.list(PODS, claim.metadata.namespace).filter((pod) => runsWith(pod, claim));
  const [first] = pods;
  const host = first?.spec?.nodeName;
  if (host === undefined) return false;
  const volumeName = claim.spec?.volumeName ?? '';
  const size = client.get(PERSISTENTVOLUMES, '', volumeName)?.spec?.capacity?.['storage'];
  const text = `MountVolume.NodeExpandVolume succeeded for volume "${volumeName}" ${host}`;
  const recorder = events('kubelet', host);
  for (const pod of pods) recorder.event(objectReference(PODS, pod), 'Normal', 'FileSystemResizeSuccessful', text);
  recorder.event(objectReference(PERSISTENTVOLUMECLAIMS, claim), 'Normal', 'FileSystemResizeSuccessful', text);
  setStatus(client, claim, (status) => {
    if (size !== undefined) status.capacity = { ...status.capacity, storage: size };
    delete status.allocatedResourceStatuses?.['storage'];
    if (Object.keys(status.allocatedResourceStatuses ?? {}).length === 0) delete status.allocatedResourceStatuses;
    delete status.conditions;
  });
  return true;
}

function runsWith({ spec, status }: Pod, claim: PersistentVolumeClaim): boolean {
  if (status?.phase !== 'Running') return false;
  return spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name) === true;
}

type Condition = NonNullable<Draft<PersistentVolumeClaimStatus>['conditions']>[number];

/** Of the conditions about growing there is one at a time. */
function setCondition(status: Draft<PersistentVolumeClaimStatus>, condition: Condition): void {
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Resizing' && type !== 'FileSystemResizePending');
  status.conditions = [...others, condition];
}

function setStatus(
  client: CsiContext['client'],
  claim: PersistentVolumeClaim,
  change: (status: Draft<PersistentVolumeClaimStatus>) => void,
): void {
  const { namespace = '', name = '' } = claim.metadata;
  client.modify(PERSISTENTVOLUMECLAIMS, namespace, name, (copy) => change((copy.status ??= {})), 'status');
}
