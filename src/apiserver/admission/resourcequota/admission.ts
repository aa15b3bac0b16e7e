/**
 * ResourceQuota: refuses what would use more than the quotas of the namespace allow, and charges what is let in.
 * Invariant: a request that is refused charges nothing, a dry run neither; what goes is given back by the controller.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/resourcequota.
 */
import {
  addAmounts,
  amountsOf,
  describeAmounts,
  exceeding,
  listOf,
  maskAmounts,
  negative,
  subtractAmounts,
  withoutZeros,
  type Amounts,
} from '../../../api/core/resourcequota/usage/amounts.ts';
import { evaluatorOf, quotaMatches, type Evaluator } from '../../../api/core/resourcequota/usage/evaluator.ts';
import { RESOURCEQUOTAS } from '../../../api/schema/resources.ts';
import type { ResourceQuota } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

export const resourceQuota: AdmissionPlugin = { name: 'ResourceQuota', validate };

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const { strategy, namespace, operation, subresource, object } = attributes;
  if (namespace === '' || object === undefined || !strategy.resource.namespaced) return undefined;
  const quotas = world.store.list('resourcequotas', namespace) as readonly ResourceQuota[];
  if (quotas.length === 0) return undefined;
  const evaluator = evaluatorOf(strategy.resource);
  if (evaluator?.handles(operation, subresource) !== true) return undefined;
  return charge(attributes, world, evaluator, object, quotas);
}

function charge(
  attributes: AdmissionAttributes,
  world: AdmissionWorld,
  evaluator: Evaluator,
  object: KubeObject,
  quotas: readonly ResourceQuota[],
): Status | undefined {
  const forbid = (text: string): Status => errors.forbidden(attributes.strategy.resource, attributes.name, text);
  const covering: ResourceQuota[] = [];
  for (const quota of quotas) {
    const hard = amountsOf(quota.status?.hard);
    if (!quotaMatches(quota, hard, evaluator, object)) continue;
    const counted = [...hard.keys()].filter(evaluator.counts);
    const unmet = evaluator.constraint?.(object, new Set(counted));
    if (unmet !== undefined) return forbid(`failed quota: ${quota.metadata.name ?? ''}: ${unmet}`);
    const unknown = counted.some((name) => quota.status?.used?.[name] === undefined);
    if (unknown) return forbid(`status unknown for quota: ${quota.metadata.name ?? ''}, resources: ${counted.toSorted().join(',')}`);
    covering.push(quota);
  }
  if (covering.length === 0) return undefined;
  const usage = evaluator.usage(object, world.now());
  const below = negative(usage);
  if (below.length > 0) return forbid(`quota usage is negative for resource(s): ${below.toSorted().join(',')}`);
  const { old } = attributes;
  const delta = withoutZeros(old === undefined ? usage : subtractAmounts(usage, evaluator.usage(old, world.now())));
  if (delta.size === 0) return undefined;
  const charged: { readonly quota: ResourceQuota; readonly used: Amounts }[] = [];
  for (const quota of covering) {
    const hard = amountsOf(quota.status?.hard);
    const requested = maskAmounts(delta, new Set(hard.keys()));
    const before = amountsOf(quota.status?.used);
    const used = addAmounts(before, requested);
    const over = new Set(exceeding(maskAmounts(used, new Set(requested.keys())), hard));
    if (over.size > 0) {
      const [asked, had, limit] = [requested, before, hard].map((amounts) => describeAmounts(maskAmounts(amounts, over)));
      return forbid(`exceeded quota: ${quota.metadata.name ?? ''}, requested: ${asked ?? ''}, used: ${had ?? ''}, limited: ${limit ?? ''}`);
    }
    if (requested.size > 0) charged.push({ quota, used });
  }
  if (!attributes.dryRun) for (const { quota, used } of charged) writeUsage(world, quota, used);
  return undefined;
}

function writeUsage(world: AdmissionWorld, quota: ResourceQuota, used: Amounts): void {
  const { namespace = '', name = '' } = quota.metadata;
  world.updateStatus(RESOURCEQUOTAS, namespace, name, (stored) => {
    stored.status = { ...stored.status, used: { ...listOf(used) } };
  });
}
