/**
 * ResourceClaimTemplates: the claims that are made for Pods.
 * Invariant: a template never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate.
 */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME } from '../../columns.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { validateTemplateMeta } from '../../core/pod/volumeClaimTemplate.ts';
import { RESOURCECLAIMTEMPLATES } from '../../schema/resources.ts';
import type { ResourceClaimTemplate, ResourceClaimTemplateSpec } from '../../schema/types/resource/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateAdminAccess } from '../adminAccess.ts';
import type { DeviceOptions } from '../configuration.ts';
import { defaultDeviceClaim, validateDeviceClaim } from '../deviceClaim.ts';

export const RESOURCECLAIMTEMPLATE_STRATEGY: Strategy<ResourceClaimTemplate> = {
  resource: RESOURCECLAIMTEMPLATES,
  singular: 'resourceclaimtemplate',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: (template) => defaultDeviceClaim(template.spec?.spec?.devices),
  // The server reports the access of administrators at the place that a claim would have.
  validate: (template, surroundings) => [
    ...validateAdminAccess(template.spec?.spec?.devices, surroundings),
    ...validateSpec(template.spec, {}),
  ],
  validateUpdate(template, old) {
    const errors = validateSpec(template.spec, { stored: true });
    if (!jsonEqual(template.spec, old.spec))
      errors.push(invalid(Path.of('spec'), internalValue('ResourceClaimTemplateSpec', template.spec ?? {}), FIELD_IMMUTABLE));
    return errors;
  },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, AGE],
    cells: (template, nowMs) => [template.metadata.name ?? '', age(template, nowMs)],
  },
};

function validateSpec(spec: ResourceClaimTemplateSpec | undefined, options: DeviceOptions): FieldError[] {
  const errors: FieldError[] = [];
  validateTemplateMeta(errors, spec?.metadata ?? {}, Path.of('spec', 'metadata'));
  validateDeviceClaim(errors, spec?.spec?.devices ?? {}, Path.of('spec', 'spec', 'devices'), options);
  return errors;
}
