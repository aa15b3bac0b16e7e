/** Labels that a selector can ask for: those of Pods in the namespace, of nodes, of namespaces; of a workload's selector its own Pods'. */
import { labelsOf } from '../references/facts.ts';
import { hitsOf, valueAt } from '../references/fieldPattern.ts';
import { POD_TEMPLATES } from '../references/podTemplates.ts';
import { found, objectsOf, unique, type Offer } from './objects.ts';
import type { OfferPlace } from './offers.ts';

type Pairs = readonly (readonly [key: string, value: string])[];

/** Which labels a place is about, by its field; the first that fits counts. */
const SUBJECTS: readonly (readonly [field: RegExp, of: 'nodes' | 'namespaces' | 'own' | 'template' | 'pods'])[] = [
  [/(?:^|\.)(?:nodeSelector|nodeAffinity|topologyKey|allowedTopologies)\b/, 'nodes'],
  [/(?:^|\.)namespaceSelector\b/, 'namespaces'],
  [/^spec\.(?:template|jobTemplate\.spec\.template)\.metadata\.labels\b/, 'own'],
  [/^spec\.selector\b/, 'template'],
  [/(?:^|\.)(?:selector|podSelector|labelSelector|matchLabels|matchExpressions|matchLabelKeys|mismatchLabelKeys)\b/, 'pods'],
];

/** What kubelets set on every node. */
const OF_NODES: Pairs = [
  ['kubernetes.io/hostname', ''],
  ['kubernetes.io/os', 'linux'],
  ['kubernetes.io/arch', 'amd64'],
  ['topology.kubernetes.io/zone', ''],
  ['topology.kubernetes.io/region', ''],
  ['node.kubernetes.io/instance-type', ''],
];

export function labelOffers(place: OfferPlace): readonly Offer[] | undefined {
  const { pattern, isKey, names, object } = place;
  const subject = SUBJECTS.find(([field]) => field.test(pattern))?.[1];
  const field = /(?:^|\.)(\w+)(?:\[\])?$/.exec(pattern)?.[1] ?? '';
  if (subject === undefined) return isKey && field === 'labels' ? RECOMMENDED : undefined;
  if (isKey) return MAPS.test(field) ? keysOf(pairsOf(subject, place)) : undefined;
  if (['topologyKey', 'key', 'matchLabelKeys', 'mismatchLabelKeys'].includes(field)) return keysOf(pairsOf(subject, place));
  const last = names.at(-1);
  // `values` of an expression stand beside its key; the value of a map of labels below its own.
  if (field === 'values' && typeof last === 'number') {
    const key = valueAt(found(object, names.slice(0, -2)), 'key');
    return typeof key === 'string' ? valuesOf(pairsOf(subject, place), key) : [];
  }
  const map = names.at(-2);
  return typeof map === 'string' && MAPS.test(map) ? valuesOf(pairsOf(subject, place), String(last)) : undefined;
}

const MAPS = /^(?:labels|matchLabels|selector|nodeSelector)$/;

const RECOMMENDED: readonly Offer[] = ['name', 'instance', 'version', 'component', 'part-of', 'managed-by'].map((name) => ({
  value: `app.kubernetes.io/${name}`,
  detail: 'recommended label',
}));

function keysOf(pairs: Pairs): readonly Offer[] {
  return unique(pairs.map(([key, value]) => ({ value: key, detail: value, pair: value })));
}

function valuesOf(pairs: Pairs, key: string): readonly Offer[] {
  return unique(pairs.filter(([own]) => own === key).map(([, value]) => ({ value, detail: key })));
}

function pairsOf(subject: (typeof SUBJECTS)[number][1], place: OfferPlace): Pairs {
  const { world, object, kind } = place;
  switch (subject) {
    case 'nodes':
      return [...objectsOf(world, 'v1/Node', '').flatMap(labels), ...OF_NODES];
    case 'namespaces':
      return [...objectsOf(world, 'v1/Namespace', '').flatMap(labels), ['kubernetes.io/metadata.name', 'default']];
    case 'own':
      return [...entries(valueAt(object, 'spec.selector.matchLabels')), ...RECOMMENDED.map(({ value }) => [value, ''] as const)];
    case 'template': {
      const template = POD_TEMPLATES[kind];
      return template === undefined || template === '' ? podLabels(place) : entries(valueAt(object, `${template}.metadata.labels`));
    }
    default:
      return podLabels(place);
  }
}

function labels(object: unknown): Pairs {
  return entries(valueAt(object, 'metadata.labels'));
}

function entries(value: unknown): Pairs {
  return Object.entries(labelsOf(value));
}

/** Labels of the Pods that workloads make, those of the object itself first. */
function podLabels({ world, kind, object, namespace }: OfferPlace): Pairs {
  const at = POD_TEMPLATES[kind];
  const own =
    at === undefined ? [] : hitsOf(object, at === '' ? 'metadata.labels' : `${at}.metadata.labels`).flatMap(({ value }) => entries(value));
  const others = Object.entries(POD_TEMPLATES).flatMap(([each, template]) =>
    objectsOf(world, each, namespace).flatMap((owner) =>
      entries(valueAt(owner, template === '' ? 'metadata.labels' : `${template}.metadata.labels`)),
    ),
  );
  return [...own, ...others];
}
