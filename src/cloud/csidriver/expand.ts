import type { Draft } from '../../base/json.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimStatus } from '../../api/schema/types/core/v1.ts';
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
  if (claim.status?.phase !== 'Bound' || size === undefined) return undefined;
  const volume = client.get(PERSISTENTVOLUMES, '', claim.spec?.volumeName ?? '');
  const has = volume?.spec?.capacity?.['storage'];
  if (has === undefined || compare(quantity(size), quantity(has)) <= 0) return undefined;
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
