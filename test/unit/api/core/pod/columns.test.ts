import assert from 'node:assert/strict';
import { POD_TABLE } from '../../../../../src/api/core/pod/columns.ts';
import type { Draft } from '../../../../../src/base/json.ts';
import type { ContainerStatus, Pod, PodStatus } from '../../../../../src/api/schema/types/core/v1.ts';
import { makePod, type Fields } from './support.ts';

const NOW = Date.UTC(2026, 0, 1, 1);
const AGO_5S = '2026-01-01T00:59:55Z';

function container(name: string, state: Draft<ContainerStatus>['state'], more: Fields = {}): Draft<ContainerStatus> {
  return { name, image: 'a', imageID: '', ready: false, restartCount: 0, ...(state && { state }), ...more };
}

const RUNNING = { running: {} };
const DONE = { terminated: { exitCode: 0, reason: 'Completed' } };

/** READY, STATUS, RESTARTS */
function row(spec: Fields, status: Draft<PodStatus>, metadata: Fields = {}): readonly unknown[] {
  const pod: Draft<Pod> = makePod(spec, { creationTimestamp: '2026-01-01T00:00:00Z', ...metadata });
  pod.status = status;
  return POD_TABLE.cells(pod, NOW).slice(1, 4);
}

const TWO = {
  containers: [
    { name: 'a', image: 'x' },
    { name: 'b', image: 'x' },
  ],
};
const INIT = {
  initContainers: [
    { name: 'i', image: 'x' },
    { name: 'j', image: 'x' },
  ],
};
const SIDECAR = { initContainers: [{ name: 's', image: 'x', restartPolicy: 'Always' }] };
const INITIALIZED = [{ type: 'Initialized', status: 'True' }];

describe('the row of a Pod', () => {
  const cases: readonly (readonly [
    name: string,
    spec: Fields,
    status: Draft<PodStatus>,
    expected: readonly unknown[],
    metadata?: Fields,
  ])[] = [
    ['fresh', {}, { phase: 'Pending' }, ['0/1', 'Pending', '0']],
    [
      'gated',
      {},
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      ['0/1', 'SchedulingGated', '0'],
    ],
    [
      'starting',
      {},
      { phase: 'Pending', containerStatuses: [container('main', { waiting: { reason: 'ContainerCreating' } })] },
      ['0/1', 'ContainerCreating', '0'],
    ],
    ['running', {}, { phase: 'Running', containerStatuses: [container('main', RUNNING, { ready: true })] }, ['1/1', 'Running', '0']],
    [
      'crashing',
      {},
      {
        phase: 'Running',
        containerStatuses: [
          container(
            'main',
            { waiting: { reason: 'CrashLoopBackOff' } },
            { restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: AGO_5S } } },
          ),
        ],
      },
      ['0/1', 'CrashLoopBackOff', '3 (5s ago)'],
    ],
    [
      'ended badly',
      {},
      { phase: 'Failed', containerStatuses: [container('main', { terminated: { exitCode: 7 } })] },
      ['0/1', 'ExitCode:7', '0'],
    ],
    [
      'killed',
      {},
      { phase: 'Failed', containerStatuses: [container('main', { terminated: { exitCode: 137, signal: 9 } })] },
      ['0/1', 'Signal:9', '0'],
    ],
    ['evicted', {}, { phase: 'Failed', reason: 'Evicted' }, ['0/1', 'Evicted', '0']],
    [
      'one done, one running',
      TWO,
      { phase: 'Running', containerStatuses: [container('a', DONE), container('b', RUNNING, { ready: true })] },
      ['1/2', 'NotReady', '0'],
    ],
    [
      'first init container',
      INIT,
      {
        phase: 'Pending',
        initContainerStatuses: [container('i', RUNNING), container('j', { waiting: { reason: 'PodInitializing' } })],
        containerStatuses: [container('main', { waiting: { reason: 'PodInitializing' } })],
      },
      ['0/1', 'Init:0/2', '0'],
    ],
    [
      'second init container fails',
      INIT,
      { phase: 'Pending', initContainerStatuses: [container('i', DONE), container('j', { terminated: { exitCode: 1, reason: 'Error' } })] },
      ['0/1', 'Init:Error', '0'],
    ],
    [
      'init containers done',
      INIT,
      {
        phase: 'Pending',
        conditions: INITIALIZED,
        initContainerStatuses: [container('i', DONE), container('j', DONE)],
        containerStatuses: [container('main', { waiting: { reason: 'PodInitializing' } })],
      },
      ['0/1', 'PodInitializing', '0'],
    ],
    [
      'a sidecar counts',
      SIDECAR,
      {
        phase: 'Running',
        conditions: INITIALIZED,
        initContainerStatuses: [container('s', RUNNING, { ready: true, started: true })],
        containerStatuses: [container('main', RUNNING, { ready: true })],
      },
      ['2/2', 'Running', '0'],
    ],
    [
      'ending',
      {},
      { phase: 'Running', containerStatuses: [container('main', RUNNING, { ready: true })] },
      ['1/1', 'Terminating', '0'],
      { deletionTimestamp: AGO_5S },
    ],
    [
      'ended while ending',
      {},
      { phase: 'Succeeded', containerStatuses: [container('main', DONE)] },
      ['0/1', 'Completed', '0'],
      { deletionTimestamp: AGO_5S },
    ],
    ['lost', {}, { phase: 'Running', reason: 'NodeLost' }, ['0/1', 'Unknown', '0'], { deletionTimestamp: AGO_5S }],
  ];
  for (const [name, spec, status, expected, metadata] of cases) it(name, () => assert.deepEqual(row(spec, status, metadata), expected));

  it('shows place and gates when wide', () => {
    const pod = makePod({ nodeName: 'n', readinessGates: [{ conditionType: 'a/b' }, { conditionType: 'a/c' }] });
    pod.status = { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'a/b', status: 'True' }] };
    assert.deepEqual(POD_TABLE.cells(pod, NOW).slice(4), ['<unknown>', '10.0.0.1', 'n', '<none>', '1/2']);
  });
});
