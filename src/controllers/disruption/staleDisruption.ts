import { PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setPodCondition } from '../util/podCondition.ts';
import { isPodFinished, podCondition } from '../util/podUtil.ts';

/** A Pod that was to be disrupted and is not even being deleted after so long will stay. */
const TIMEOUT_MS = 120_000;
/** A kubelet may take as long as it likes between the condition and the end. */
const BY_KUBELET = 'TerminationByKubelet';
/** Requests of this form are about a Pod; a budget's key has no colon. */
const PREFIX = 'stale:';

export function staleKey(pod: Pod): string {
  return `${PREFIX}${keyOf(pod)}`;
}

/** The key of the Pod that a request is about; undefined: it is about a budget. */
export function podOfKey(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}

/**
 * In how many milliseconds the condition DisruptionTarget of a Pod counts as stale; undefined: never, or there is none.
 * Worked example: a preemption marks a Pod at 10:00:00 and its deletion is refused: at 10:02:00 the mark is taken back.
 * Counterpart: nonTerminatingPodHasStaleDisruptionCondition of k8s.io/kubernetes/pkg/controller/disruption.
 */
export function staleIn(pod: Pod, nowMs: number): number | undefined {
  const condition = podCondition(pod, 'DisruptionTarget');
  if (condition?.status !== 'True' || condition.reason === BY_KUBELET) return undefined;
  if (pod.metadata.deletionTimestamp !== undefined || isPodFinished(pod)) return undefined;
  return Math.max(0, parseTime(condition.lastTransitionTime ?? '') + TIMEOUT_MS - nowMs);
}

/** Takes the mark back when its time is over. */
export function clearStaleDisruption(context: ControllerContext, key: string): Result | undefined {
  const { namespace, name } = splitKey(key);
  const pod = context.client.get(PODS, namespace, name);
  const left = pod === undefined ? undefined : staleIn(pod, context.now());
  if (left === undefined) return undefined;
  if (left > 0) return { requeueAfterMs: left, background: true };
  context.client.modify(
    PODS,
    namespace,
    name,
    (copy) => void setPodCondition(copy, { type: 'DisruptionTarget', status: 'False' }, context.now()),
    'status',
  );
  return undefined;
}
