/**
 * Asks the cloud about nodes that have fallen silent: the Node of an instance that is gone is deleted, one that is stopped is tainted.
 * Invariant: a Node that is ready, or that is no instance of the cloud, is not asked about. It looks every five seconds, as far as there is
 * something to see. Counterpart: k8s.io/cloud-provider/controllers/nodelifecycle.
 */
import { concernsNode, isActive } from '../../api/kubepad/fault/match.ts';
import { isTerminated } from '../../api/kubepad/nodepool/label.ts';
import { FAULTS } from '../../api/kubepad/types.ts';
import { isNodeReady, readyStatus } from '../../api/core/node/readiness.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { objectReference, type Client } from '../../client/client.ts';
import { removeTaint } from '../../client/taints.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const PERIOD_MS = 5_000;
const SHUTDOWN = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' } as const;
const LOOK = 'look';

export function createCloudNodeLifecycleController(context: ControllerContext): Controller {
  const waiting = new Set<string>();
  return {
    watches: [watch(NODES, (node, previous, deleted) => (!deleted && concerns(node, previous) ? [node.metadata.name ?? ''] : []))],
    reconcile: (name) => {
      if (waiting.has(name)) return undefined;
      waiting.add(name);
      const at = (Math.floor(context.now() / PERIOD_MS) + 1) * PERIOD_MS;
      context.setTimer({ at, type: LOOK, key: name, background: !isLost(context, name) });
      return undefined;
    },
    timer: (_type, name) => {
      waiting.delete(name);
      look(context, name);
    },
    checkpoint: () => [...waiting],
    restore: (state) => {
      waiting.clear();
      for (const name of (state ?? []) as readonly string[]) waiting.add(name);
    },
  };
}

function look({ client, events }: ControllerContext, name: string): void {
  const node = client.get(NODES, '', name);
  if (node === undefined || !isInstance(node)) return;
  if (isNodeReady(node)) {
    if (isTainted(node)) removeTaint(client, name, SHUTDOWN.key);
  } else if (isTerminated(node)) {
    const message = `Deleting node ${name} because it does not exist in the cloud provider`;
    events.event(objectReference(NODES, node), 'Normal', 'DeletingNode', message);
    client.delete(NODES, '', name);
  } else if (!isTainted(node) && isStopped(client, node)) {
    client.modify(NODES, '', name, (copy) => {
      const spec = (copy.spec ??= {});
      spec.taints = [...(spec.taints ?? []), SHUTDOWN];
    });
  }
}

function isLost({ client }: ControllerContext, name: string): boolean {
  const node = client.get(NODES, '', name);
  return node !== undefined && isTerminated(node);
}

/** Whether a change may be one that the cloud has to be asked about. */
function concerns(node: Node, previous: Node | undefined): boolean {
  if (!isInstance(node)) return false;
  const status = readyStatus(node);
  if (status === 'True') return isTainted(node);
  if (status === undefined) return false;
  return previous === undefined || readyStatus(previous) !== status || isTerminated(previous) !== isTerminated(node);
}

function isInstance({ spec }: Node): boolean {
  return (spec?.providerID ?? '') !== '';
}

/** Shut down in order and off, but still the cloud's; a machine that has failed is running to the cloud. */
function isStopped(client: Client, node: Node): boolean {
  if (readyStatus(node) !== 'Unknown') return false;
  return client.list(FAULTS).some((fault) => fault.spec?.type === 'NodeShutdown' && isActive(fault) && concernsNode(fault, node));
}

function isTainted({ spec }: Node): boolean {
  return spec?.taints?.some(({ key }) => key === SHUTDOWN.key) === true;
}
