/**
 * The served resources: the recorded discovery facts, the simulator's own group, and the strategy behind each.
 * Counterpart: k8s.io/apiserver/pkg/endpoints.APIInstaller.
 */
import { GROUPS, RESOURCES } from '../../api/register.ts';
import type { Strategy } from '../../api/strategy.ts';
import facts from '../../api/schema/facts/resources.json' with { type: 'json' };
import { groupResource, type ResourceType } from '../../apimachinery/meta/resource.ts';

export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ServedResource {
  readonly type: ResourceType;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly storageVersionHash: string;
  /** Of custom resources; the strategies of recorded ones are in api/register.ts. */
  readonly strategy?: Strategy;
}

export interface ServedGroup {
  readonly group: string;
  readonly preferred: string;
  readonly versions: readonly string[];
}

const STATUS_VERBS = ['get', 'patch', 'update'];
const RECORDED = new Map(facts.resources.map((fact) => [`${fact.group}/${fact.version}/${fact.plural}`, fact]));

export const SERVED: readonly ServedResource[] = RESOURCES.map(fromFacts);

/** In the order of discovery; the core group is not among them. */
export const SERVED_GROUPS: readonly ServedGroup[] = GROUPS;

const BY_PATH = new Map(SERVED.map((resource) => [`${resource.type.group}/${resource.type.version}/${resource.type.plural}`, resource]));

export function findServed(group: string, version: string, plural: string): ServedResource | undefined {
  return BY_PATH.get(`${group}/${version}/${plural}`);
}

/** Whether anything is served under `/apis/GROUP/VERSION` (or `/api/VERSION`). */
export function isServedVersion(group: string, version: string): boolean {
  if (group === '') return version === 'v1';
  return SERVED_GROUPS.some((entry) => entry.group === group && entry.versions.includes(version));
}

export function isServedGroup(group: string): boolean {
  return group === '' || SERVED_GROUPS.some((entry) => entry.group === group);
}

/** The resources of one version, by name. */
export function resourcesOf(group: string, version: string): readonly ServedResource[] {
  return SERVED.filter(({ type }) => type.group === group && type.version === version);
}

/** DELETE of these answers with the object; of all others with a Status (if the object is gone at once). */
export function returnsDeletedObject(type: ResourceType): boolean {
  return DELETED_OBJECT.has(groupResource(type));
}

const DELETED_OBJECT: ReadonlySet<string> = new Set([
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
]);

function fromFacts(fact: (typeof RESOURCES)[number]): ServedResource {
  const { group, version, plural, kind, namespaced, singular, shortNames, categories, verbs } = fact;
  const recorded = RECORDED.get(`${group}/${version}/${plural}`);
  const verbsOf = (name: string): readonly string[] => recorded?.subresources.find((sub) => sub.name === name)?.verbs ?? STATUS_VERBS;
  return {
    type: { group, version, plural, kind, namespaced },
    singular,
    shortNames,
    categories,
    verbs,
    subresources: fact.subresources.map((sub) => ({
      name: sub.name,
      group: sub.group,
      version: sub.version,
      kind: sub.kind,
      verbs: verbsOf(sub.name),
    })),
    storageVersionHash: recorded?.storageVersionHash ?? '',
  };
}
