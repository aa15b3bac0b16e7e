import assert from 'node:assert/strict';
import type { Node, Pod, PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import { admit } from '../../../src/kubelet/lifecycle/admission.ts';
import { NO_REQUESTS, podRequests } from '../../../src/kubelet/lifecycle/resources.ts';

const node = (...pressures: readonly string[]): Node => ({
  metadata: { name: 'n' },
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
      type,
      status: pressures.includes(type) ? 'True' : 'False',
    })),
  },
});

function reasonOf(
  spec: Partial<PodSpec>,
  on: Node,
  qosClass: 'BestEffort' | 'Burstable' = 'BestEffort',
  labels: Readonly<Record<string, string>> = {},
): string | undefined {
  const pod: Pod = { metadata: { name: 'p', labels }, spec: { containers: [{ name: 'c' }], ...spec }, status: { qosClass } };
  const refusal = admit(pod, on, podRequests(pod), NO_REQUESTS, () => new Set(['0.0.0.0/TCP/80']));
  return refusal === undefined ? undefined : `${refusal.reason}: ${refusal.message}`;
}

const tolerating = (key: string): Partial<PodSpec> => ({ tolerations: [{ key, operator: 'Exists', effect: 'NoSchedule' }] });

describe('admission at the kubelet', () => {
  const memory = 'Evicted: The node had condition: [MemoryPressure]. ';
  const cases: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['a healthy node takes all', reasonOf({}, node()), undefined],
    ['short of memory: no BestEffort', reasonOf({}, node('MemoryPressure')), memory],
    ['short of memory: Burstable', reasonOf({}, node('MemoryPressure'), 'Burstable'), undefined],
    ['short of memory: tolerated', reasonOf(tolerating('node.kubernetes.io/memory-pressure'), node('MemoryPressure')), undefined],
    ['short of memory: another toleration', reasonOf(tolerating('node.kubernetes.io/disk-pressure'), node('MemoryPressure')), memory],
    ['short of disk: nobody', reasonOf({}, node('DiskPressure'), 'Burstable'), 'Evicted: The node had condition: [DiskPressure]. '],
    [
      'short of both: nobody',
      reasonOf({}, node('MemoryPressure', 'DiskPressure'), 'Burstable'),
      'Evicted: The node had condition: [MemoryPressure DiskPressure]. ',
    ],
    ['critical Pods always', reasonOf({ priority: 2_000_001_000 }, node('DiskPressure')), undefined],
    [
      'a sysctl is looked at before the resources',
      reasonOf(
        {
          containers: [{ name: 'c', resources: { requests: { cpu: '5' } } }],
          securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] },
        },
        node(),
      ),
      'SysctlForbidden: forbidden sysctl: "kernel.msgmax" not allowlisted',
    ],
    [
      'too little of a resource',
      reasonOf({ containers: [{ name: 'c', resources: { requests: { cpu: '5' } } }] }, node()),
      "OutOfcpu: Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000",
    ],
    [
      'what the Pod asks for as a whole stands for the sum of its containers',
      reasonOf({ resources: { requests: { cpu: '6' } }, containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] }, node()),
      "OutOfcpu: Node didn't have enough resource: cpu, requested: 6000, used: 0, capacity: 4000",
    ],
    [
      'a taint NoExecute',
      reasonOf({}, { ...node(), spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } }),
      "TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
    ],
    [
      'a taint NoSchedule is none of its business',
      reasonOf({}, { ...node(), spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }),
      undefined,
    ],
    [
      'the port of a sidecar that is taken',
      reasonOf({ initContainers: [{ name: 's', restartPolicy: 'Always', ports: [{ containerPort: 80, hostPort: 80 }] }] }, node()),
      "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'the port of an init container',
      reasonOf({ initContainers: [{ name: 's', ports: [{ containerPort: 80, hostPort: 80 }] }] }, node()),
      undefined,
    ],
    [
      'a label of another system',
      reasonOf({}, node(), 'BestEffort', { 'kubernetes.io/os': 'windows' }),
      "PodOSSelectorNodeLabelDoesNotMatch: Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    ],
  ];
  for (const [title, got, expected] of cases) it(title, () => assert.equal(got, expected));
});
