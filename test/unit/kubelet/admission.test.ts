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

function reasonOf(spec: Partial<PodSpec>, on: Node, qosClass: 'BestEffort' | 'Burstable' = 'BestEffort'): string | undefined {
  const pod: Pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }], ...spec }, status: { qosClass } };
  const refusal = admit(pod, on, podRequests(pod), NO_REQUESTS, () => new Set());
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
  ];
  for (const [title, got, expected] of cases) it(title, () => assert.equal(got, expected));
});
