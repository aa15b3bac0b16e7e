import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import { jsonEqual } from '../../../../base/json.ts';
import type { ClusterEvent } from '../../interface.ts';

/** The waiting Pod itself was given other tolerations. */
export const OWN_TOLERATIONS: ClusterEvent = {
  resource: 'pods',
  helps: (pod, change) => isOwn(pod, change) && !jsonEqual(previous(change)?.spec?.tolerations, (change.object as Pod).spec?.tolerations),
};

/** The waiting Pod itself was given other labels. */
export const OWN_LABELS: ClusterEvent = {
  resource: 'pods',
  helps: (pod, change) => isOwn(pod, change) && !jsonEqual(previous(change)?.metadata.labels, change.object.metadata.labels),
};

function isOwn(pod: Pod, change: Change): boolean {
  return change.type === 'MODIFIED' && change.object.metadata.uid === pod.metadata.uid;
}

function previous(change: Change): Pod | undefined {
  return change.previous as Pod | undefined;
}
