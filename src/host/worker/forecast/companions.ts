/**
 * What a file needs that is in other files of the workspace and not yet in the cluster: a forecast of it has them applied as well, as
 * whoever writes them apart applies them together.
 * Invariant: only what keeps Pods from being made or from starting; what the cluster has stays as it is. Counterpart: none.
 */
import { isClusterScoped } from '../../../manifest/references/fields.ts';
import type { Facts } from '../../../manifest/references/facts.ts';
import type { IndexedObject } from '../../../manifest/references/workspaceIndex.ts';
import { groupKindOf, type World } from '../../../manifest/references/world.ts';

export interface Companion {
  readonly uri: string;
  /** The document alone. */
  readonly text: string;
  /** Lines of the file on which the documents begin that need it. */
  readonly neededBy: readonly number[];
}

const NEEDED: ReadonlySet<string> = new Set([
  'v1/Namespace',
  'v1/ConfigMap',
  'v1/Secret',
  'v1/ServiceAccount',
  'v1/PersistentVolumeClaim',
  'v1/PersistentVolume',
  'storage.k8s.io/v1/StorageClass',
  'scheduling.k8s.io/v1/PriorityClass',
  'node.k8s.io/v1/RuntimeClass',
  'resource.k8s.io/v1/ResourceClaim',
  'resource.k8s.io/v1/ResourceClaimTemplate',
  'resource.k8s.io/v1/DeviceClass',
]);

interface Target {
  readonly kind: string;
  /** Empty: the kind has none. */
  readonly namespace: string;
  readonly name: string;
}

/** @param uri a file of the workspace */
export function companionsOf(uri: string, world: World): readonly Companion[] {
  const found = new Map<IndexedObject, Set<number>>();
  for (const own of world.index.of(uri)) {
    const waiting: Facts[] = [own.facts];
    for (let facts = waiting.pop(); facts !== undefined; facts = waiting.pop()) {
      for (const target of targetsOf(facts, world)) {
        const object = writtenElsewhere(target, uri, world);
        if (object === undefined) continue;
        const lines = found.get(object) ?? new Set<number>();
        if (lines.has(own.line)) continue;
        found.set(object, lines.add(own.line));
        waiting.push(object.facts);
      }
    }
  }
  return [...found].map(([object, lines]) => ({ uri: object.uri, text: object.text, neededBy: [...lines] }));
}

function targetsOf({ references, namespace }: Facts, world: World): readonly Target[] {
  const own = namespace === '' ? world.namespace : namespace;
  const named = references
    .filter(({ to }) => NEEDED.has(to))
    .map((reference): Target => {
      const other = reference.namespace ?? '';
      return { kind: reference.to, namespace: isClusterScoped(reference.to) ? '' : other === '' ? own : other, name: reference.name };
    });
  return namespace === '' ? named : [{ kind: 'v1/Namespace', namespace: '', name: namespace }, ...named];
}

/** Undefined: the cluster or the file itself has it, or nobody has. Of several that of the file that lies nearest. */
function writtenElsewhere({ kind, namespace, name }: Target, uri: string, world: World): IndexedObject | undefined {
  const { cluster, index } = world;
  if (cluster?.serves(kind) !== true || cluster.get(kind, namespace, name) !== undefined) return undefined;
  const isIt = ({ facts }: IndexedObject): boolean =>
    isClusterScoped(kind) || (facts.namespace === '' ? world.namespace : facts.namespace) === namespace;
  const objects = [...index.named(groupKindOf(kind), name)].filter(isIt);
  if (objects.some((object) => object.uri === uri)) return undefined;
  // What a controller or a generator will make is written nowhere.
  const [nearest] = objects
    .filter(({ facts }) => Object.keys(facts.value).length > 0)
    .toSorted((a, b) => shared(b.uri, uri) - shared(a.uri, uri) || (a.uri < b.uri ? -1 : 1));
  return nearest;
}

/** How many folders from the root two files have in common. */
function shared(a: string, b: string): number {
  const [own, other] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  const end = own.findIndex((part, index) => part !== other[index]);
  return end < 0 ? own.length : end;
}

/** `once a.yaml and b.yaml are applied`; empty: the document needs none. @param isOf whether a document that begins on the line is meant */
export function conditionOf(companions: readonly Companion[], isOf: (line: number) => boolean): string {
  const names = companions.filter(({ neededBy }) => neededBy.some(isOf)).map(({ uri }) => decoded(uri.slice(uri.lastIndexOf('/') + 1)));
  const [last, ...others] = [...new Set(names)].toReversed();
  if (last === undefined) return '';
  return others.length === 0 ? `once ${last} is applied` : `once ${others.toReversed().join(', ')} and ${last} are applied`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
