import assert from 'node:assert/strict';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { formatTime } from '../../../../src/apimachinery/meta/time.ts';
import { newHistory, recordChange, stabilize, stabilizeByBehavior } from '../../../../src/controllers/podautoscaler/history.ts';
import { limitByBehavior, limitByRules } from '../../../../src/controllers/podautoscaler/limits.ts';
import { averageReplicas, utilizationReplicas } from '../../../../src/controllers/podautoscaler/replicaCalculator.ts';

const NOW = 10_000_000;
const TOLERANCES = { scaleUp: 0.1, scaleDown: 0.1 };

interface Given {
  readonly name: string;
  readonly use?: number;
  readonly phase?: 'Pending' | 'Failed';
  /** Milliseconds since the start. */
  readonly age?: number;
  readonly ready?: boolean;
}

function input(given: readonly Given[], currentReplicas = given.length): Parameters<typeof utilizationReplicas>[0] {
  const pods = given.map(({ name, phase, age = 3_600_000, ready = true }): Pod => ({
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] },
    status: {
      phase: phase ?? 'Running',
      startTime: formatTime(NOW - age),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: formatTime(NOW - age + 1_000) }],
    },
  }));
  const samples = given.flatMap(({ name, use }) => (use === undefined ? [] : [[name, { milli: use, at: NOW, windowMs: 1_000 }] as const]));
  return { currentReplicas, metrics: new Map(samples), pods, resource: 'cpu', container: undefined, tolerances: TOLERANCES, nowMs: NOW };
}

describe('replicas by utilization', () => {
  const cases: readonly (readonly [string, readonly Given[], number, number | string])[] = [
    [
      'grow in proportion',
      [
        { name: 'a', use: 800 },
        { name: 'b', use: 800 },
      ],
      40,
      4,
    ],
    [
      'stay within a tenth of the target',
      [
        { name: 'a', use: 430 },
        { name: 'b', use: 430 },
      ],
      40,
      2,
    ],
    [
      'round up',
      [
        { name: 'a', use: 460 },
        { name: 'b', use: 460 },
      ],
      40,
      3,
    ],
    ['take a Pod without metrics for idle where they grow', [{ name: 'a', use: 800 }, { name: 'b' }], 40, 2],
    ['take a Pod without metrics for busy where they shrink', [{ name: 'a', use: 100 }, { name: 'b', use: 100 }, { name: 'c' }], 80, 2],
    [
      'take an unready Pod for idle where they grow',
      [
        { name: 'a', use: 1000 },
        { name: 'b', use: 1000, age: 60_000, ready: false },
      ],
      40,
      3,
    ],
    [
      'leave Pods out that are going or have failed',
      [
        { name: 'a', use: 800 },
        { name: 'b', use: 100, phase: 'Failed' },
      ],
      40,
      2,
    ],
    [
      'say when no Pod counts',
      [{ name: 'a', use: 800, phase: 'Pending' }],
      40,
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
    ['say when there are no Pods', [], 40, 'no pods returned by selector while calculating replica count'],
  ];
  for (const [title, given, target, expected] of cases) {
    it(title, () => {
      const proposal = utilizationReplicas(input(given), target);
      assert.equal(typeof proposal === 'string' ? proposal : proposal.replicas, expected);
    });
  }

  it('follow an average per Pod', () => {
    assert.deepEqual(
      averageReplicas(
        input([
          { name: 'a', use: 300 },
          { name: 'b', use: 500 },
        ]),
        200,
      ),
      { replicas: 4, averageMilli: 400 },
    );
  });
});

describe('limits of scaling', () => {
  it('are twice as many, or four, without a behavior', () => {
    const of = (current: number, desired: number): readonly [number, string] => {
      const { replicas, reason } = limitByRules({ current, desired, min: 2, max: 20 });
      return [replicas, reason];
    };
    assert.deepEqual(of(1, 9), [4, 'ScaleUpLimit']);
    assert.deepEqual(of(5, 12), [10, 'ScaleUpLimit']);
    assert.deepEqual(of(15, 25), [20, 'TooManyReplicas']);
    assert.deepEqual(of(5, 1), [2, 'TooFewReplicas']);
    assert.deepEqual(of(5, 6), [6, 'DesiredWithinRange']);
  });

  const pods = (value: number, periodSeconds = 60): { type: string; value: number; periodSeconds: number } => ({
    type: 'Pods',
    value,
    periodSeconds,
  });
  const percent = (value: number, periodSeconds = 60): { type: string; value: number; periodSeconds: number } => ({
    type: 'Percent',
    value,
    periodSeconds,
  });
  const cases: readonly (readonly [string, number, number, Parameters<typeof limitByBehavior>[1], readonly [number, string]])[] = [
    ['the policy that allows most counts', 4, 20, { policies: [pods(2), percent(100)], selectPolicy: 'Max' }, [8, 'ScaleUpLimit']],
    ['or the one that allows least', 4, 20, { policies: [pods(2), percent(100)], selectPolicy: 'Min' }, [6, 'ScaleUpLimit']],
    ['or none', 4, 20, { policies: [pods(2)], selectPolicy: 'Disabled' }, [4, 'ScaleUpLimit']],
    ['down as well', 10, 1, { policies: [pods(2), percent(50)], selectPolicy: 'Max' }, [5, 'ScaleDownLimit']],
    ['with the least change', 10, 1, { policies: [pods(2), percent(50)], selectPolicy: 'Min' }, [8, 'ScaleDownLimit']],
    ['never below the minimum', 3, 1, { policies: [percent(100)], selectPolicy: 'Max' }, [2, 'TooFewReplicas']],
  ];
  for (const [title, current, desired, rules, expected] of cases) {
    it(title, () => {
      const { replicas, reason } = limitByBehavior({ current, desired, min: 2, max: 30 }, rules, rules, newHistory(current, NOW), NOW);
      assert.deepEqual([replicas, reason], expected);
    });
  }

  it('count what was added in the period', () => {
    const rules = { policies: [percent(100)], selectPolicy: 'Max' };
    const history = newHistory(2, NOW);
    recordChange(history, { scaleUp: rules, scaleDown: rules }, 2, 4, NOW);
    const at = (nowMs: number): number =>
      limitByBehavior({ current: 4, desired: 20, min: 1, max: 30 }, rules, rules, history, nowMs).replicas;
    assert.equal(at(NOW + 30_000), 4);
    assert.equal(at(NOW + 60_000), 8);
  });
});

describe('stabilization', () => {
  it('keeps the highest recommendation of five minutes', () => {
    const history = newHistory(6, NOW);
    assert.equal(stabilize(history, 2, NOW + 15_000).replicas, 6);
    assert.equal(stabilize(history, 2, NOW + 300_000).replicas, 6);
    assert.equal(stabilize(history, 2, NOW + 300_001).replicas, 2);
  });

  it('follows the windows of a behavior', () => {
    const history = newHistory(4, NOW);
    const [up, down] = [{ stabilizationWindowSeconds: 60 }, { stabilizationWindowSeconds: 30 }];
    const at = (ms: number, desired: number): readonly [number, string] => {
      const { replicas, reason } = stabilizeByBehavior(history, { current: 4, desired }, up, down, NOW + ms);
      return [replicas, reason];
    };
    assert.deepEqual(at(15_000, 8), [4, 'ScaleUpStabilized']);
    assert.deepEqual(at(60_000, 8), [8, 'ScaleUpStabilized']);
    assert.deepEqual(at(75_000, 1), [4, 'ScaleDownStabilized']);
    assert.deepEqual(at(91_000, 1), [1, 'ScaleDownStabilized']);
  });
});
