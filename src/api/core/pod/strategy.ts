/**
 * Pods: the unit that is scheduled and run.
 * Invariant: after creation next to nothing of the spec changes; the status is the kubelet's.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { PODS } from '../../schema/resources.ts';
import type { Pod } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { POD_TABLE } from './columns.ts';
import { defaultPod } from './defaults.ts';
import { prepareEphemeralContainersUpdate, validateEphemeralContainersUpdate } from './ephemeral.ts';
import { appArmorWarnings, preparePodForCreate, preparePodForUpdate } from './prepare.ts';
import { prepareResize, validateResize } from './resize.ts';
import { validatePodStatusUpdate } from './status.ts';
import { validatePodUpdate } from './update.ts';
import { validatePod } from './validation.ts';
import { podWarnings } from './warnings.ts';

export const POD_STRATEGY: Strategy<Pod> = {
  resource: PODS,
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultPod,
  prepareForCreate: preparePodForCreate,
  prepareForUpdate: preparePodForUpdate,
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  // Updates come from controllers and kubelets rather than from people; the server does not warn them.
  warnings: (pod, old) => (old ? [] : podWarnings(pod)),
  warningsWhenRefused: appArmorWarnings,
  status: { validateUpdate: validatePodStatusUpdate },
  subresources: {
    ephemeralcontainers: { prepareForUpdate: prepareEphemeralContainersUpdate, validateUpdate: validateEphemeralContainersUpdate },
    resize: { prepareForUpdate: prepareResize, validateUpdate: validateResize },
  },
  gracePeriodSeconds,
  defaultPropagation: 'Background',
  table: POD_TABLE,
};

/**
 * A Pod that no kubelet knows, or whose containers have all ended, needs no time to end; any other has what it asks
 * for unless the request says otherwise.
 */
function gracePeriodSeconds(pod: Pod, asked: number | undefined): number {
  const phase = pod.status?.phase;
  if (!pod.spec?.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
  const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}
