import { RESOURCES } from '../../../api/register.ts';
import type { RuleWithOperations } from '../../../api/schema/types/admissionregistration/v1.ts';
import { matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { groupResource, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../../apimachinery/meta/types.ts';
import type { AdmissionAttributes, AdmissionWorld } from '../plugin.ts';

/** What says which requests a webhook is asked about. */
export interface Matching {
  readonly rules?: readonly RuleWithOperations[];
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/** The configuration of admission itself is never asked about: nobody could mend it then. */
const EXEMPT: ReadonlySet<string> = new Set(
  ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies', 'mutatingadmissionpolicies']
    .flatMap((plural) => [plural, plural.replace(/ies$/, 'ybindings')])
    .map((plural) => `${plural}.admissionregistration.k8s.io`),
);

export function isExempt({ strategy }: AdmissionAttributes): boolean {
  return EXEMPT.has(groupResource(strategy.resource));
}

/** Counterpart: k8s.io/apiserver/pkg/admission/plugin/webhook/predicates. */
export function isAskedAbout(matching: Matching, attributes: AdmissionAttributes, world: AdmissionWorld): boolean {
  return (
    !isExempt(attributes) &&
    (matching.rules ?? []).some((rule) => matchesRule(rule, matching.matchPolicy ?? 'Equivalent', attributes)) &&
    matchesNamespace(matching.namespaceSelector, attributes, world) &&
    matchesObjects(matching.objectSelector, attributes)
  );
}

export function matchesRule(rule: RuleWithOperations, policy: 'Equivalent' | 'Exact', attributes: AdmissionAttributes): boolean {
  const { operation, strategy, subresource } = attributes;
  const { resource } = strategy;
  const names = (list: readonly string[] | undefined, value: string): boolean =>
    (list ?? []).some((name) => name === '*' || name === value);
  const versions = policy === 'Exact' ? [resource.version] : servedVersions(resource);
  return (
    names(rule.operations, operation) &&
    names(rule.apiGroups, resource.group) &&
    versions.some((version) => names(rule.apiVersions, version)) &&
    (rule.resources ?? []).some((text) => matchesResource(text, resource.plural, subresource)) &&
    matchesScope(rule.scope ?? '*', attributes)
  );
}

/** A rule for one version of a kind means all of its versions, unless it says otherwise. */
function servedVersions({
  group,
  plural,
  version,
}: {
  readonly group: string;
  readonly plural: string;
  readonly version: string;
}): readonly string[] {
  const served = RESOURCES.filter((fact) => fact.group === group && fact.plural === plural).map((fact) => fact.version);
  return served.length === 0 ? [version] : served;
}

/** `pods`, `pods/log`, `*` or a star on either side of the slash; without a slash no subresource is meant. */
function matchesResource(text: string, plural: string, subresource: string): boolean {
  const [resource = '', sub = ''] = text.split('/', 2);
  return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
}

function matchesScope(scope: '*' | 'Cluster' | 'Namespaced', { strategy }: AdmissionAttributes): boolean {
  return scope === '*' || (scope === 'Namespaced') === strategy.resource.namespaced;
}

export function matchesNamespace(selector: LabelSelector | undefined, attributes: AdmissionAttributes, { store }: AdmissionWorld): boolean {
  if (selector === undefined || isEverything(selector)) return true;
  const { strategy, namespace, name, object, subresource, operation } = attributes;
  if (groupResource(strategy.resource) === 'namespaces') {
    const judged = subresource === '' && operation !== 'DELETE' ? object : store.get('namespaces', name);
    return matchesLabelSelector(selector, judged?.metadata.labels);
  }
  if (!strategy.resource.namespaced) return true;
  return matchesLabelSelector(selector, store.get('namespaces', namespace)?.metadata.labels);
}

/** Either of the two states of the object is enough. */
export function matchesObjects(selector: LabelSelector | undefined, { object, old }: AdmissionAttributes): boolean {
  if (selector === undefined || isEverything(selector)) return true;
  return [object, old].some(
    (state: KubeObject | undefined) => state !== undefined && matchesLabelSelector(selector, state.metadata.labels),
  );
}

function isEverything({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}
