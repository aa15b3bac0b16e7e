/**
 * Keeps a ConfigMap that says since which day the use of tokens in Secrets is noted.
 * Invariant: the day never changes as long as it can be read; taken away, it is made anew, at most every half an hour.
 * Counterpart: k8s.io/kubernetes/pkg/controlplane/controller/legacytokentracking.
 */
import type { Json } from '../../base/json.ts';
import { CONFIGMAPS } from '../../api/schema/resources.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import {
  dayOf,
  parseDay,
  TRACKING_CONFIGMAP,
  TRACKING_KEY,
  TRACKING_NAMESPACE,
} from '../../apiserver/authentication/serviceaccount/legacy.ts';
import { APISERVER } from '../../apiserver/bootstrap.ts';
import { Client } from '../../client/client.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const KEY = `${TRACKING_NAMESPACE}/${TRACKING_CONFIGMAP}`;
const CREATION_PERIOD_MS = 1_800_000;

export function createLegacyTokenTracking(context: ControllerContext): Controller {
  // It is the API server itself that writes.
  const client = new Client(context.client.api, APISERVER.user.name, APISERVER.user.groups, APISERVER.fieldManager);
  let createdMs: number | undefined;
  return {
    watches: [watch(CONFIGMAPS, (configMap) => (keyOf(configMap) === KEY ? [KEY] : []))],
    start: () => context.enqueue(KEY),
    reconcile: () => {
      const stored = client.get(CONFIGMAPS, TRACKING_NAMESPACE, TRACKING_CONFIGMAP);
      const now = context.now();
      if (stored !== undefined) {
        if (parseDay(stored.data?.[TRACKING_KEY]) !== undefined) return undefined;
        client.modify(CONFIGMAPS, TRACKING_NAMESPACE, TRACKING_CONFIGMAP, (copy) => void ((copy.data ??= {})[TRACKING_KEY] = dayOf(now)));
        return undefined;
      }
      const left = createdMs === undefined ? 0 : createdMs + CREATION_PERIOD_MS - now;
      if (left > 0) return { requeueAfterMs: left, background: true };
      const metadata = { name: TRACKING_CONFIGMAP, namespace: TRACKING_NAMESPACE };
      client.create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [TRACKING_KEY]: dayOf(now) } });
      createdMs = now;
      return undefined;
    },
    checkpoint: () => createdMs ?? null,
    restore: (state: Json) => {
      createdMs = (state as number | null) ?? undefined;
    },
  };
}
