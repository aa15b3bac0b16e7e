/**
 * What does not fit together between objects: names that lead nowhere, keys and ports that are not there, selectors without Pods,
 * two objects of one name, ports of nodes that are asked for twice.
 * Invariant: hints, never errors: the API server takes all of it, and what is missing may still come.
 * Counterpart: none; what a person finds out from events after an apply.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import { nearest } from '../suggest.ts';
import { isRecord } from '../recognise.ts';
import type { Facts, Reference } from './facts.ts';
import { isClusterScoped } from './fields.ts';
import { hitsOf, textAt, valueAt } from './fieldPattern.ts';
import { podSpecAt, POD_TEMPLATES } from './podTemplates.ts';
import { findTarget, groupKindOf, liveSelected, namesOf, type World } from './world.ts';
import type { IndexedObject } from './workspaceIndex.ts';

export interface RelatedObject {
  readonly object: IndexedObject;
  readonly path: Path;
  readonly message: string;
}

export interface CrossProblem {
  readonly code: CrossCode;
  readonly path: Path;
  readonly message: string;
  readonly related: readonly RelatedObject[];
  /** What the text should be in its place. */
  readonly instead: string | undefined;
}

/** Each with what it is about. */
export const CROSS_CODES = {
  'missing-reference': 'a name that leads to no object',
  'missing-key': 'a key that the ConfigMap or Secret does not have',
  'missing-port': 'a port that the Service or the Pods do not have',
  'selects-nothing': 'a selector that no Pod template matches',
  'duplicate-name': 'a second object of the same kind, namespace and name in a file',
  'node-port-conflict': 'a nodePort that another Service asks for',
} as const;

export type CrossCode = keyof typeof CROSS_CODES;

export function crossProblems(object: IndexedObject, world: World): readonly CrossProblem[] {
  const { facts } = object;
  return [
    ...namespaceOf(facts, world),
    ...facts.references.flatMap((reference) => ofReference(facts, reference, world)),
    ...ofSelector(object, world),
    ...probePorts(facts),
    ...duplicateName(object, world),
    ...nodePorts(object, world),
  ];
}

function problem(
  code: CrossCode,
  path: Path,
  message: string,
  more: { readonly related?: readonly RelatedObject[]; readonly instead?: string | undefined } = {},
): CrossProblem {
  return { code, path, message, related: more.related ?? [], instead: more.instead };
}

function namespaceOf(facts: Facts, world: World): readonly CrossProblem[] {
  if (facts.namespace === '' || facts.namespace === world.namespace) return [];
  const target = { kind: 'v1/Namespace', namespace: '', name: facts.namespace };
  if (findTarget(world, target) !== undefined) return [];
  const message = `Namespace "${facts.namespace}" is neither in the workspace nor in the cluster`;
  return [problem('missing-reference', facts.at().child('metadata', 'namespace'), message)];
}

function ofReference(facts: Facts, reference: Reference, world: World): readonly CrossProblem[] {
  const { to, name, optional } = reference;
  const target = { kind: to, namespace: reference.namespace ?? facts.namespace, name };
  const found = findTarget(world, target);
  if (found === 'unknown' || (found === undefined && optional)) return [];
  const kind = to.slice(to.lastIndexOf('/') + 1);
  if (found !== undefined) return optional ? [] : missingParts(reference, kind, found.objects, found.live);
  if (hasVolumeOfClass(to, name, world)) return [];
  const elsewhere = [...world.index.named(groupKindOf(to), name)];
  const where = world.cluster === undefined ? 'not in these files' : 'neither in the workspace nor in the cluster';
  const in_ = isClusterScoped(to) || target.namespace === '' ? '' : `in namespace "${target.namespace}" `;
  return [
    problem('missing-reference', reference.path(), `${kind} "${name}" is ${in_}${where}`, {
      related: elsewhere.map((object) => ({
        object,
        path: object.facts.at().child('metadata', 'namespace'),
        message: `${kind} "${name}" of namespace "${object.facts.namespace}"`,
      })),
      instead: nearest(name, namesOf(world, target)),
    }),
  ];
}

