/** A Pod that names its node fits there only. Counterpart: plugins/nodename. */
import type { Plugin } from '../../interface.ts';
import { unresolvable } from '../../status.ts';

export const nodeName = {
  name: 'NodeName',
  events: [{ resource: 'nodes', helps: (_pod, change) => change.type === 'ADDED' }],
  sign: ({ spec }) => spec?.nodeName,
  filter: (_state, pod, node) => {
    const wanted = pod.spec?.nodeName ?? '';
    return wanted === '' || wanted === node.name ? undefined : unresolvable("node(s) didn't match the requested node name");
  },
} satisfies Plugin;
