/** A Pod with scheduling gates does not enter the queue. Counterpart: plugins/schedulinggates. */
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Plugin } from '../../interface.ts';

export const schedulingGates = {
  name: 'SchedulingGates',
  events: [
    {
      resource: 'pods',
      helps: (pod, change) => change.object.metadata.uid === pod.metadata.uid && (change.object as Pod).spec?.schedulingGates === undefined,
    },
  ],
  preEnqueue: (pod) => {
    const gates = pod.spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return { code: 'Gated', reasons: [`waiting for scheduling gates: [${gates.map((gate) => gate.name).join(' ')}]`] };
  },
} satisfies Plugin;
