/**
 * CSIDrivers: what a storage driver of the CSI kind needs and can do.
 * Invariant: whether volumes are attached, and their life cycles, never change.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/csidriver.
 */
import type { Draft } from '../../../base/json.ts';
import { jsonEqual } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, boolean, NAME, text } from '../../columns.ts';
import { CSIDRIVERS } from '../../schema/resources.ts';
import type { CSIDriver } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateCSIDriver, validateCSIDriverUpdate } from './validation.ts';

export const CSIDRIVER_STRATEGY: Strategy<CSIDriver> = {
  resource: CSIDRIVERS,
  singular: 'csidriver',
  shortNames: [],
  categories: [],
  // It has none until the first change, which makes it 1.
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults: defaultCSIDriver,
  prepareForUpdate(driver, old) {
    if (!jsonEqual(driver.spec, old.spec)) driver.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateCSIDriver,
  validateUpdate: validateCSIDriverUpdate,
  warnings: tokenWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [
      NAME,
      boolean('AttachRequired'),
      boolean('PodInfoOnMount'),
      boolean('StorageCapacity'),
      text('TokenRequests'),
      boolean('RequiresRepublish'),
      text('Modes'),
      AGE,
    ],
    cells: (driver, nowMs) => [
      driver.metadata.name ?? '',
      driver.spec.attachRequired !== false,
      driver.spec.podInfoOnMount === true,
      driver.spec.storageCapacity === true,
      driver.spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
      driver.spec.requiresRepublish === true,
      (driver.spec.volumeLifecycleModes ?? []).join(',') || '<none>',
      age(driver, nowMs),
    ],
  },
};

function defaultCSIDriver(driver: Draft<CSIDriver>): void {
  const spec = ((driver as Partial<Draft<CSIDriver>>).spec ??= {});
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

/** An update that does not touch the tokens is let alone. */
function tokenWarnings({ spec }: CSIDriver, old: CSIDriver | undefined): readonly string[] {
  if ((spec.tokenRequests ?? []).length === 0 || spec.serviceAccountTokenInSecrets !== undefined) return [];
  const touched = !jsonEqual(spec.tokenRequests, old?.spec.tokenRequests) || old?.spec.serviceAccountTokenInSecrets !== undefined;
  return touched ? [TOKENS_WARNING] : [];
}

const TOKENS_WARNING =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
