import assert from 'node:assert/strict';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { podsToDelete } from '../../../../src/controllers/replicaset/ranking.ts';

const NOW = Date.parse('2026-01-05T12:00:00Z');

interface Shape {
  readonly node?: string;
  readonly phase?: 'Pending' | 'Running' | 'Unknown';
  readonly readyForSeconds?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly sidecarRestarts?: number;
  readonly ageSeconds?: number;
}

function pod(
  name: string,
  { node = 'n1', phase = 'Running', readyForSeconds = 1000, cost, restarts = 0, sidecarRestarts = 0, ageSeconds = 2000 }: Shape,
): Pod {
  const time = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
  const ready = readyForSeconds < 0 ? { status: 'False' } : { status: 'True', lastTransitionTime: time(readyForSeconds) };
  return {
    metadata: {
      name,
      uid: name,
      creationTimestamp: time(ageSeconds),
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { containers: [], initContainers: [{ name: 's', restartPolicy: 'Always' }], ...(node === '' ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: [{ type: 'Ready', ...ready }],
      initContainerStatuses: [{ name: 's', image: '', imageID: '', ready: true, restartCount: sidecarRestarts }],
      containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: restarts }],
    },
  };
}

describe('podsToDelete gives up first', () => {
  const cases: readonly [what: string, first: Shape, other: Shape][] = [
    ['a Pod without a node', { node: '' }, {}],
    ['a pending Pod', { phase: 'Pending' }, { phase: 'Running' }],
    ['a pending Pod before an unknown one', { phase: 'Pending' }, { phase: 'Unknown' }],
    ['one that is not ready', { readyForSeconds: -1 }, {}],
    ['not ready before a low cost', { readyForSeconds: -1, cost: '100' }, { cost: '-100' }],
    ['a low cost', { cost: '-5' }, {}],
    ['ready for less time', { readyForSeconds: 10 }, { readyForSeconds: 1000 }],
    ['the one with more restarts', { restarts: 3 }, { restarts: 1 }],
    ['the one whose sidecar has more restarts', { sidecarRestarts: 2 }, { sidecarRestarts: 1 }],
    ['the one with more restarts, whatever those of its sidecar', { restarts: 3 }, { restarts: 1, sidecarRestarts: 9 }],
    ['the younger', { ageSeconds: 10, readyForSeconds: 5 }, { ageSeconds: 10_000, readyForSeconds: 5 }],
  ];
  for (const [what, first, other] of cases) {
    it(what, () => {
      // Both orders: the outcome must not hang on the order of the list.
      const [a, b] = [pod('a', first), pod('b', other)];
      assert.deepEqual(podsToDelete([a, b], [], 1, NOW), [a]);
      assert.deepEqual(podsToDelete([b, a], [], 1, NOW), [a]);
    });
  }

  it('one on a node with more related Pods', () => {
    const [a, b, c] = [pod('a', { node: 'n1' }), pod('b', { node: 'n2' }), pod('c', { node: 'n1' })];
    assert.equal(podsToDelete([b, a], [a, b, c], 1, NOW)[0], a);
  });

  it('by uid what is about the same age', () => {
    assert.equal(podsToDelete([pod('b', { readyForSeconds: 70 }), pod('a', { readyForSeconds: 100 })], [], 1, NOW)[0]?.metadata.name, 'a');
  });
});
