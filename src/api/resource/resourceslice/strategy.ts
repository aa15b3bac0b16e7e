/**
 * ResourceSlices: devices that a driver has on a node, or for several.
 * Invariant: a slice belongs to one driver, one pool and one node for good.
 * Counterpart: k8s.io/kubernetes/pkg/registry/resource/resourceslice.
 */
import type { Draft } from '../../../base/json.ts';
import { quote } from '../../../apimachinery/field/quote.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { RESOURCESLICES } from '../../schema/resources.ts';
import type { ResourceSlice } from '../../schema/types/resource/v1.ts';
import type { Preparation, Strategy } from '../../strategy.ts';
import { validateResourceSlice, validateResourceSliceUpdate } from './validation.ts';

export const RESOURCESLICE_STRATEGY: Strategy<ResourceSlice> = {
  resource: RESOURCESLICES,
  singular: 'resourceslice',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate: prepare,
  prepareForUpdate: (slice, _old, preparation) => prepare(slice, preparation),
  validate: validateResourceSlice,
  validateUpdate: validateResourceSliceUpdate,
  warnings({ spec: { driver } }) {
    if (driver === driver.toLowerCase()) return [];
    return [`spec.driver: driver names should be lowercase; ${quote(driver)} contains uppercase characters`];
  },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Node'), text('Driver'), text('Pool'), AGE],
    cells: (slice, nowMs) => [
      slice.metadata.name ?? '',
      slice.spec.nodeName ?? '',
      slice.spec.driver,
      slice.spec.pool.name,
      age(slice, nowMs),
    ],
  },
};

/** Notes when taints came, and drops what belongs to features that are off by default. */
function prepare(slice: Draft<ResourceSlice>, { now }: Preparation): void {
  for (const device of slice.spec?.devices ?? []) {
    for (const taint of device.taints ?? []) taint.timeAdded ??= now;
    delete device.nodeAllocatableResourceMappings;
    for (const attribute of Object.values(device.attributes ?? {})) for (const field of LISTS) delete attribute[field];
  }
}

const LISTS = ['bools', 'ints', 'strings', 'versions'] as const;
