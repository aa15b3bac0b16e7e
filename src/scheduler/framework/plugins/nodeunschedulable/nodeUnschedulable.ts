/** A cordoned node takes no Pods but those that tolerate the taint it would have. Counterpart: plugins/nodeunschedulable. */
import type { Plugin } from '../../interface.ts';
import { unresolvable } from '../../status.ts';
import { OWN_TOLERATIONS } from '../helper/ownChange.ts';
import { turned } from '../helper/placedChange.ts';
import { toleratesAny } from '../../../../api/core/node/tolerates.ts';

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

export const nodeUnschedulable = {
  name: 'NodeUnschedulable',
  events: [OWN_TOLERATIONS, { resource: 'nodes', helps: (_pod, change) => turned(change, ({ spec }) => spec?.unschedulable !== true) }],
  sign: ({ spec }) => spec?.tolerations,
  filter: (_state, pod, node) => {
    if (node.node.spec?.unschedulable !== true) return undefined;
    return toleratesAny(pod.spec?.tolerations, TAINT) ? undefined : unresolvable('node(s) were unschedulable');
  },
} satisfies Plugin;
