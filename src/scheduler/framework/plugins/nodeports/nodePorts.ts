/** Two Pods cannot have one host port of one node. Counterpart: plugins/nodeports. */
import type { Plugin } from '../../interface.ts';
import { hostPorts, type HostPort } from '../../nodeInfo.ts';
import { SKIP, unschedulable } from '../../status.ts';
import { leftPod } from '../helper/placedChange.ts';

const STATE = 'PreFilterNodePorts';

export const nodePorts = {
  name: 'NodePorts',
  events: [
    {
      resource: 'pods',
      helps: (pod, change) => {
        const gone = leftPod(change);
        if (gone === undefined) return false;
        const freed = hostPorts(gone);
        return hostPorts(pod).some((wanted) => freed.some((port) => port.port === wanted.port && port.protocol === wanted.protocol));
      },
    },
    { resource: 'nodes', helps: (_pod, change) => change.type === 'ADDED' },
  ],
  sign: (pod) => hostPorts(pod),
  preFilter: (state, pod) => {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return SKIP;
    state.set(STATE, wanted);
    return undefined;
  },
  filter: (state, _pod, node) => {
    const wanted = state.get(STATE) as readonly HostPort[];
    return wanted.some((port) => node.conflicts(port))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined;
  },
} satisfies Plugin;
