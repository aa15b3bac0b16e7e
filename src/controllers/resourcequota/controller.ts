/**
 * Keeps what quotas say of themselves: their limits, and what the objects of the namespace use.
 * The API server charges what it lets in by itself; this controller counts anew when a quota is made or changed, when
 * something that was counted is gone or uses nothing any more, and every five minutes.
 * Invariant: a quota that says what is true is not written. Counterpart: k8s.io/kubernetes/pkg/controller/resourcequota.
 */
import { STRATEGIES } from '../../api/register.ts';
import { addAmounts, amountsOf, listOf, maskAmounts, sameAmounts, type Amounts } from '../../api/core/resourcequota/usage/amounts.ts';
import { evaluatorOf, quotaMatches, type Evaluator } from '../../api/core/resourcequota/usage/evaluator.ts';
import { RESOURCEQUOTAS } from '../../api/schema/resources.ts';
import type { ResourceQuota } from '../../api/schema/types/core/v1.ts';
import { jsonEqual } from '../../base/json.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import { keyOf, splitKey, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller, type Watch } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** --resource-quota-sync-period */
const RESYNC_MS = 300_000;

export function createResourceQuotaController(context: ControllerContext): Controller {
  const { client } = context;
  const counted = countedKinds();

  const usageIn = (quota: ResourceQuota, hard: Amounts, kind: CountedKind): Amounts => {
    let sum: Amounts = new Map();
    for (const object of client.list<KubeObject>(kind.type, quota.metadata.namespace))
      if (quotaMatches(quota, hard, kind.evaluator, object)) sum = addAmounts(sum, kind.evaluator.usage(object, context.now()));
    return sum;
  };

  const sync = (quota: ResourceQuota): void => {
    const hard = amountsOf(quota.spec?.hard);
    const names = new Set(hard.keys());
    // What nobody counts keeps the value that it had.
    let used: Amounts = maskAmounts(amountsOf(quota.status?.used), names);
    for (const kind of counted) {
      const own = [...names].filter(kind.evaluator.counts);
      if (own.length === 0) continue;
      const zero: Amounts = new Map(own.map((name) => [name, quantity('0')]));
      const sum = addAmounts(zero, maskAmounts(usageIn(quota, hard, kind), names));
      used = new Map([...used, ...sum]);
    }
    const { status } = quota;
    const isTrue =
      status?.hard !== undefined &&
      status.used !== undefined &&
      jsonEqual(status.hard, quota.spec?.hard ?? {}) &&
      sameAmounts(used, amountsOf(status.used));
    if (isTrue) return;
    client.modify(
      RESOURCEQUOTAS,
      quota.metadata.namespace ?? '',
      quota.metadata.name ?? '',
      (copy) => {
        copy.status = { hard: { ...quota.spec?.hard }, used: { ...listOf(used) } };
      },
      'status',
    );
  };

  return {
    watches: [
      watch(RESOURCEQUOTAS, (quota, previous, deleted) => {
        // A quota that the API server charged has not changed its mind.
        const isNew = previous === undefined || !jsonEqual(quota.spec?.hard, previous.spec?.hard);
        return isNew && !deleted ? [keyOf(quota)] : [];
      }),
      ...counted.map(({ type, evaluator }): Watch => ({
        type,
        keys(object, previous, deleted) {
          const quotas = client.list(RESOURCEQUOTAS, object.metadata.namespace);
          if (quotas.length === 0 || !(deleted || usesLess(evaluator, object, previous, context.now()))) return [];
          return quotas.filter((quota) => [...amountsOf(quota.spec?.hard).keys()].some(evaluator.counts)).map(keyOf);
        },
      })),
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const quota = client.get(RESOURCEQUOTAS, namespace, name);
      if (quota === undefined) return undefined;
      sync(quota);
      return { requeueAfterMs: RESYNC_MS, background: true };
    },
  };
}

interface CountedKind {
  readonly type: ResourceType;
  readonly evaluator: Evaluator;
}

function countedKinds(): readonly CountedKind[] {
  const kinds = [...new Set(STRATEGIES.values())].map(({ resource }) => resource).filter(({ namespaced }) => namespaced);
  return kinds.flatMap((type) => {
    const evaluator = evaluatorOf(type);
    return evaluator === undefined ? [] : [{ type, evaluator }];
  });
}

/** A Pod that has ended, a Service that became another type: the change gave something back. */
function usesLess(evaluator: Evaluator, object: KubeObject, previous: KubeObject | undefined, nowMs: number): boolean {
  if (previous === undefined) return false;
  const before = evaluator.usage(previous, nowMs);
  const after = evaluator.usage(object, nowMs);
  return before !== after && !sameAmounts(before, after);
}
