/**
 * ReplicationControllers: what ReplicaSets were before there were Deployments.
 * Invariant: labels and selector default to those of the template; the selector may change.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/replicationcontroller.
 */
import { required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { formatSelector, fromSet } from '../../../apimachinery/labels/selector.ts';
import { validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { validateOwnedTemplate } from '../../apps/podTemplate.ts';
import { validateCounts, validateCountsAgree } from '../../apps/status.ts';
import { podOwnerWarnings } from '../../apps/warnings.ts';
import { age, AGE, containerCells, formatLabels, integer, NAME, wide } from '../../columns.ts';
import { REPLICATIONCONTROLLERS } from '../../schema/resources.ts';
import type { ReplicationController } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultPodTemplateSpec } from '../pod/defaults.ts';

export const REPLICATIONCONTROLLER_STRATEGY: Strategy<ReplicationController> = {
  resource: REPLICATIONCONTROLLERS,
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultReplicationController,
  prepareForCreate(controller) {
    controller.status = { replicas: 0 };
  },
  validate: (controller) => validate(controller, undefined),
  validateUpdate: validate,
  warnings: podOwnerWarnings,
  status: { validateUpdate: validateStatusUpdate },
  scale: {
    get: (controller) => ({
      specReplicas: controller.spec?.replicas ?? 0,
      statusReplicas: controller.status?.replicas ?? 0,
      selector: formatSelector(fromSet(controller.spec?.selector)),
    }),
    set(controller, replicas) {
      if (controller.spec !== undefined) controller.spec.replicas = replicas;
    },
  },
  defaultPropagation: 'Orphan',
  table: {
    columns: [NAME, integer('Desired'), integer('Current'), integer('Ready'), AGE, wide('Containers'), wide('Images'), wide('Selector')],
    cells: (controller, nowMs) => [
      controller.metadata.name ?? '',
      controller.spec?.replicas ?? 0,
      controller.status?.replicas ?? 0,
      controller.status?.readyReplicas ?? 0,
      age(controller, nowMs),
      ...containerCells(controller.spec?.template),
      formatLabels(controller.spec?.selector),
    ],
  },
};

function defaultReplicationController(controller: Draft<ReplicationController>): void {
  const spec = (controller.spec ??= {});
  const labels = spec.template?.metadata.labels;
  if (labels !== undefined) {
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (Object.keys(controller.metadata.labels ?? {}).length === 0) controller.metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  defaultPodTemplateSpec(spec.template);
}

function validate(controller: ReplicationController, old: ReplicationController | undefined): ErrorList {
  const { replicas = 0, minReadySeconds = 0, selector, template } = controller.spec ?? {};
  const errors: FieldError[] = [...validateNonnegative(minReadySeconds, SPEC.child('minReadySeconds'))];
  if (Object.keys(selector ?? {}).length === 0) errors.push(required(SPEC.child('selector'), ''));
  errors.push(...validateNonnegative(replicas, SPEC.child('replicas')));
  const path = SPEC.child('template');
  if (template === undefined) errors.push(required(path, ''));
  else {
    const owned = { template, old: old?.spec?.template, selector: fromSet(selector), replicas, owner: 'ReplicationController' } as const;
    validateOwnedTemplate(errors, owned, path);
  }
  return errors;
}

function validateStatusUpdate(controller: ReplicationController): ErrorList {
  const errors: FieldError[] = [];
  const status = { ...controller.status };
  const counts = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
  validateCounts(errors, status, ['replicas', ...counts, 'observedGeneration']);
  validateCountsAgree(errors, status, counts);
  return errors;
}

const SPEC = Path.of('spec');
