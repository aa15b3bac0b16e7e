/** What a rule of a role can name: groups, resources and verbs. */
import * as resources from '../../api/schema/resources.ts';
import { valueAt } from '../references/fieldPattern.ts';
import { found, unique, type Offer } from './objects.ts';
import type { OfferPlace } from './offers.ts';

const VERBS: readonly string[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

export function roleOffers({ kind, pattern, names, object, isKey }: OfferPlace): readonly Offer[] | undefined {
  if (isKey || !/^rbac\.authorization\.k8s\.io\/v1\/(?:Cluster)?Role$/.test(kind)) return undefined;
  if (pattern === 'rules[].verbs[]') return [...VERBS, '"*"'].map((value) => ({ value, detail: 'verb' }));
  const known = Object.values(resources);
  if (pattern === 'rules[].apiGroups[]') {
    const groups = known.filter(({ group }) => group !== '').map(({ group }) => ({ value: group, detail: 'group' }));
    return unique([{ value: '""', detail: 'the core group' }, ...groups]);
  }
  if (pattern !== 'rules[].resources[]') return undefined;
  const groups = valueAt(found(object, names.slice(0, 2)), 'apiGroups');
  const wanted = Array.isArray(groups) ? (groups as readonly unknown[]) : ['*'];
  const fitting = known.filter(({ group }) => wanted.includes(group) || wanted.includes('*'));
  return unique(fitting.map(({ plural, group }) => ({ value: plural, detail: group === '' ? 'core' : group })));
}
