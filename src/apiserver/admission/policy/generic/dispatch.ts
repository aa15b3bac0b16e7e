/**
 * Which policies a request meets, through which bindings, with which parameters.
 * Invariant: policies and bindings come in the order of their names; what keeps one from being run is told, not thrown.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/policy/generic.
 */
import type { MatchResources, ParamRef } from '../../../../api/schema/types/admissionregistration/v1.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import type { AdmissionAttributes, AdmissionWorld } from '../../plugin.ts';
import { isExempt } from '../../webhook/matching.ts';
import { compiledPolicy, type CompiledPolicy, type PolicyObject } from './compiled.ts';
import { matchesResources } from './matching.ts';
import { collectParams } from './params.ts';

export interface BindingObject extends KubeObject {
  readonly spec?: { readonly policyName?: string; readonly paramRef?: ParamRef; readonly matchResources?: MatchResources };
}

export interface Invocation<P, B> {
  readonly policy: P;
  readonly binding: B;
  readonly compiled: CompiledPolicy;
  /** One after the other; undefined: none. */
  readonly params: readonly (KubeObject | undefined)[];
}

/** Why a policy, or one binding of it, cannot be run. */
export interface Misconfigured<P, B> {
  readonly policy: P;
  readonly binding: B | undefined;
  readonly error: string;
}

interface Matched extends PolicyObject {
  readonly spec?: PolicyObject['spec'] & { readonly matchConstraints?: MatchResources };
}

/** @param policies group resource of the policies, and of their bindings */
export function invocationsOf<P extends KubeObject, B extends KubeObject>(
  policies: string,
  bindings: string,
  attributes: AdmissionAttributes,
  world: AdmissionWorld,
): readonly (Invocation<P, B> | Misconfigured<P, B>)[] {
  const { store } = world;
  const all = store.list(policies);
  if (all.length === 0 || isExempt(attributes)) return [];
  const found: (Invocation<P, B> | Misconfigured<P, B>)[] = [];
  for (const stored of all) {
    const policy = stored as KubeObject as P;
    const { spec = {}, metadata } = stored as Matched;
    const own = store.list(bindings).filter((binding) => (binding as BindingObject).spec?.policyName === metadata.name);
    if (own.length === 0 || !matchesResources(spec.matchConstraints, attributes, world)) continue;
    const { paramKind } = spec;
    if (paramKind !== undefined && world.strategyForKind(paramKind.apiVersion ?? '', paramKind.kind ?? '') === undefined) {
      const error = `failed to configure policy: failed to find resource referenced by paramKind: '${kindText(paramKind)}'`;
      found.push({ policy, binding: undefined, error });
      continue;
    }
    for (const object of own) {
      const binding = object as KubeObject as B;
      const { matchResources, paramRef } = (object as BindingObject).spec ?? {};
      if (!matchesResources(matchResources, attributes, world)) continue;
      const collected = collectParams(paramKind, paramRef, attributes.namespace, world);
      if ('error' in collected) found.push({ policy, binding, error: `failed to configure binding: ${collected.error}` });
      else found.push({ policy, binding, compiled: compiledPolicy(stored), params: collected.params });
    }
  }
  return found;
}

function kindText({ apiVersion = '', kind = '' }: { readonly apiVersion?: string; readonly kind?: string }): string {
  return `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
}
