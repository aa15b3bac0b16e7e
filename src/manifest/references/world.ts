/**
 * What there is beside an object: the workspace, and the cluster where there is one.
 * Invariant: in doubt something is there. Counterpart: none.
 */
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { groupKind, isClusterScoped } from './fields.ts';
import { sameNamespace, type IndexedObject, type ObjectIndex } from './workspaceIndex.ts';
import { labelsOf, podTemplate, type Template } from './facts.ts';
import { valueAt } from './fieldPattern.ts';
import { POD_TEMPLATES } from './podTemplates.ts';

/** A cluster's objects, as far as references ask for them. */
export interface ClusterObjects {
  /** Whether the kind, `apps/v1/Deployment`, is one of the cluster's. */
  serves(kind: string): boolean;
  get(kind: string, namespace: string, name: string): unknown;
  /** @param namespace undefined: all, or the kind has none */
  list(kind: string, namespace: string | undefined): readonly unknown[];
}

export interface World {
  readonly index: ObjectIndex;
  /** Undefined: nobody asks a cluster; what only clusters have is then taken to be there. */
  readonly cluster: ClusterObjects | undefined;
  /** Of objects that name none. */
  readonly namespace: string;
}

export interface Target {
  readonly kind: string;
  /** Empty: the object that refers to it names none, or the kind has none. */
  readonly namespace: string;
  readonly name: string;
}

/** `unknown`: nobody here can tell. */
export type Found = { readonly objects: readonly IndexedObject[]; readonly live: unknown } | 'unknown' | undefined;

export function findTarget(world: World, { kind, namespace, name }: Target): Found {
  if (isBuiltIn(kind, name)) return 'unknown';
  const objects = [...world.index.named(groupKindOf(kind), name)].filter(({ facts }) => sameNamespace(facts.namespace, namespace));
  const { cluster } = world;
  if (cluster === undefined) return objects.length > 0 ? { objects, live: undefined } : isClusterScoped(kind) ? 'unknown' : undefined;
  if (!cluster.serves(kind)) return objects.length > 0 ? { objects, live: undefined } : 'unknown';
  const live = cluster.get(kind, isClusterScoped(kind) ? '' : namespace === '' ? world.namespace : namespace, name);
  return objects.length === 0 && live === undefined ? undefined : { objects, live };
}

export function groupKindOf(kind: string): string {
  const slash = kind.lastIndexOf('/');
  return groupKind(kind.slice(0, slash), kind.slice(slash + 1));
}

/** Names of a kind that something near to a wrong one may be meant by. */
export function namesOf(world: World, { kind, namespace }: Target): readonly string[] {
  const written = [...world.index.kind(groupKindOf(kind))].filter(({ facts }) => sameNamespace(facts.namespace, namespace));
  const own = isClusterScoped(kind) ? undefined : namespace === '' ? world.namespace : namespace;
  const live = world.cluster?.serves(kind) === true ? world.cluster.list(kind, own) : [];
  return [...new Set([...written.map(({ facts }) => facts.name), ...live.map((object) => String(valueAt(object, 'metadata.name')))])];
}

/** Templates of the cluster's objects that a selector matches. */
export function liveSelected(world: World, selector: Selector, namespace: string): readonly Template[] {
  const own = namespace === '' ? world.namespace : namespace;
  return Object.entries(POD_TEMPLATES).flatMap(([kind, at]) =>
    (world.cluster?.list(kind, own) ?? []).flatMap((object) => {
      const template = valueAt(object, at);
      return matches(selector, labelsOf(valueAt(template, 'metadata.labels'))) ? [podTemplate(template)] : [];
    }),
  );
}

/** What every cluster or namespace has by itself. */
function isBuiltIn(kind: string, name: string): boolean {
  switch (kind) {
    case 'v1/ServiceAccount':
      return name === 'default';
    case 'v1/ConfigMap':
      return name === 'kube-root-ca.crt';
    case 'scheduling.k8s.io/v1/PriorityClass':
      return name.startsWith('system-');
    case 'v1/Namespace':
      return name === 'default' || name.startsWith('kube-');
    default:
      return false;
  }
}
