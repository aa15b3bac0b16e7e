/**
 * Deployments: a template that is rolled out.
 * Invariant: the selector never changes and always matches the template.
 * Counterpart: k8s.io/kubernetes/pkg/registry/apps/deployment.
 */
import { formatSelector, fromLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { jsonEqual } from '../../../base/json.ts';
import { DEPLOYMENTS } from '../../schema/resources.ts';
import type { Deployment } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { podOwnerWarnings } from '../warnings.ts';
import { DEPLOYMENT_TABLE } from './columns.ts';
import { defaultDeployment } from './defaults.ts';
import { validateDeployment, validateDeploymentStatusUpdate, validateDeploymentUpdate } from './validation.ts';

export const DEPLOYMENT_STRATEGY: Strategy<Deployment> = {
  resource: DEPLOYMENTS,
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultDeployment,
  prepareForCreate(deployment) {
    deployment.status = {};
  },
  // Changed annotations count as a new generation too; those of the spec are counted for every kind.
  prepareForUpdate(deployment, old) {
    if (jsonEqual(deployment.metadata.annotations ?? {}, old.metadata.annotations ?? {})) return;
    deployment.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  warnings: podOwnerWarnings,
  status: { validateUpdate: validateDeploymentStatusUpdate },
  scale: {
    get: (deployment) => ({
      specReplicas: deployment.spec?.replicas ?? 0,
      statusReplicas: deployment.status?.replicas ?? 0,
      selector: formatSelector(fromLabelSelector(deployment.spec?.selector)),
    }),
    set(deployment, replicas) {
      if (deployment.spec !== undefined) deployment.spec.replicas = replicas;
    },
  },
  defaultPropagation: 'Background',
  table: DEPLOYMENT_TABLE,
};
