import { NODEPOOLS, type NodePoolAutoscalerStatus } from '../../api/kubepad/types.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { Draft } from '../../base/json.ts';
import type { Client } from '../../client/client.ts';
import type { ScaleDownPlanner } from './scaleDown.ts';
import { scaleUpStatus, type GroupReport } from './status.ts';

/** Says on each pool what a person wants to know of it: why it does not grow, and which nodes go or must stay. */
export function reportPools(
  client: Client,
  reports: readonly GroupReport[],
  refusals: ReadonlyMap<string, ReadonlyMap<string, number>>,
  planner: ScaleDownPlanner,
): void {
  for (const report of reports) {
    const { id, nodes } = report.group;
    const notScaledUp = [...(refusals.get(id) ?? [])].map(([reason, count]) => `${count} ${count === 1 ? 'Pod' : 'Pods'}: ${reason}`);
    const unneeded = planner.unneeded
      .filter(({ group }) => group.id === id)
      .map(({ node, since }) => `${node.metadata.name ?? ''} since ${formatTime(since)}`);
    const unremovable = nodes.flatMap(({ metadata: { name = '' } }) => {
      const reason = planner.unremovableReasons.get(name);
      return reason === undefined ? [] : [`${name}: ${reason}`];
    });
    const status: Draft<NodePoolAutoscalerStatus> = {
      scaleUp: scaleUpStatus(report),
      ...(notScaledUp.length === 0 ? {} : { notScaledUp }),
      ...(unneeded.length === 0 ? {} : { unneeded }),
      ...(unremovable.length === 0 ? {} : { unremovable }),
    };
    client.modify(NODEPOOLS, '', id, (copy) => void ((copy.status ??= {}).autoscaler = status), 'status');
  }
}