/** A claim is bound to a volume of the same class, whether or not there is a StorageClass of that name. */
function hasVolumeOfClass(to: string, name: string, { index, cluster }: World): boolean {
  if (to !== 'storage.k8s.io/v1/StorageClass') return false;
  const volumes = [
    ...[...index.kind('PersistentVolume')].map(({ facts }) => facts.value),
    ...(cluster?.list('v1/PersistentVolume', undefined) ?? []),
  ];
  return volumes.some((volume) => textAt(volume, 'spec.storageClassName') === name);
}

function missingParts(
  { keys, part, name }: Reference,
  kind: string,
  objects: readonly IndexedObject[],
  live: unknown,
): readonly CrossProblem[] {
  if (keys.length === 0) return [];
  const held = [...objects.map(({ facts }) => facts.value), ...(live === undefined ? [] : [live])].map(
    part === 'key' ? keysHeld : portsHeld,
  );
  if (held.some((each) => each === undefined)) return [];
  const all = new Set(held.flatMap((each) => [...(each ?? [])]));
  return keys.flatMap(({ value, path }) => {
    if ((typeof value !== 'string' && typeof value !== 'number') || all.has(String(value))) return [];
    return [
      problem(part === 'key' ? 'missing-key' : 'missing-port', path(), `${kind} "${name}" has no ${part} "${value}"`, {
        related: objects.map((object) => ({
          object,
          path: part === 'key' ? object.facts.at().child('data') : object.facts.at().child('spec', 'ports'),
          message: `${kind} "${name}" has ${all.size === 0 ? 'none' : [...all].join(', ')}`,
        })),
        instead: typeof value === 'string' ? nearest(value, [...all]) : undefined,
      }),
    ];
  });
}

/** Undefined: nobody wrote down what is in it. */
function keysHeld(value: unknown): ReadonlySet<string> | undefined {
  if (!isRecord(value) || value['metadata'] === undefined) return undefined;
  return new Set(['data', 'binaryData', 'stringData'].flatMap((field) => (isRecord(value[field]) ? Object.keys(value[field]) : [])));
}

function portsHeld(value: unknown): ReadonlySet<string> | undefined {
  // An ExternalName leads elsewhere, with whatever ports there are.
  if (textAt(value, 'spec.type') === 'ExternalName') return undefined;
  return new Set(['name', 'port'].flatMap((field) => hitsOf(value, `spec.ports[].${field}`).map((hit) => String(hit.value))));
}

function ofSelector({ facts }: IndexedObject, world: World): readonly CrossProblem[] {
  if (facts.selector === undefined) return [];
  const { selector, path } = facts.selector;
  const written = world.index.selected(selector, facts.namespace);
  const named =
    facts.kind === 'v1/Service' ? hitsOf(facts.value, 'spec.ports[].targetPort').filter(({ value }) => typeof value === 'string') : [];
  if (written.length > 0 && named.length === 0) return [];
  const live = liveSelected(world, selector, facts.namespace);
  if (written.length === 0 && live.length === 0) {
    // Where the cluster does not show all that makes Pods, nobody can tell.
    if (world.cluster !== undefined && !Object.keys(POD_TEMPLATES).every((kind) => world.cluster?.serves(kind))) return [];
    const where = world.cluster === undefined ? 'in these files' : 'in the workspace or the cluster';
    return [problem('selects-nothing', path(), `the selector matches no Pod template ${where}`, { related: nearby(facts, world) })];
  }
  const ports = new Set([
    ...written.flatMap(({ facts: { template } }) => [...(template?.ports ?? [])]),
    ...live.flatMap((each) => [...each.ports]),
  ]);
  return named.flatMap(({ value, path: at }) => {
    if (ports.has(String(value))) return [];
    return [
      problem('missing-port', at(), `no container of the selected Pods has a port named "${String(value)}"`, {
        related: written.map((object) => ({ object, path: object.facts.at(), message: `selected: ${object.facts.name}` })),
        instead: nearest(String(value), [...ports]),
      }),
    ];
  });
}

