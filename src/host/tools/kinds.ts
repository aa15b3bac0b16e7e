/**
 * Kinds by the words that people use for them: `deploy`, `deployments`, `Deployment`, `deployments.apps`.
 * Counterpart: the RESTMapper of kubectl with its shortcuts.
 */
import { RESOURCES } from '../../api/register.ts';
import { apiVersion } from '../../apimachinery/meta/resource.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { ToolError } from './tool.ts';

export interface KnownKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** @throws ToolError if the cluster does not serve it */
export function kindOf({ api }: Cluster, word: string, version: string | undefined): KnownKind {
  const wanted = word.toLowerCase();
  const [name = '', ...groups] = wanted.split('.');
  const group = groups.join('.');
  const custom = api.catalog.customStrategies().map(({ resource, singular, shortNames }) => ({
    ...resource,
    singular,
    shortNames,
    preferred: true,
  }));
  const found = [...RESOURCES, ...custom].filter(
    (each) =>
      [each.kind.toLowerCase(), each.plural, each.singular, ...each.shortNames].includes(name) &&
      (group === '' || each.group === group) &&
      (version === undefined || apiVersion(each) === version),
  );
  const best = found.find(({ preferred }) => preferred) ?? found[0];
  if (best === undefined)
    throw new ToolError(
      version === undefined ? `the server doesn't have a resource type "${word}"` : `no matches for kind "${word}" in version "${version}"`,
    );
  return { apiVersion: apiVersion(best), kind: best.kind, namespaced: best.namespaced };
}
