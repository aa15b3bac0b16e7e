/**
 * DeviceClasses: kinds of devices that can be asked for.
 * Invariant: selectors and configuration that did not change are not judged again.
 * Counterpart: k8s.io/kubernetes/pkg/registry/resource/deviceclass.
 */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isLongName } from '../../../apimachinery/validation/names.ts';
import { age, AGE, NAME } from '../../columns.ts';
import { isExtended } from '../../core/pod/resourceNames.ts';
import { DEVICECLASSES } from '../../schema/resources.ts';
import type { DeviceClass } from '../../schema/types/resource/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { MAX_CONFIGURATIONS, validateConfiguration, validateSelectors } from '../configuration.ts';
import { validateList } from '../lists.ts';

export const DEVICECLASS_STRATEGY: Strategy<DeviceClass> = {
  resource: DEVICECLASSES,
  singular: 'deviceclass',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: (name) => isLongName(name),
  validate: (deviceClass) => validateDeviceClass(deviceClass, undefined),
  validateUpdate: validateDeviceClass,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, AGE],
    cells: (deviceClass, nowMs) => [deviceClass.metadata.name ?? '', age(deviceClass, nowMs)],
  },
};

function validateDeviceClass(deviceClass: DeviceClass, old: DeviceClass | undefined): ErrorList {
  const errors: FieldError[] = [];
  const { selectors, config, extendedResourceName: name } = deviceClass.spec ?? {};
  validateSelectors(errors, selectors, SPEC, { stored: old !== undefined && jsonEqual(selectors, old.spec?.selectors) });
  const stored = old !== undefined && jsonEqual(config, old.spec?.config);
  validateList(errors, config, MAX_CONFIGURATIONS, SPEC.child('config'), (to, one, path) =>
    validateConfiguration(to, one, path, { stored }),
  );
  if (name !== undefined && !isExtended(name))
    errors.push(invalid(SPEC.child('extendedResourceName'), name, 'must be a valid extended resource name'));
  return errors;
}

const SPEC = Path.of('spec');
