/**
 * Sees to it that a Pod's claims get volumes which its node can reach: bound ones are looked at, claims that wait for a
 * consumer are matched with free volumes or sent to their provisioner once a node is chosen.
 * Invariant: what a node was chosen for is written at the same instant, so no volume is chosen twice.
 * Counterpart: plugins/volumebinding. It scores only with the feature StorageCapacityScoring, which is off in 1.36.
 */
import type { Json } from '../../../../base/json.ts';
import { volumeClass } from '../../../../api/core/persistentvolume/matching.ts';
import type { PersistentVolume } from '../../../../api/schema/types/core/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { VolumeBindingArgs } from '../../../apis/config/types.ts';
import type { BindingWait, Plugin } from '../../interface.ts';
import { SKIP, unresolvable } from '../../status.ts';
import { checkBindings, writeBindings, type BindingPlan } from './bind.ts';
import { classifyClaims, problemWithClaims, type PodClaims } from './claims.ts';
import { VOLUME_EVENTS } from './events.ts';
import { findPodVolumes, FREE_VOLUMES } from './find.ts';

const STATE = 'VolumeBinding';
const UNBOUND_IMMEDIATE = unresolvable('pod has unbound immediate PersistentVolumeClaims');

export function createVolumeBinding({ bindTimeoutSeconds = 600 }: VolumeBindingArgs = {}): Plugin {
  // The real scheduler looks once a second whether the volumes are there.
  const wait: BindingWait = {
    everyMs: 1_000,
    timeoutMs: bindTimeoutSeconds * 1000,
    timedOut: 'binding volumes: context deadline exceeded',
  };
  return {
    name: 'VolumeBinding',
    indexes: [{ resource: 'persistentvolumes', name: FREE_VOLUMES, keys: (object) => keysOf(object as PersistentVolume) }],
    events: VOLUME_EVENTS,
    preFilter: (state, pod, { reader }) => {
      const problem = problemWithClaims(reader, pod);
      if (problem === 'none') return SKIP;
      if (problem !== undefined) return unresolvable(problem);
      const claims = classifyClaims(reader, pod);
      if (claims.immediate > 0) return UNBOUND_IMMEDIATE;
      state.set(STATE, claims);
      return undefined;
    },
    filter: (state, _pod, node, { reader }) => {
      const found = findPodVolumes(reader, claimsIn(state), node.node);
      return found.refusal;
    },
    preBindPreFlight: (state, _pod, node, { reader }) => {
      const claims = state.get(STATE) as PodClaims | undefined;
      if (claims === undefined || claims.delayed.length === 0) return undefined;
      const { bindings, provisions } = findPodVolumes(reader, claims, node.node);
      const keys = [...bindings.map(({ claim }) => claim), ...provisions];
      return { claims: keys, plan: { bindings, provisions } satisfies BindingPlan as unknown as Json, wait };
    },
    preBind: (plan, _pod, node, handle) => writeBindings(plan as unknown as BindingPlan, node, handle),
    preBindDone: (plan, _pod, node, { reader, nodeInfo }) => checkBindings(reader, plan as unknown as BindingPlan, nodeInfo(node)?.node),
  };
}

function claimsIn(state: ReadonlyMap<string, unknown>): PodClaims {
  return (state.get(STATE) as PodClaims | undefined) ?? { bound: [], delayed: [], immediate: 0 };
}

/** Free volumes are found by their class, reserved ones by their claim. */
function keysOf(volume: PersistentVolume): readonly string[] {
  const { claimRef } = volume.spec ?? {};
  return [claimRef === undefined ? `class:${volumeClass(volume)}` : `claim:${objectKey(claimRef.namespace, claimRef.name ?? '')}`];
}
