import assert from 'node:assert/strict';
import { NODE_STRATEGY } from '../../../../../src/api/core/node/strategy.ts';
import { NODE_TABLE } from '../../../../../src/api/core/node/columns.ts';
import type { Node } from '../../../../../src/api/schema/types/core/v1.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

describe('Node', () => {
  it('is tainted until it is ready, and has all it can allocate', () => {
    const { object } = judgeCreate(NODE_STRATEGY, { spec: { podCIDRs: ['10.244.1.0/24'] }, status: { capacity: { cpu: '4' } } });
    assert.deepEqual(object.spec?.taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
    assert.equal(object.spec.podCIDR, '10.244.1.0/24');
    assert.deepEqual(object.status?.allocatable, { cpu: '4' });
  });
  it('has the singular podCIDR win', () => {
    const { object } = judgeCreate(NODE_STRATEGY, { spec: { podCIDR: '10.0.9.0/24', podCIDRs: ['x/y'] } });
    assert.deepEqual(object.spec?.podCIDRs, ['10.0.9.0/24']);
  });
  it('reports what is wrong with taints under metadata', () => {
    const taints = [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'a', effect: 'NoSchedule', value: 'x' },
      { key: 'b', effect: 'Never' },
    ];
    assert.deepEqual(judgeCreate(NODE_STRATEGY, { spec: { taints } }).errors, [
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"x","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
      'metadata.taints[2].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ]);
  });
  it('keeps what it was given', () => {
    const before = { spec: { podCIDR: '10.0.0.0/24', providerID: 'cloud://1' } };
    const { errors } = judgeUpdate(NODE_STRATEGY, before, { 'spec/podCIDR': '10.0.1.0/24', 'spec/providerID': 'cloud://2' });
    assert.deepEqual(errors, [
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });
  it('shows status, roles and addresses', () => {
    const node = {
      metadata: { name: 'n', labels: { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/role': 'db' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
        nodeInfo: { kubeletVersion: 'v1.36.3', osImage: '', kernelVersion: '6.1', containerRuntimeVersion: 'containerd://2' },
      },
    } as unknown as Node;
    assert.deepEqual(NODE_TABLE.cells(node, 0), [
      'n',
      'NotReady,SchedulingDisabled',
      'control-plane,db',
      '<unknown>',
      'v1.36.3',
      '192.0.2.1',
      '<none>',
      '<unknown>',
      '6.1',
      'containerd://2',
    ]);
  });
});
