/**
 * Binds claims to volumes, asks provisioners for new ones, and takes volumes back.
 * Invariant: a binding is two references that name each other by uid; each side is written by itself and the other is
 * made up for at the next look, so that a stop between the two loses nothing.
 * Counterpart: k8s.io/kubernetes/pkg/controller/volume/persistentvolume.
 */
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, PODS, STORAGECLASSES } from '../../api/schema/resources.ts';
import { keyOf, objectKey, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller, type Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { syncClaim } from './claim.ts';
import { INDEX_CLAIM, INDEX_UNBOUND, INDEX_VOLUME_NAME, isUnbound } from './indexes.ts';
import { syncVolume } from './volume.ts';

/** Requests about volumes have this form; a claim's key has no colon. */
const VOLUME = 'volume:';
/** What is not in order yet is looked at again this often. */
const RESYNC_MS = 15_000;

export function createPersistentVolumeController(context: ControllerContext): Controller {
  const { client } = context;
  const unbound = (): readonly string[] => client.byIndex(PERSISTENTVOLUMECLAIMS, INDEX_UNBOUND, '').map((claim) => keyOf(claim));
  return {
    for: PERSISTENTVOLUMECLAIMS,
    watches: [
      watch(PERSISTENTVOLUMECLAIMS, (claim, previous) => [
        ...[claim, previous].flatMap((state) => (state?.spec?.volumeName === undefined ? [] : [`${VOLUME}${state.spec.volumeName}`])),
        ...client.byIndex(PERSISTENTVOLUMES, INDEX_CLAIM, keyOf(claim)).map(({ metadata }) => `${VOLUME}${metadata.name ?? ''}`),
      ]),
      watch(PERSISTENTVOLUMES, (volume, _previous, deleted) => {
        const name = volume.metadata.name ?? '';
        const named = client.byIndex(PERSISTENTVOLUMECLAIMS, INDEX_VOLUME_NAME, name).map((claim) => keyOf(claim));
        const reference = volume.spec?.claimRef;
        const reserved = reference === undefined ? [] : [objectKey(reference.namespace, reference.name ?? '')];
        const isFree = !deleted && volume.status?.phase === 'Available';
        return [...(deleted ? [] : [`${VOLUME}${name}`]), ...named, ...reserved, ...(isFree ? unbound() : [])];
      }),
      watch(STORAGECLASSES, unbound),
      // What a claim that waits for its consumer is told depends on the Pods that name it.
      watch(PODS, (pod, previous) =>
        previous?.spec?.nodeName === pod.spec?.nodeName && previous !== undefined
          ? []
          : (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) => {
              const key = source === undefined ? '' : objectKey(pod.metadata.namespace, source.claimName);
              const claim =
                source === undefined ? undefined : client.get(PERSISTENTVOLUMECLAIMS, pod.metadata.namespace ?? '', source.claimName);
              return claim !== undefined && isUnbound(claim) ? [key] : [];
            }),
      ),
    ],
    reconcile: (key) => {
      if (key.startsWith(VOLUME)) {
        const volume = client.get(PERSISTENTVOLUMES, '', key.slice(VOLUME.length));
        if (volume !== undefined) syncVolume(context, volume);
        return undefined;
      }
      const { namespace, name } = splitKey(key);
      const claim = client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
      return claim === undefined ? undefined : again(syncClaim(context, claim));
    },
  };
}

function again(settled: boolean): Result | undefined {
  return settled ? undefined : { requeueAfterMs: RESYNC_MS, background: true };
}
