import { draft, type Draft } from '../../base/json.ts';
import { LEASES, NODES } from '../../api/schema/resources.ts';
import type { Node, NodeCondition } from '../../api/schema/types/core/v1.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const LEASE_NAMESPACE = 'kube-node-lease';
const WATCHED: readonly string[] = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
const DEFAULT_GRACE_MS = 50_000;
const DEFAULT_STARTUP_GRACE_MS = 60_000;

/** What the monitor remembers of a node, by name: it outlives the Node object, as in the real controller. */
export interface NodeHealth {
  /** When a sign of life was last noticed, milliseconds since 1970. */
  probedAt: number;
  /** The Ready condition's lastHeartbeatTime; undefined if the node has never posted it. */
  heartbeat: string | undefined;
  hasReady: boolean;
  renewTime: string | undefined;
  /** The status of Ready as the monitor left it. */
  ready: string | undefined;
}

/** Ready before and after the monitor's look. */
export interface Observation {
  readonly before: string;
  /** Undefined while nobody has written the condition. */
  readonly after: string | undefined;
  readonly node: Node;
}

/**
 * Looks for a sign of life (a newer heartbeat in Ready, a renewed lease) and gives up on a node after the grace period: all its conditions become
 * Unknown. A node that never said anything has the start-up grace.
 * Worked example: lease renewed at 0:00 and noticed by the look at 0:03; looks every 5 s; grace 50 s: the look at 0:53 is not
 * later than 0:53, the one at 0:58 is, so the node is Unknown 58 s after its last renewal.
 * Counterpart: tryUpdateNodeHealth.
 */
export function checkHealth(context: ControllerContext, node: Node, known: Map<string, NodeHealth>): Observation {
  const name = node.metadata.name ?? '';
  const now = context.now();
  const ready = readyCondition(node);
  const health = noteHeartbeat(known, node, ready, now);
  const renewTime = context.client.get(LEASES, LEASE_NAMESPACE, name)?.spec?.renewTime;
  if (renewTime !== undefined && (health.renewTime === undefined || parseTime(renewTime) > parseTime(health.renewTime))) {
    health.renewTime = renewTime;
    health.probedAt = now;
  }
  const before = ready?.status ?? 'Unknown';
  const { nodeMonitorGracePeriodMs = DEFAULT_GRACE_MS, nodeStartupGracePeriodMs = DEFAULT_STARTUP_GRACE_MS } = context.options;
  const grace = ready === undefined ? nodeStartupGracePeriodMs : nodeMonitorGracePeriodMs;
  const observed = now > health.probedAt + grace ? giveUp(context, node, ready) : node;
  const after = readyCondition(observed);
  health.heartbeat = after?.lastHeartbeatTime;
  health.hasReady = after !== undefined;
  health.ready = after?.status;
  return { before, after: after?.status, node: observed };
}

export function readyCondition(node: Node): NodeCondition | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready');
}

function noteHeartbeat(known: Map<string, NodeHealth>, node: Node, ready: NodeCondition | undefined, now: number): NodeHealth {
  const name = node.metadata.name ?? '';
  const health = known.get(name);
  const heartbeat = ready?.lastHeartbeatTime;
  if (health === undefined) {
    const created = parseTime(node.metadata.creationTimestamp ?? '');
    const made: NodeHealth = {
      probedAt: ready === undefined ? created : now,
      heartbeat,
      hasReady: ready !== undefined,
      renewTime: undefined,
      ready: undefined,
    };
    known.set(name, made);
    return made;
  }
  if (health.hasReady !== (ready !== undefined) || (ready !== undefined && health.heartbeat !== heartbeat)) health.probedAt = now;
  return health;
}

function giveUp(context: ControllerContext, node: Node, ready: NodeCondition | undefined): Node {
  if (ready?.status === 'Unknown') return node;
  const copy = draft(node);
  const conditions = ((copy.status ??= {}).conditions ??= []);
  const time = formatTime(context.now());
  for (const type of WATCHED) {
    const current = conditions.find((condition) => condition.type === type);
    if (current === undefined) conditions.push(neverUpdated(type, node, time));
    else if (current.status !== 'Unknown') {
      Object.assign(current, {
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: time,
      });
    }
  }
  return context.client.updateStatus(NODES, copy);
}

function neverUpdated(type: string, node: Node, time: string): Draft<NodeCondition> {
  return {
    type,
    status: 'Unknown',
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    ...(node.metadata.creationTimestamp === undefined ? {} : { lastHeartbeatTime: node.metadata.creationTimestamp }),
    lastTransitionTime: time,
  };
}
