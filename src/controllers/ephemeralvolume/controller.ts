/**
 * Makes the claims of Pods' generic ephemeral volumes; they belong to the Pod and go with it.
 * Invariant: a claim of that name which the Pod does not own is never used for it.
 * Counterpart: k8s.io/kubernetes/pkg/controller/volume/ephemeral.
 */
import { draft } from '../../base/json.ts';
import { PERSISTENTVOLUMECLAIMS, PODS } from '../../api/schema/resources.ts';
import type { Pod, Volume } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { RetryError, watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isControlledBy, newControllerRef } from '../util/controllerRef.ts';

export function createEphemeralVolumeController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    watches: [
      watch(PODS, (pod, previous, deleted) =>
        deleted || previous !== undefined || !hasEphemeralVolume(pod) || pod.metadata.deletionTimestamp !== undefined ? [] : [keyOf(pod)],
      ),
      // The Pod may make a new claim when one that was in its way goes.
      watch(PERSISTENTVOLUMECLAIMS, (claim, _previous, deleted) => {
        const owner = claim.metadata.ownerReferences?.find(({ controller, kind }) => controller === true && kind === PODS.kind);
        return deleted && owner !== undefined ? [`${claim.metadata.namespace ?? ''}/${owner.name}`] : [];
      }),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = client.get(PODS, namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      for (const volume of pod.spec?.volumes ?? []) if (volume.ephemeral !== undefined) makeClaim(context, pod, volume);
      return undefined;
    },
  };
}

function hasEphemeralVolume({ spec }: Pod): boolean {
  return spec?.volumes?.some(({ ephemeral }) => ephemeral !== undefined) === true;
}

/** @throws RetryError after it has said what is in the way */
function makeClaim({ client, events }: ControllerContext, pod: Pod, { name: volume, ephemeral }: Volume): void {
  const { namespace = '', name: podName = '' } = pod.metadata;
  const name = `${podName}-${volume}`;
  const fail = (problem: string): never => {
    events.event(objectReference(PODS, pod), 'Warning', 'FailedBinding', `ephemeral volume ${volume}: ${problem}`);
    throw new RetryError(problem);
  };
  const existing = client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
  if (existing !== undefined) {
    if (!isControlledBy(existing, pod)) fail(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`);
    return;
  }
  const template = ephemeral?.volumeClaimTemplate;
  if (template === undefined) return;
  const { annotations, labels } = draft(template.metadata ?? {});
  try {
    client.create(PERSISTENTVOLUMECLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        ...(annotations === undefined ? {} : { annotations }),
        ...(labels === undefined ? {} : { labels }),
        ownerReferences: [draft(newControllerRef(PODS, pod))],
      },
      spec: draft(template.spec),
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    fail(`create PVC ${name}: ${error.message}`);
  }
}
