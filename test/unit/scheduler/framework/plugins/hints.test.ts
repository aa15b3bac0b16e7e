import assert from 'node:assert/strict';
import type { Node, Pod, PodSpec } from '../../../../../src/api/schema/types/core/v1.ts';
import type { Change } from '../../../../../src/client/watchCursor.ts';
import type { Plugin, SchedulerReader } from '../../../../../src/scheduler/framework/interface.ts';
import { createInterPodAffinity } from '../../../../../src/scheduler/framework/plugins/interpodaffinity/interPodAffinity.ts';
import { createNodeAffinity } from '../../../../../src/scheduler/framework/plugins/nodeaffinity/nodeAffinity.ts';
import { nodePorts } from '../../../../../src/scheduler/framework/plugins/nodeports/nodePorts.ts';
import { createFit } from '../../../../../src/scheduler/framework/plugins/noderesources/fit.ts';
import { nodeUnschedulable } from '../../../../../src/scheduler/framework/plugins/nodeunschedulable/nodeUnschedulable.ts';
import { createPodTopologySpread } from '../../../../../src/scheduler/framework/plugins/podtopologyspread/podTopologySpread.ts';
import { taintToleration } from '../../../../../src/scheduler/framework/plugins/tainttoleration/taintToleration.ts';

const READER: SchedulerReader = { list: () => [], get: () => undefined, byIndex: () => [] };
const HOST = 'kubernetes.io/hostname';

function pod(app: string, spec: Partial<PodSpec> = {}, phase = 'Running'): Pod {
  const status = { phase: phase as 'Running' };
  return {
    metadata: { name: app, namespace: 'default', uid: app, labels: { app } },
    spec: { containers: [{ name: 'c' }], ...spec },
    status,
  };
}

const placed = (app: string, phase?: string): Pod => pod(app, { nodeName: 'n' }, phase);

function node(labels: Readonly<Record<string, string>>, spec: Node['spec'] = {}): Node {
  return { metadata: { name: 'n', uid: 'n', labels }, spec };
}

/** `previous` and `object` undefined: it came, it went. */
function asks(
  plugin: Plugin,
  waiting: Pod,
  resource: 'pods' | 'nodes',
  previous: Pod | Node | undefined,
  object: Pod | Node | undefined,
): boolean {
  const type = object === undefined ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED';
  const change = {
    type,
    key: 'k',
    object: object ?? previous,
    previous: object === undefined ? undefined : previous,
    revision: 1,
  } as unknown as Change;
  return (plugin.events ?? []).some((event) => event.resource === resource && event.helps?.(waiting, change, READER) !== false);
}

const near = (app: string): Partial<PodSpec> => ({
  affinity: {
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: HOST, labelSelector: { matchLabels: { app } } }] },
  },
});
const apart = (app: string): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: HOST, labelSelector: { matchLabels: { app } } }] },
  },
});
const spread: Partial<PodSpec> = {
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'w' } } },
  ],
};
const TAINTED = node({}, { taints: [{ key: 'k', effect: 'NoSchedule' }] });
const other = (labels: Readonly<Record<string, string>>): Pod => ({ ...placed('x'), metadata: { ...placed('x').metadata, labels } });
const portPod = (nodeName?: string, phase?: string): Pod =>
  pod(
    'p',
    { ...(nodeName === undefined ? {} : { nodeName }), containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] },
    phase,
  );

type Row = readonly [
  what: string,
  plugin: Plugin,
  waiting: Pod,
  resource: 'pods' | 'nodes',
  previous: Pod | Node | undefined,
  object: Pod | Node | undefined,
  helps: boolean,
];
const affinity = createInterPodAffinity();
const spreading = createPodTopologySpread();
const fit = createFit();

