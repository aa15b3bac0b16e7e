/** The ports of containers, by name and by number. */
import { fromSet, matches } from '../../apimachinery/labels/selector.ts';
import { labelsOf } from '../references/facts.ts';
import { hitsOf, textAt, valueAt } from '../references/fieldPattern.ts';
import { POD_TEMPLATES } from '../references/podTemplates.ts';
import { objectsOf, unique, type Offer } from './objects.ts';
import type { OfferPlace } from './offers.ts';

/** @param byName whether a name may stand there as well; names come first, they survive a change of the number */
export function portOffers(specs: readonly unknown[], byName: boolean): readonly Offer[] {
  const ports = specs.flatMap((spec) => hitsOf(spec, 'containers[].ports[]').map(({ value }) => value));
  const numbers = ports.map((port) => ({ value: String(valueAt(port, 'containerPort') ?? ''), detail: textAt(port, 'name') || 'port' }));
  const names = ports.map((port) => ({ value: textAt(port, 'name'), detail: `port ${String(valueAt(port, 'containerPort') ?? '')}` }));
  return unique([...(byName ? names : []), ...numbers]);
}

/** The specs of the Pods that the Service at the place selects; without a selector of all of its namespace. */
export function selectedPodSpecs({ world, object, namespace }: OfferPlace): readonly unknown[] {
  const selector = fromSet(labelsOf(valueAt(object, 'spec.selector')));
  return Object.entries(POD_TEMPLATES).flatMap(([kind, at]) =>
    objectsOf(world, kind, namespace).flatMap((owner) => {
      const template = at === '' ? owner : valueAt(owner, at);
      return matches(selector, labelsOf(valueAt(template, 'metadata.labels'))) ? [valueAt(template, 'spec')] : [];
    }),
  );
}
