/**
 * PodTemplates: a template on its own, for controllers that keep theirs apart.
 * Invariant: what is a valid template inside a workload is valid here.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/podtemplate.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { validateKeepingOld } from '../../apps/podTemplate.ts';
import { containerCells, formatLabels, NAME, text } from '../../columns.ts';
import { PODTEMPLATES } from '../../schema/resources.ts';
import type { PodTemplate, PodTemplateSpec } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultPodTemplateSpec } from '../pod/defaults.ts';
import { podTemplateWarnings } from '../pod/warnings.ts';

export const PODTEMPLATE_STRATEGY: Strategy<PodTemplate> = {
  resource: PODTEMPLATES,
  singular: 'podtemplate',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(podTemplate) {
    podTemplate.template ??= { metadata: {} };
    podTemplate.template.spec ??= { containers: [] };
    defaultPodTemplateSpec(podTemplate.template);
  },
  validate: (podTemplate) => validateKeepingOld(templateOf(podTemplate), undefined, TEMPLATE),
  validateUpdate: (podTemplate, old) => validateKeepingOld(templateOf(podTemplate), templateOf(old), TEMPLATE),
  warnings: (podTemplate) => podTemplateWarnings(podTemplate.template, TEMPLATE),
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Containers'), text('Images'), text('Pod Labels')],
    cells: (podTemplate) => [
      podTemplate.metadata.name ?? '',
      ...containerCells(podTemplate.template),
      formatLabels(podTemplate.template?.metadata.labels),
    ],
  },
};

function templateOf(podTemplate: PodTemplate): PodTemplateSpec {
  return podTemplate.template ?? { metadata: {} };
}

const TEMPLATE = Path.of('template');
