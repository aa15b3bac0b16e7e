/**
 * Keeps one Pod of every DaemonSet on every node that takes it.
 * Invariant: a Pod is made for one node by name; the scheduler only binds it there.
 * Counterpart: k8s.io/kubernetes/pkg/controller/daemon.
 */
import { jsonEqual, type Json } from '../../base/json.ts';
import { CONTROLLERREVISIONS, DAEMONSETS, NODES, PODS } from '../../api/schema/resources.ts';
import type { ControllerRevision, DaemonSet } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { syncHistory, truncateHistory } from '../history/history.ts';
import { watch, type Controller, type Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { orphanWatch } from '../util/orphanWatch.ts';
import { isPodFinished } from '../util/podUtil.ts';
import { claim } from '../util/refManager.ts';
import { FailedPodsBackoff, FORGET } from './failedPodsBackoff.ts';
import { manage } from './manage.ts';
import { placementOf, targetNode } from './placement.ts';
import { rollingUpdate } from './rolling.ts';
import { syncStatus } from './status.ts';
import type { DaemonView } from './view.ts';

const HASH_LABEL = 'controller-revision-hash';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export function createDaemonSetController(context: ControllerContext): Controller {
  const { client } = context;
  const backoff = new FailedPodsBackoff(context);
  return {
    for: DAEMONSETS,
    owns: [PODS, CONTROLLERREVISIONS],
    watches: [
      orphanWatch(client, PODS, DAEMONSETS, (set) => set.spec?.selector),
      watch(NODES, (node, previous) =>
        previous !== undefined && jsonEqual(visible(node), visible(previous)) ? [] : client.list(DAEMONSETS).map(keyOf),
      ),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const set = client.get(DAEMONSETS, namespace, name);
      return set === undefined || set.metadata.deletionTimestamp !== undefined ? undefined : reconcileDaemonSet(context, set, backoff);
    },
    timer: (type) => {
      if (type === FORGET) backoff.forget();
    },
    checkpoint: () => backoff.checkpoint(),
    restore: (state: Json) => backoff.restore(state),
  };
}

function reconcileDaemonSet(context: ControllerContext, set: DaemonSet, backoff: FailedPodsBackoff): Result | undefined {
  const { client } = context;
  const history = syncHistory(client, {
    type: DAEMONSETS,
    object: set,
    selector: set.spec?.selector,
    template: set.spec?.template ?? { metadata: {} },
    collisionCount: set.status?.collisionCount,
    hashLabel: HASH_LABEL,
  });
  const hash = history.current.metadata.labels?.[HASH_LABEL] ?? '';
  const view = readView(context, set, hash);
  const acted = manage(context, view, backoff);
  if (!acted && set.spec?.updateStrategy?.type !== 'OnDelete') rollingUpdate(context, view);
  const live = new Set([...view.byNode.values()].flat().map(({ metadata }) => metadata.labels?.[HASH_LABEL]));
  const { minReadySeconds = 0, revisionHistoryLimit = 10 } = set.spec ?? {};
  const isLive = ({ metadata }: ControllerRevision): boolean => live.has(metadata.labels?.[HASH_LABEL]);
  truncateHistory(client, history, isLive, { limit: revisionHistoryLimit, countsLive: true });
  const waiting = syncStatus(context, readView(context, set, hash));
  return waiting && minReadySeconds > 0 ? { requeueAfterMs: minReadySeconds * 1000 } : undefined;
}

function readView({ client }: ControllerContext, set: DaemonSet, hash: string): DaemonView {
  const byNode = new Map<string, Pod[]>();
  for (const pod of claim(client, DAEMONSETS, set, PODS, fromLabelSelector(set.spec?.selector))) {
    const node = targetNode(pod);
    // A Pod that has ended and is on its way out holds no place.
    if (node === undefined || (isPodFinished(pod) && pod.metadata.deletionTimestamp !== undefined)) continue;
    const pods = byNode.get(node);
    if (pods === undefined) byNode.set(node, [pod]);
    else pods.push(pod);
  }
  const sorted = new Map([...byNode].sort(([left], [right]) => (left < right ? -1 : 1)));
  const generation = set.metadata.annotations?.[TEMPLATE_GENERATION];
  return { set, nodes: client.list(NODES), placement: placementOf(set), byNode: sorted, hash, generation };
}

/** What of a node decides about Pods on it. */
function visible({ metadata, spec }: Node): unknown {
  return [metadata.labels, spec?.taints, spec?.unschedulable];
}
