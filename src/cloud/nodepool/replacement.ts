import { concernsNode, isActive } from '../../api/kubepad/fault/match.ts';
import { isTerminated } from '../../api/kubepad/nodepool/label.ts';
import { FAULTS, type Fault } from '../../api/kubepad/types.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import type { Change } from '../../client/watchCursor.ts';

/** From the failure of an instance until its group has found it unhealthy and ended it. */
export const REPLACEMENT_MS = 180_000;
const MANAGED = 'eks.amazonaws.com/nodegroup';
const SWITCHES_OFF: ReadonlySet<string> = new Set(['NodeDown', 'NodeShutdown', 'ZoneDown']);

/** Managed node groups look after the health of their instances; other pools leave a machine that is off to a person. */
function isManaged({ metadata }: Node): boolean {
  return metadata.labels?.[MANAGED] !== undefined;
}

/** Whether a fault has just begun that switches machines off. */
export function hasBegun({ type, object, previous }: Change): boolean {
  return type !== 'DELETED' && isOff(object as Fault) && !(previous !== undefined && isOff(previous as Fault));
}

/** Whether one that did has just ended: machines can be started where none could. */
export function hasEnded({ type, object, previous }: Change): boolean {
  return previous !== undefined && isOff(previous as Fault) && (type === 'DELETED' || !isOff(object as Fault));
}

/** The instances that their groups replace, because a fault has switched them off. */
export function lostTo(client: Client, fault: Fault): readonly string[] {
  return client
    .list(NODES)
    .filter((node) => isManaged(node) && !isTerminated(node) && concernsNode(fault, node))
    .map(({ metadata }) => metadata.name ?? '');
}

/** The faults that keep machines off. */
export function faultsOff(client: Client): readonly Fault[] {
  return client.list(FAULTS).filter(isOff);
}

/** Whether a machine that is there, or would be, is off. */
export function isSwitchedOff(faults: readonly Fault[], node: Node): boolean {
  return faults.some((fault) => concernsNode(fault, node));
}

function isOff(fault: Fault): boolean {
  return fault.spec !== undefined && SWITCHES_OFF.has(fault.spec.type) && isActive(fault);
}
