import { compare, fromValue, quantity, type Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { PersistentVolumeClaim } from '../../../schema/types/core/v1.ts';
import type { Evaluator } from './evaluator.ts';
import { matchesValue } from './pod.ts';

const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';
const NAMES: ReadonlySet<string> = new Set(['persistentvolumeclaims', 'count/persistentvolumeclaims', 'requests.storage']);
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** Claims count by number and by what they ask for, in all and by storage class. */
export const claimEvaluator: Evaluator = {
  handles: (operation, subresource) => operation !== 'DELETE' && subresource === '',
  counts: (name) =>
    NAMES.has(name) || name.endsWith(`${CLASS_SUFFIX}requests.storage`) || name.endsWith(`${CLASS_SUFFIX}persistentvolumeclaims`),
  usage(object) {
    const claim = object as PersistentVolumeClaim;
    const usage = new Map<string, Quantity>([
      ['count/persistentvolumeclaims', fromValue(1)],
      ['persistentvolumeclaims', fromValue(1)],
    ]);
    const storageClass = claim.metadata.annotations?.[CLASS_ANNOTATION] ?? claim.spec?.storageClassName ?? '';
    if (storageClass !== '') usage.set(`${storageClass}${CLASS_SUFFIX}persistentvolumeclaims`, fromValue(1));
    const storage = requestedStorage(claim);
    if (storage !== undefined) {
      usage.set('requests.storage', storage);
      if (storageClass !== '') usage.set(`${storageClass}${CLASS_SUFFIX}requests.storage`, storage);
    }
    return usage;
  },
  inScope(object, { scopeName, operator, values }) {
    if (scopeName !== 'VolumeAttributesClass') return false;
    const { spec, status } = object as PersistentVolumeClaim;
    // The class that is wanted and those that a change is on the way from and to.
    const classes = [
      spec?.volumeAttributesClassName,
      status?.currentVolumeAttributesClassName,
      status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
    ];
    const named = classes.filter((name) => name !== undefined && name !== '') as readonly string[];
    if (named.length === 0) return matchesValue('', operator, values ?? []);
    return named.some((name) => matchesValue(name, operator, values ?? []));
  },
};

/** What is asked for, or what is allocated already while a claim shrinks back. */
function requestedStorage({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const asked = spec?.resources?.requests?.['storage'];
  const allocated = status?.allocatedResources?.['storage'];
  if (asked === undefined) return undefined;
  return allocated !== undefined && compare(quantity(allocated), quantity(asked)) > 0 ? quantity(allocated) : quantity(asked);
}