const rows: readonly Row[] = [
  ['company that comes', affinity, pod('w', near('x')), 'pods', undefined, placed('x'), true],
  ['company that is bound', affinity, pod('w', near('x')), 'pods', pod('x'), placed('x'), true],
  ['company that is only made', affinity, pod('w', near('x')), 'pods', undefined, pod('x'), false],
  ['somebody else who comes', affinity, pod('w', near('x')), 'pods', undefined, placed('y'), false],
  ['company that gets ready', affinity, pod('w', near('x')), 'pods', placed('x', 'Pending'), placed('x'), false],
  ['one in the way that leaves', affinity, pod('w', apart('x')), 'pods', placed('x'), undefined, true],
  ['one in the way that ends', affinity, pod('w', apart('x')), 'pods', placed('x'), placed('x', 'Succeeded'), true],
  ['one that had ended and is deleted', affinity, pod('w', apart('x')), 'pods', placed('x', 'Succeeded'), undefined, false],
  ['one in the way that comes', affinity, pod('w', apart('x')), 'pods', undefined, placed('x'), false],
  ['one in the way that gets other labels', affinity, pod('w', apart('x')), 'pods', placed('x'), other({ app: 'y' }), true],
  ['one that does not want it and leaves', affinity, pod('w'), 'pods', pod('x', { ...apart('w'), nodeName: 'n' }), undefined, true],
  ['a node that comes', affinity, pod('w', apart('x')), 'nodes', undefined, node({ [HOST]: 'n' }), true],
  ['a node with another label', affinity, pod('w', apart('x')), 'nodes', node({}), node({ colour: 'red' }), false],
  ['a node of another domain', affinity, pod('w', near('x')), 'nodes', node({}), node({ [HOST]: 'n' }), true],
  ['a Pod that counts and comes', spreading, pod('w', spread), 'pods', pod('w2'), placed('w2'), false],
  ['a Pod of its kind that comes', spreading, pod('w', spread), 'pods', undefined, other({ app: 'w' }), true],
  ['a Pod of its kind that gets ready', spreading, pod('w', spread), 'pods', other({ app: 'w' }), other({ app: 'w' }), false],
  ['a node of the zones', spreading, pod('w', spread), 'nodes', undefined, node({ zone: 'a' }), true],
  ['a node of no zone', spreading, pod('w', spread), 'nodes', undefined, node({}), false],
  ['a node of the zones that goes', spreading, pod('w', spread), 'nodes', node({ zone: 'a' }), undefined, true],
  ['a node that reports', spreading, pod('w', spread), 'nodes', node({ zone: 'a' }), node({ zone: 'a' }), false],
  ['a taint that is taken away', taintToleration, pod('w'), 'nodes', TAINTED, node({}), true],
  ['a node without taints that reports', taintToleration, pod('w'), 'nodes', node({}), node({}), false],
  ['a tainted node that comes', taintToleration, pod('w'), 'nodes', undefined, TAINTED, false],
  ['a node that is uncordoned', nodeUnschedulable, pod('w'), 'nodes', node({}, { unschedulable: true }), node({}), true],
  ['a node that was not cordoned', nodeUnschedulable, pod('w'), 'nodes', node({}), node({}), false],
  ['the label that it selects', createNodeAffinity(), pod('w', { nodeSelector: { a: 'b' } }), 'nodes', node({}), node({ a: 'b' }), true],
  [
    'a label that was there',
    createNodeAffinity(),
    pod('w', { nodeSelector: { a: 'b' } }),
    'nodes',
    node({ a: 'b' }),
    node({ a: 'b' }),
    false,
  ],
  ['a Pod that ends', fit, pod('w'), 'pods', placed('x'), placed('x', 'Failed'), true],
  ['a Pod that has ended and goes', fit, pod('w'), 'pods', placed('x', 'Failed'), undefined, false],
  ['a Pod without a node that goes', fit, pod('w'), 'pods', pod('x'), undefined, false],
  ['a port that is given back', nodePorts, portPod(), 'pods', portPod('n'), portPod('n', 'Succeeded'), true],
  ['a port that is taken', nodePorts, portPod(), 'pods', undefined, portPod('n'), false],
];

describe('what makes a Pod worth another attempt', () => {
  for (const [what, plugin, waiting, resource, previous, object, helps] of rows) {
    it(`${plugin.name}: ${what} ${helps ? 'does' : 'does not'}`, () => {
      assert.equal(asks(plugin, waiting, resource, previous, object), helps);
    });
  }
});
