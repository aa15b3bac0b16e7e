import { isActive } from '../../api/kubepad/fault/match.ts';
import { FAULTS, type Fault } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import type { Change } from '../../client/watchCursor.ts';

/** From the failure of an instance until its group has found it unhealthy and ended it. */
export const REPLACEMENT_MS = 180_000;
const MANAGED = 'eks.amazonaws.com/nodegroup';

/** Managed node groups look after the health of their instances; other pools leave a machine that is off to a person. */
export function isManaged({ metadata }: Node): boolean {
  return metadata.labels?.[MANAGED] !== undefined;
}

/** The node whose machine a fault has just switched off. */
export function justLost({ type, object, previous }: Change): string | undefined {
  const fault = object as Fault;
  if (type === 'DELETED' || !isOff(fault) || (previous !== undefined && isOff(previous as Fault))) return undefined;
  return fault.spec?.target?.node;
}

/** Nodes whose machines are off: a new machine cannot have the name of one of these. */
export function nodesOff(client: Client): ReadonlySet<string> {
  const names = client.list(FAULTS).flatMap((fault) => (isOff(fault) ? [fault.spec?.target?.node ?? ''] : []));
  return new Set(names);
}

function isOff(fault: Fault): boolean {
  return fault.spec?.type === 'NodeDown' && isActive(fault);
}
