/**
 * Tells kubelets by an annotation of their node for how long they may keep Secrets and ConfigMaps: the longer, the larger the cluster.
 * Invariant: every node carries the value of the present size at its next change. Counterpart: k8s.io/kubernetes/pkg/controller/ttl.
 */
import type { Json } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const ANNOTATION = 'node.alpha.kubernetes.io/ttl';

/** From `from` nodes on while shrinking, up to `to` while growing; the bands overlap so that the value does not flap. */
const BANDS: readonly { readonly from: number; readonly to: number; readonly seconds: number }[] = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: Number.POSITIVE_INFINITY, seconds: 300 },
];

export function createTTLController({ client }: ControllerContext): Controller {
  let band = 0;
  return {
    for: NODES,
    reconcile: (name) => {
      const count = client.api.store.count('nodes');
      while (count > (BANDS[band]?.to ?? 0)) band++;
      while (count < (BANDS[band]?.from ?? 0)) band--;
      const seconds = String(BANDS[band]?.seconds ?? 0);
      if (client.get(NODES, '', name)?.metadata.annotations?.[ANNOTATION] === seconds) return undefined;
      client.modify(NODES, '', name, (node) => {
        (node.metadata.annotations ??= {})[ANNOTATION] = seconds;
      });
      return undefined;
    },
    checkpoint: () => band,
    restore: (state: Json) => {
      band = state as number;
    },
  };
}
