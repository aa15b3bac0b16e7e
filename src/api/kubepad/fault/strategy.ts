/**
 * Fault: something that goes wrong, as an object. Deleting it, or the end of its duration, undoes what it did.
 * Invariant: what it means for its target follows from the object alone; who feels it reads it like any other object.
 * Counterpart: none in Kubernetes; chaos tools have custom resources of this kind.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { FAULTS, type Fault, type FaultTarget } from '../types.ts';
import { validateFault } from './validation.ts';

export const FAULT_STRATEGY: Strategy<Fault> = {
  resource: FAULTS,
  singular: 'fault',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(fault) {
    delete fault.status;
  },
  validate: validateFault,
  validateUpdate: validateFault,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Type'), text('Target'), text('Phase'), integer('Hits'), AGE],
    cells: (fault, nowMs) => [
      fault.metadata.name ?? '',
      fault.spec?.type ?? '',
      targetText(fault.spec?.target),
      fault.status?.phase ?? 'Pending',
      fault.status?.hits ?? 0,
      age(fault, nowMs),
    ],
  },
};

/** `node/worker-1`, `pods/default app=web`: what the fault is aimed at, in a few words. */
export function targetText({ component, node, zone, pods, image }: FaultTarget = {}): string {
  const parts: string[] = [];
  if (component !== undefined) parts.push(component);
  if (image !== undefined) parts.push(`image/${image}`);
  if (pods !== undefined) parts.push(podsText(pods));
  if (node !== undefined) parts.push(`node/${node}`);
  if (zone !== undefined) parts.push(`zone/${zone}`);
  return parts.join(' ');
}

function podsText({ namespace = '*', name, selector, container }: NonNullable<FaultTarget['pods']>): string {
  const which = name ?? (selector === undefined ? '*' : formatLabelSelector(selector));
  return `pods/${namespace}/${which}${container === undefined ? '' : ` ${container}`}`;
}
