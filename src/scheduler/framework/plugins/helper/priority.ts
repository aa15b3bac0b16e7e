import type { Pod } from '../../../../api/schema/types/core/v1.ts';

/** The Pod's priority as admission set it; 0 without. */
export function priorityOf(pod: Pod): number {
  return pod.spec?.priority ?? 0;
}
