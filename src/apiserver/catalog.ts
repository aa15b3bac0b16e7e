/**
 * What this cluster serves: the recorded APIs, and the custom resources whose definitions are stored.
 * Invariant: derived from the stored definitions at each look, so a definition is served at once, in a fork and after a restore too.
 * Counterpart: the crdHandler of apiextensions-apiserver, and discovery.
 */
import { strategyForKind, strategyOf } from '../api/register.ts';
import { isEstablished } from '../api/apiextensions/customresourcedefinition/conditions.ts';
import { isNameable } from '../api/apiextensions/customresourcedefinition/naming.ts';
import { kindsOf, type CustomKind } from '../api/apiextensions/customresource/kind.ts';
import { METRICS, type Metric } from '../api/kubepad/types.ts';
import { CUSTOMRESOURCEDEFINITIONS } from '../api/schema/resources.ts';
import type { CustomResourceDefinition } from '../api/schema/types/apiextensions/v1.ts';
import type { Strategy } from '../api/strategy.ts';
import { groupResource, type KubeObject } from '../apimachinery/meta/resource.ts';
import { compareVersions } from '../apimachinery/meta/versionOrder.ts';
import {
  findServed,
  isServedGroup,
  isServedVersion,
  resourcesOf,
  SERVED_GROUPS,
  type ServedGroup,
  type ServedResource,
} from './endpoints/served.ts';
import { heldGroups, heldResources } from './endpoints/metrics/heldGroups.ts';
import { METRICS_GROUP, METRICS_RESOURCES } from './endpoints/metrics/served.ts';
import { servedCustom } from './endpoints/servedCustom.ts';
import type { Store } from './storage/store.ts';

const DEFINITIONS = groupResource(CUSTOMRESOURCEDEFINITIONS);
const HELD = groupResource(METRICS);

interface Snapshot {
  readonly definitions: readonly KubeObject[];
  readonly served: ReadonlyMap<string, ServedResource>;
  readonly kinds: readonly CustomKind[];
  readonly groups: readonly ServedGroup[];
}

export class Catalog {
  private readonly store: Store;
  private snapshot: Snapshot | undefined;
  /** Whether metrics.k8s.io is served; a definition of that group goes before. */
  servesMetrics = false;

  constructor(store: Store) {
    this.store = store;
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    const found = findServed(group, version, plural) ?? this.current().served.get(`${group}/${version}/${plural}`);
    return found ?? this.metricsOf(group, version).find(({ type }) => type.plural === plural);
  }

  /** The strategy of a version; where none is named, that in which the objects are kept. */
  strategy(resource: { readonly group: string; readonly plural: string; readonly version?: string }): Strategy | undefined {
    const { group, plural, version } = resource;
    const kinds = this.current().kinds.filter(({ type }) => type.group === group && type.plural === plural);
    const kind =
      kinds.find(({ type }) => type.version === version) ?? kinds.find(({ type }) => type.version === type.storageVersion) ?? kinds[0];
    return kind?.strategy;
  }

  /** The strategy of a kind by its own words. */
  strategyForKind(apiVersion: string, kind: string): Strategy | undefined {
    return (
      strategyForKind(apiVersion, kind) ??
      this.current().kinds.find(({ type }) => type.kind === kind && `${type.group}/${type.version}` === apiVersion)?.strategy
    );
  }

  /** Everything that keeps objects beside the recorded resources. */
  customStrategies(): readonly Strategy[] {
    const seen = new Map<string, Strategy>();
    for (const { type, strategy } of this.current().kinds) if (!seen.has(groupResource(type))) seen.set(groupResource(type), strategy);
    return [...seen.values()];
  }

  /** In the order of discovery. */
  groups(): readonly ServedGroup[] {
    const { groups } = this.current();
    const known = !this.servesMetrics || groups.some(({ group }) => group === METRICS_GROUP.group);
    return [...groups, ...(known ? [] : [METRICS_GROUP]), ...heldGroups(this.held())];
  }

  isServedGroup(group: string): boolean {
    return isServedGroup(group) || this.groups().some((entry) => entry.group === group);
  }

  /** Has no other resources than custom ones. */
  isCustomGroup(group: string): boolean {
    return !isServedGroup(group) && this.isServedGroup(group);
  }

  isServedVersion(group: string, version: string): boolean {
    return isServedVersion(group, version) || this.groups().some((entry) => entry.group === group && entry.versions.includes(version));
  }

  resourcesOf(group: string, version: string): readonly ServedResource[] {
    const custom = [...this.current().served.values()].filter(({ type }) => type.group === group && type.version === version);
    return [
      ...resourcesOf(group, version),
      ...this.metricsOf(group, version),
      ...this.heldOf(group, version),
      ...custom.toSorted((left, right) => (left.type.plural < right.type.plural ? -1 : 1)),
    ];
  }

  /** Whether another server would answer for it in a real cluster: that of an adapter or of the metrics server. */
  isAggregated(group: string, version: string): boolean {
    return this.metricsOf(group, version).length > 0 || this.heldOf(group, version).length > 0;
  }

  private metricsOf(group: string, version: string): readonly ServedResource[] {
    if (!this.servesMetrics || group !== METRICS_GROUP.group || this.current().groups.some((entry) => entry.group === group)) return [];
    return METRICS_RESOURCES.filter(({ type }) => type.version === version);
  }

  /** The values that adapters would serve. */
  private held(): readonly Metric[] {
    return this.store.list(HELD) as readonly Metric[];
  }

  private heldOf(group: string, version: string): readonly ServedResource[] {
    const metrics = this.held();
    if (!heldGroups(metrics).some((each) => each.group === group && each.versions.includes(version))) return [];
    return heldResources(metrics, group, version, (kind, apiVersion) => this.strategyForKind(apiVersion, kind)?.resource.plural);
  }

  private current(): Snapshot {
    const definitions = this.store.list(DEFINITIONS);
    if (this.snapshot?.definitions !== definitions) this.snapshot = take(definitions);
    return this.snapshot;
  }
}

function take(definitions: readonly KubeObject[]): Snapshot {
  const kinds = definitions.flatMap((object) => {
    const definition = object as CustomResourceDefinition;
    return (isEstablished(definition) || isNameable(definition, definitions as readonly CustomResourceDefinition[])) &&
      strategyOf(definition.spec.group, 'v1', definition.spec.names.plural) === undefined
      ? kindsOf(definition)
      : [];
  });
  const served = new Map(kinds.map((kind) => [`${kind.type.group}/${kind.type.version}/${kind.type.plural}`, servedCustom(kind)]));
  return { definitions, served, kinds, groups: groupsOf(kinds) };
}

/** Groups of custom resources come after the others, by name; their versions by Kubernetes' order of versions. */
function groupsOf(kinds: readonly CustomKind[]): readonly ServedGroup[] {
  const versions = new Map<string, Set<string>>();
  for (const { type } of kinds) {
    const known = versions.get(type.group) ?? new Set<string>();
    versions.set(type.group, known.add(type.version));
  }
  const custom = [...versions]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([group, names]) => {
      const sorted = [...names].toSorted(compareVersions);
      return { group, versions: sorted, preferred: sorted[0] ?? '' };
    });
  const recorded = new Set(SERVED_GROUPS.map(({ group }) => group));
  return [...SERVED_GROUPS, ...custom.filter(({ group }) => !recorded.has(group))];
}
