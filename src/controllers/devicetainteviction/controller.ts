/**
 * Deletes Pods that use devices with a NoExecute taint which their claims do not tolerate, or no longer.
 * Invariant: a Pod has at most one pending deletion, at the earliest time that one of its devices' taints asks for.
 * Counterpart: k8s.io/kubernetes/pkg/controller/devicetainteviction, without the rules of an API that is off by default.
 */
import { jsonEqual, type Json } from '../../base/json.ts';
import { PODS, RESOURCECLAIMS, RESOURCESLICES } from '../../api/schema/resources.ts';
import type { ResourceClaim, ResourceSlice } from '../../api/schema/types/resource/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setPodCondition } from '../util/podCondition.ts';
import { evictionTime } from './evictionTime.ts';
import { CLAIMS_OF_POOL, poolOf } from './indexes.ts';

const EVICT = 'evict';
const REASON = 'DeviceTaintManagerEviction';

export function createDeviceTaintEvictionController(context: ControllerContext): Controller {
  const { client, events } = context;
  /** By Pod: its timer, and when that is due. */
  const pending = new Map<string, { readonly timer: number; readonly at: number }>();

  const cancel = (key: string): boolean => {
    const eviction = pending.get(key);
    if (eviction !== undefined) context.cancelTimer(eviction.timer);
    return pending.delete(key);
  };
  const evict = (key: string): void => {
    const { namespace, name } = splitKey(key);
    const pod = client.get(PODS, namespace, name);
    if (pod === undefined) return;
    events.event(objectReference(PODS, pod), 'Normal', REASON, 'Marking for deletion');
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByDeviceTaintManager',
      message: 'Device Taint manager: deleting due to NoExecute taint',
    } as const;
    client.modify(PODS, namespace, name, (copy) => void setPodCondition(copy, condition, context.now()), 'status');
    client.delete(PODS, namespace, name);
  };

  return {
    watches: [
      watch(RESOURCESLICES, (slice, previous) => {
        if (jsonEqual(taintsOf(slice), previous === undefined ? [] : taintsOf(previous))) return [];
        const { driver, pool } = slice.spec;
        return client.byIndex(RESOURCECLAIMS, CLAIMS_OF_POOL, poolOf({ driver, pool: pool.name })).flatMap(podsOf);
      }),
      watch(RESOURCECLAIMS, (claim, previous) => (previous?.status === claim.status ? [] : podsOf(claim))),
      watch(PODS, (pod, previous, deleted) => {
        if (pod.spec?.resourceClaims === undefined) return [];
        const isSame = previous?.spec === pod.spec && previous?.metadata.deletionTimestamp === pod.metadata.deletionTimestamp;
        return deleted || !isSame ? [keyOf(pod)] : [];
      }),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = client.get(PODS, namespace, name);
      const at = pod === undefined ? undefined : evictionTime(client, pod);
      if (at !== undefined && pending.get(key)?.at === at) return undefined;
      const wasPending = cancel(key);
      if (at === undefined) {
        const isAlive = pod !== undefined && pod.metadata.deletionTimestamp === undefined;
        if (wasPending && isAlive) events.event(objectReference(PODS, pod), 'Normal', REASON, 'Cancelling deletion');
      } else if (at <= context.now()) evict(key);
      else pending.set(key, { timer: context.setTimer({ at, type: EVICT, key, background: false }), at });
      return undefined;
    },
    timer: (_type, key) => {
      pending.delete(key);
      evict(key);
    },
    checkpoint: () => [...pending].map(([key, eviction]) => [key, { ...eviction }]),
    restore: (state: Json) => {
      pending.clear();
      for (const [key, eviction] of state as unknown as readonly [string, { timer: number; at: number }][]) pending.set(key, eviction);
    },
  };
}

function taintsOf({ spec }: ResourceSlice): Json {
  const tainted = (spec.devices ?? []).filter(({ taints }) => taints?.some(({ effect }) => effect === 'NoExecute') === true);
  return tainted.map(({ name, taints }) => [name, taints]) as unknown as Json;
}

function podsOf({ metadata, status }: ResourceClaim): readonly string[] {
  return (status?.reservedFor ?? []).flatMap(({ resource, name }) => (resource === 'pods' ? [`${metadata.namespace ?? ''}/${name}`] : []));
}