/** Templates that share a label's key with a selector that matches none: one of both is mistyped. */
function nearby({ selector, namespace }: Facts, { index }: World): readonly RelatedObject[] {
  const labels = selector?.selector.filter(({ operator }) => operator === '=') ?? [];
  const near = new Map<IndexedObject, RelatedObject>();
  for (const { key } of labels) {
    const exists = [{ key, operator: 'exists', values: [] }] as const;
    for (const object of labels.length === 0 ? [] : index.selected(exists, namespace).slice(0, MAX_NEARBY)) {
      const text = `${key}=${object.facts.template?.labels[key] ?? ''}`;
      near.set(object, { object, path: object.facts.at(), message: `the Pods of ${object.facts.name} have ${text}` });
    }
  }
  return [...near.values()].slice(0, MAX_NEARBY);
}

const MAX_NEARBY = 3;

/** A probe or a hook that names a port which its container does not declare fails at every try. */
function probePorts(facts: Facts): readonly CrossProblem[] {
  const spec = podSpecAt(facts.kind);
  if (spec === undefined) return [];
  return ['containers', 'initContainers'].flatMap((list) =>
    hitsOf(facts.value, `${spec}.${list}[]`).flatMap(({ value: container, path }) => {
      const names = new Set(hitsOf(container, 'ports[].name').map(({ value }) => String(value)));
      return PORT_USERS.flatMap((at) => hitsOf(container, at, path)).flatMap(({ value, path: place }) => {
        // A number may be written as a text.
        if (typeof value !== 'string' || /^\d+$/.test(value) || names.has(value)) return [];
        const own = textAt(container, 'name');
        return [
          problem('missing-port', place(), `container "${own}" has no port named "${value}"`, { instead: nearest(value, [...names]) }),
        ];
      });
    }),
  );
}

const PORT_USERS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'].flatMap((user) => [
  `${user}.httpGet.port`,
  `${user}.tcpSocket.port`,
]);

/** In one file only: folders for several environments have the same names on purpose. */
function duplicateName({ uri, facts, line }: IndexedObject, { index }: World): readonly CrossProblem[] {
  if (facts.name === '' || valueAt(facts.value, 'metadata') === undefined) return [];
  const others = [...index.named(facts.groupKind, facts.name)].filter(
    (other) => other.uri === uri && other.facts.namespace === facts.namespace && other.line < line,
  );
  const first = others[0];
  if (first === undefined) return [];
  const kind = facts.kind.slice(facts.kind.lastIndexOf('/') + 1);
  const path = facts.at().child('metadata', 'name');
  return [
    problem('duplicate-name', path, `${kind} "${facts.name}" is already in this file: applied one after the other, the last one counts`, {
      related: [{ object: first, path: first.facts.at().child('metadata', 'name'), message: `the first ${kind} "${facts.name}"` }],
    }),
  ];
}

function nodePorts({ facts }: IndexedObject, world: World): readonly CrossProblem[] {
  if (facts.kind !== 'v1/Service') return [];
  const isSelf = (name: string, namespace: string): boolean =>
    name === facts.name && (namespace === facts.namespace || facts.namespace === '' || namespace === '');
  return hitsOf(facts.value, 'spec.ports[].nodePort').flatMap(({ value, path }) => {
    if (typeof value !== 'number' || value === 0) return [];
    const others = [...world.index.nodePort(value)].filter((other) => !isSelf(other.facts.name, other.facts.namespace));
    const live = (world.cluster?.list('v1/Service', undefined) ?? []).filter(
      (service) =>
        hitsOf(service, 'spec.ports[].nodePort').some((hit) => hit.value === value) &&
        !isSelf(textAt(service, 'metadata.name'), facts.namespace === '' ? '' : textAt(service, 'metadata.namespace')),
    );
    const names = new Set([...others.map((other) => other.facts.name), ...live.map((service) => textAt(service, 'metadata.name'))]);
    if (names.size === 0) return [];
    return [
      problem(
        'node-port-conflict',
        path(),
        `nodePort ${value} is asked for by Service ${[...names].map((name) => `"${name}"`).join(', ')} too`,
        {
          related: others.map((object) => ({
            object,
            path: object.facts.at().child('spec', 'ports'),
            message: `Service "${object.facts.name}"`,
          })),
        },
      ),
    ];
  });
}
