import assert from 'node:assert/strict';
import type { ContainerStatus, Pod, PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import { phaseOf } from '../../../src/kubelet/status/phase.ts';
import { inBackOff, nextBackOff } from '../../../src/kubelet/backOff.ts';
import { admit } from '../../../src/kubelet/lifecycle/admission.ts';
import { NO_REQUESTS, podRequests } from '../../../src/kubelet/lifecycle/resources.ts';

/** `run`, `wait`, `0`, `3`: the state of a container. */
type Word = 'run' | 'wait' | `${number}`;

function status(word: Word): ContainerStatus {
  const base = { name: 'x', image: 'i', imageID: '', ready: word === 'run', restartCount: 0, started: word === 'run' };
  if (word === 'run') return { ...base, state: { running: {} } };
  if (word === 'wait') return { ...base, state: { waiting: {} } };
  return { ...base, state: { terminated: { exitCode: Number(word) } } };
}

describe('the phase of a Pod', () => {
  const cases: readonly [policy: NonNullable<PodSpec['restartPolicy']>, init: string, main: string, terminal: boolean, phase: string][] = [
    ['Always', '', 'wait', false, 'Pending'],
    ['Always', '', 'run run', false, 'Running'],
    ['Always', '', 'run wait', false, 'Pending'],
    ['Always', '', '1', false, 'Running'],
    ['Always', '', '143', true, 'Failed'],
    ['Always', '', '0', true, 'Succeeded'],
    ['Never', '', '0 3', false, 'Failed'],
    ['Never', '', '0 0', false, 'Succeeded'],
    ['Never', '', '0 run', false, 'Running'],
    ['OnFailure', '', '0', false, 'Succeeded'],
    ['OnFailure', '', '1 0', false, 'Running'],
    ['Never', '4', 'wait', false, 'Failed'],
    ['Always', '4', 'wait', false, 'Pending'],
    ['Always', 'run', 'wait', false, 'Pending'],
  ];
  for (const [restartPolicy, init, main, terminal, wanted] of cases) {
    it(`${restartPolicy}: init [${init}] main [${main}]${terminal ? ' stopped' : ''} is ${wanted}`, () => {
      const words = (text: string): readonly Word[] => text.split(' ').filter((word) => word !== '') as Word[];
      const containers = (text: string): readonly { readonly name: string }[] => words(text).map((_, index) => ({ name: `c${index}` }));
      const pod: Pod = { metadata: {}, spec: { restartPolicy, containers: containers(main), initContainers: containers(init) } };
      const phase = phaseOf({ pod, init: words(init).map(status), main: words(main).map(status), terminal, initialized: false });
      assert.equal(phase, wanted);
    });
  }
});

describe('the phase of a Pod whose init container has a policy of its own', () => {
  const cases: readonly [pod: NonNullable<PodSpec['restartPolicy']>, own: string, phase: string][] = [
    ['Always', 'Never', 'Failed'],
    ['Never', 'OnFailure', 'Pending'],
    ['OnFailure', 'Never', 'Failed'],
  ];
  for (const [restartPolicy, own, wanted] of cases) {
    it(`${own} in a Pod with ${restartPolicy}: ${wanted}`, () => {
      const initContainers = [{ name: 'i', restartPolicy: own }];
      const pod: Pod = { metadata: {}, spec: { restartPolicy, containers: [{ name: 'c' }], initContainers } };
      assert.equal(phaseOf({ pod, init: [status('4')], main: [status('wait')], terminal: false, initialized: false }), wanted);
    });
  }
});

describe('the back-off', () => {
  it('doubles from 10 s to 300 s and starts again after ten quiet minutes', () => {
    const delays: number[] = [];
    let entry = nextBackOff(undefined, 0, 0);
    for (let at = 0; delays.length < 7; at += 1000) {
      delays.push(entry.delayMs / 1000);
      entry = nextBackOff(entry, at, at);
    }
    assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300]);
    assert.equal(nextBackOff(entry, entry.updatedAtMs + 600_001, entry.updatedAtMs + 600_001).delayMs, 10_000);
    assert.equal(inBackOff({ delayMs: 10_000, updatedAtMs: 0 }, 5_000, 14_999), true);
    assert.equal(inBackOff({ delayMs: 10_000, updatedAtMs: 0 }, 5_000, 15_000), false);
    assert.equal(inBackOff(undefined, 5_000, 5_000), false);
  });
});

describe('admission to a node', () => {
  const node = {
    metadata: { name: 'n', labels: { disk: 'hdd' } },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '2', 'ephemeral-storage': '10Gi' } },
  };
  const pod = (spec: Partial<PodSpec>): Pod => ({ metadata: {}, spec: { containers: [], ...spec } });
  const cases: readonly [what: string, spec: Partial<PodSpec>, reason: string | undefined][] = [
    ['fits', {}, undefined],
    ['asks for too much cpu', { containers: [{ name: 'a', resources: { requests: { cpu: '3500m' } } }] }, 'OutOfcpu'],
    ['asks for too much memory', { containers: [{ name: 'a', resources: { requests: { memory: '9Gi' } } }] }, 'OutOfmemory'],
    ['wants another disk', { nodeSelector: { disk: 'ssd' } }, 'NodeAffinity'],
    ['wants a taken port', { containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 8080 }] }] }, 'NodePorts'],
    [
      'takes the port of another protocol',
      { containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 8080, protocol: 'UDP' }] }] },
      undefined,
    ],
    ['is for Windows', { os: { name: 'windows' } }, 'PodOSNotSupported'],
    ['sets an unsafe sysctl', { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }, 'SysctlForbidden'],
  ];
  for (const [what, spec, reason] of cases) {
    it(`${reason === undefined ? 'takes' : 'refuses'} a Pod that ${what}`, () => {
      const subject = pod(spec);
      const refusal = admit(
        subject,
        node,
        podRequests(subject),
        { ...NO_REQUESTS, cpuMilli: 1000, pods: 1 },
        () => new Set(['0.0.0.0/TCP/8080']),
      );
      assert.equal(refusal?.reason, reason);
    });
  }

  it('says how much is missing', () => {
    const subject = pod({ containers: [{ name: 'a', resources: { requests: { cpu: '100' } } }] });
    assert.equal(
      admit(subject, node, podRequests(subject), { ...NO_REQUESTS, cpuMilli: 1000 }, () => new Set())?.message,
      "Node didn't have enough resource: cpu, requested: 100000, used: 1000, capacity: 4000",
    );
  });

  it('counts the largest moment of a Pod with init containers', () => {
    const request = (cpu: string): { readonly resources: { readonly requests: Record<string, string> } } => ({
      resources: { requests: { cpu } },
    });
    const subject = pod({
      initContainers: [
        { name: 'i', ...request('2') },
        { name: 's', restartPolicy: 'Always', ...request('100m') },
      ],
      containers: [{ name: 'a', ...request('1') }],
    });
    assert.equal(podRequests(subject).cpuMilli, 2000);
  });
});
