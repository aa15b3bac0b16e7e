/**
 * What may be written at a place because it is there already: names, keys, ports, labels, images of the workspace and the cluster.
 * Invariant: pure; asks the index and the cluster for what the place can mean and for nothing else.
 * Counterpart: none; the completion of kubectl's command line, within a manifest.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import { headOf } from '../recognise.ts';
import { textAt, valueAt } from '../references/fieldPattern.ts';
import { REFERENCE_FIELDS, type ReferenceField } from '../references/fields.ts';
import { namesOf, type World } from '../references/world.ts';
import { labelOffers } from './labels.ts';
import { found, objectsOf, unique, type Offer } from './objects.ts';
import { podOffers } from './pods.ts';
import { roleOffers } from './roles.ts';

export interface OfferPlace {
  readonly world: World;
  /** `apps/v1/Deployment` */
  readonly kind: string;
  /** The object as it is typed. */
  readonly object: unknown;
  /** Fields and indexes to the value; of a key its map. */
  readonly names: readonly (string | number)[];
  /** The names with `[]` for indexes: `spec.ports[].targetPort`. */
  readonly pattern: string;
  /** Of a key of a map of texts, such as labels, and not of a value. */
  readonly isKey: boolean;
  /** Of the object; empty: it names none. */
  readonly namespace: string;
}

/** @param path of the value; of a key its map */
export function offersAt(world: World, kind: string, object: unknown, path: Path, isKey: boolean): readonly Offer[] {
  const names = path.segments().map(({ segment }) => segment);
  const namespace = headOf(object)?.namespace ?? '';
  const place = { world, kind, object, names, pattern: patternOf(names), isKey, namespace };
  return referenceOffers(place) ?? namespaceOffers(place) ?? podOffers(place) ?? labelOffers(place) ?? roleOffers(place) ?? [];
}

function patternOf(names: readonly (string | number)[]): string {
  let pattern = '';
  for (const name of names) pattern += typeof name === 'number' ? '[]' : `${pattern === '' ? '' : '.'}${name}`;
  return pattern;
}

/** Names of objects that a field names, keys of ConfigMaps and Secrets, ports of Services. */
function referenceOffers(place: OfferPlace): readonly Offer[] | undefined {
  if (place.isKey) return undefined;
  for (const field of REFERENCE_FIELDS[place.kind] ?? []) {
    const { at, name, to } = field;
    if (!place.pattern.startsWith(at)) continue;
    const rest = place.pattern.slice(at.length).replace(/^\./, '');
    if (rest === name) return namesOffered(place, to, namespaceOf(place, field, at));
    if (field.keys !== undefined && rest === field.keys) return keysOffered(place, field);
    if (field.port !== undefined && rest.startsWith(field.port)) {
      const form = rest.slice(field.port.length);
      if (form === '' || form === '.name' || form === '.number') return portsOffered(place, field, form);
    }
  }
  return targetByKind(place);
}

/** References whose kind is written beside the name. */
function targetByKind(place: OfferPlace): readonly Offer[] | undefined {
  const { pattern, names, object } = place;
  if (pattern === 'spec.scaleTargetRef.kind')
    return ['Deployment', 'StatefulSet', 'ReplicaSet'].map((value) => ({ value, detail: 'can be scaled' }));
  if (!['spec.scaleTargetRef.name', 'roleRef.name', 'subjects[].name'].includes(pattern)) return undefined;
  const holder = found(object, names.slice(0, -1));
  const kind = textAt(holder, 'kind');
  if (pattern === 'roleRef.name') return namesOffered(place, `rbac.authorization.k8s.io/v1/${kind}`, place.namespace);
  if (pattern === 'subjects[].name')
    return kind === 'ServiceAccount' ? namesOffered(place, 'v1/ServiceAccount', textAt(holder, 'namespace') || place.namespace) : [];
  return namesOffered(place, `${textAt(holder, 'apiVersion')}/${kind}`, place.namespace);
}

function namesOffered({ world }: OfferPlace, kind: string, namespace: string): readonly Offer[] {
  const detail = kind.slice(kind.lastIndexOf('/') + 1);
  return namesOf(world, { kind, namespace, name: '' })
    .filter((name) => name !== '')
    .map((value) => ({ value, detail }));
}

/** The map that holds the reference. */
function holderOf({ object, names }: OfferPlace, at: string): unknown {
  return found(object, names.slice(0, at.split('.').length + at.split('[]').length - 1));
}

function namespaceOf(place: OfferPlace, field: ReferenceField, at: string): string {
  const own = field.namespace === undefined ? '' : textAt(holderOf(place, at), field.namespace);
  return own === '' ? place.namespace : own;
}

/** Of the object that is named; where none is named yet, of all. */
function targets(place: OfferPlace, field: ReferenceField): readonly unknown[] {
  const all = objectsOf(place.world, field.to, namespaceOf(place, field, field.at));
  const name = textAt(holderOf(place, field.at), field.name);
  return name === '' ? all : all.filter((object) => textAt(object, 'metadata.name') === name);
}

function keysOffered(place: OfferPlace, field: ReferenceField): readonly Offer[] {
  const offers = targets(place, field).flatMap((object) =>
    ['data', 'stringData', 'binaryData'].flatMap((data) =>
      Object.keys((valueAt(object, data) as object | null | undefined) ?? {}).map((value) => ({
        value,
        detail: titleOf(object, field.to),
      })),
    ),
  );
  return unique(offers);
}

function portsOffered(place: OfferPlace, field: ReferenceField, form: '' | '.name' | '.number'): readonly Offer[] {
  const offers = targets(place, field).flatMap((object) => {
    const ports = valueAt(object, 'spec.ports');
    return (Array.isArray(ports) ? (ports as readonly unknown[]) : []).map((port) => {
      const [name, number] = [textAt(port, 'name'), String(valueAt(port, 'port') ?? '')];
      const value = form === '.name' ? name : number;
      return { value, detail: `${titleOf(object, field.to)}${form === '.name' ? `: ${number}` : name === '' ? '' : `: ${name}`}` };
    });
  });
  return unique(offers);
}

function titleOf(object: unknown, kind: string): string {
  return `${kind.slice(kind.lastIndexOf('/') + 1)}/${textAt(object, 'metadata.name')}`;
}

/** What every cluster has. */
const NAMESPACES: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const IN_NAMESPACE = /(?:^metadata|^subjects\[\]|\.service|[sS]ecretRef|\.clientConfig\.service)\.namespace$|\.namespaces\[\]$/;

function namespaceOffers({ world, pattern, isKey }: OfferPlace): readonly Offer[] | undefined {
  if (isKey || !IN_NAMESPACE.test(pattern)) return undefined;
  const known = namesOf(world, { kind: 'v1/Namespace', namespace: '', name: '' });
  return unique([...known, ...NAMESPACES].map((value) => ({ value, detail: 'Namespace' })));
}
