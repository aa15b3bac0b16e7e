/**
 * Puts ClusterRoles with an aggregationRule together from the ClusterRoles that it selects.
 * Invariant: the rules are those of the selected roles, by name, each once. Counterpart: k8s.io/kubernetes/pkg/controller/clusterroleaggregation.
 */
import { draft, jsonEqual } from '../../base/json.ts';
import { CLUSTERROLES } from '../../api/schema/resources.ts';
import type { AggregationRule, PolicyRule } from '../../api/schema/types/rbac/v1.ts';
import { matchesLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { Client } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createClusterRoleAggregationController({ client }: ControllerContext): Controller {
  return {
    for: CLUSTERROLES,
    // Any role may be a part of any aggregated one.
    watches: [watch(CLUSTERROLES, () => aggregatedNames(client))],
    reconcile: (name) => {
      const role = client.get(CLUSTERROLES, '', name);
      if (role?.aggregationRule === undefined) return undefined;
      const rules = aggregatedRules(client, name, role.aggregationRule);
      client.modify(CLUSTERROLES, '', name, (copy) => {
        if (!jsonEqual(copy.rules ?? [], rules)) copy.rules = draft(rules);
      });
      return undefined;
    },
  };
}

function aggregatedNames(client: Client): readonly string[] {
  return client.list(CLUSTERROLES).flatMap(({ aggregationRule, metadata }) => (aggregationRule === undefined ? [] : [metadata.name ?? '']));
}

function aggregatedRules(client: Client, own: string, { clusterRoleSelectors }: AggregationRule): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const selector of clusterRoleSelectors ?? []) {
    for (const { metadata, rules: parts } of client.list(CLUSTERROLES)) {
      if (metadata.name === own || !matchesLabelSelector(selector, metadata.labels)) continue;
      for (const rule of parts ?? []) if (!rules.some((present) => jsonEqual(present, rule))) rules.push(rule);
    }
  }
  return rules;
}
