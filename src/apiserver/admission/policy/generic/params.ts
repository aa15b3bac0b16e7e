import type { ParamKind, ParamRef } from '../../../../api/schema/types/admissionregistration/v1.ts';
import { matchesLabelSelector } from '../../../../apimachinery/labels/selector.ts';
import { groupResource, objectKey, type KubeObject } from '../../../../apimachinery/meta/resource.ts';
import type { AdmissionWorld } from '../../plugin.ts';

export type Params = { readonly params: readonly (KubeObject | undefined)[] } | { readonly error: string };

const NONE: Params = { params: [undefined] };

/**
 * The objects that a policy is run with, once for each; undefined for a run without.
 * Counterpart: CollectParams of k8s.io/apiserver/pkg/admission/plugin/policy/generic.
 */
export function collectParams(kind: ParamKind | undefined, ref: ParamRef | undefined, namespace: string, world: AdmissionWorld): Params {
  if (kind === undefined || ref === undefined) return NONE;
  const { apiVersion = '', kind: name = '' } = kind;
  const strategy = world.strategyForKind(apiVersion, name);
  if (strategy === undefined) return { error: `paramKind kind \`&ParamKind{APIVersion:${apiVersion},Kind:${name},}\` not known` };
  const { namespaced } = strategy.resource;
  if (!namespaced && (ref.namespace ?? '') !== '')
    return { error: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' };
  const home = namespaced ? (ref.namespace ?? '') || namespace : '';
  if (namespaced && home === '') return { error: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' };
  const resource = groupResource(strategy.resource);
  const found =
    (ref.name ?? '') === ''
      ? world.store
          .list(resource)
          .filter((object) => (object.metadata.namespace ?? '') === home && matchesLabelSelector(ref.selector, object.metadata.labels))
      : [world.store.get(resource, objectKey(home, ref.name ?? ''))].filter((object) => object !== undefined);
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny')
    return { error: 'no params found for policy binding with `Deny` parameterNotFoundAction' };
  return { params: found.map((object) => strategy.fromStorage?.(object) ?? { apiVersion, kind: name, ...object }) };
}
