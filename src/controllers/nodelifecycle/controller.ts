/**
 * Watches over nodes: who has fallen silent, and what taints follow from a node's conditions.
 * Invariant: this controller deletes no Pod; it taints nodes, and taint eviction acts on the taints.
 * Counterpart: k8s.io/kubernetes/pkg/controller/nodelifecycle.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { syncLabels } from './labels.ts';
import { Monitor } from './monitor.ts';
import { syncNoScheduleTaints } from './taints.ts';

const DEFAULT_PERIOD_MS = 5_000;
const TICK = 'tick';
const TAINT = 'taint';
/** The first look comes soon after the start, as the real program's does. */
const PASS_MS = 100;

export function createNodeLifecycleController(context: ControllerContext): Controller {
  const { client, options } = context;
  const period = options.nodeMonitorPeriodMs ?? DEFAULT_PERIOD_MS;
  const monitor = new Monitor(context);
  let pass: { readonly at: number; readonly id: number } | undefined;

  /** Sets the timer for the next NoExecute taint that is allowed, if one waits. */
  const schedulePass = (): void => {
    const at = monitor.nextTaintAt();
    if (at === undefined || (pass !== undefined && pass.at <= at)) return;
    if (pass !== undefined) context.cancelTimer(pass.id);
    pass = { at, id: context.setTimer({ at, type: TAINT, key: '', background: false }) };
  };

  return {
    for: NODES,
    watches: [
      watch(PODS, (pod, previous, deleted) => {
        const nodeName = pod.spec?.nodeName ?? '';
        if (!deleted && nodeName !== '' && nodeName !== previous?.spec?.nodeName) monitor.podAssigned(pod, nodeName);
        return [];
      }),
    ],
    start: () => void context.setTimer({ at: context.now() + PASS_MS, type: TICK, key: '', background: true }),
    reconcile: (name) => {
      const node: Node | undefined = client.get(NODES, '', name);
      if (node === undefined) return undefined;
      syncNoScheduleTaints(context, node);
      const stored = client.get(NODES, '', name);
      if (stored !== undefined) syncLabels(context, stored);
      return undefined;
    },
    timer: (type) => {
      if (type === TICK) {
        context.setTimer({ at: context.now() + period, type: TICK, key: '', background: true });
        monitor.look();
      } else pass = undefined;
      monitor.taintWaiting();
      schedulePass();
    },
    checkpoint: () => ({ monitor: monitor.checkpoint(), pass: pass === undefined ? null : { ...pass } }),
    restore: (state: Json) => {
      const memory = state as JsonObject;
      monitor.restore(memory['monitor'] ?? null);
      pass = (memory['pass'] as typeof pass | null) ?? undefined;
    },
  };
}
