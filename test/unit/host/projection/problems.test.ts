import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Store } from '../../../../src/apiserver/storage/store.ts';
import { ProblemCount } from '../../../../src/host/projection/problems.ts';

describe('how much goes wrong', () => {
  const store = new Store({ now: () => 0, currentCause: undefined, wake: () => undefined }, { freeze: true });
  const write = (resource: string, object: object, type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'ADDED'): void =>
    void store.write({ type, resource, object: object as KubeObject, actor: 'test', verb: 'update' });
  const pod = (name: string, phase: string): object => ({
    metadata: { name, namespace: 'default' },
    spec: { containers: [] },
    status: { phase },
  });
  const node = (name: string, ready?: string): object => ({
    metadata: { name },
    status: ready === undefined ? {} : { conditions: [{ type: 'Ready', status: ready }] },
  });
  write('pods', pod('old', 'Failed'));
  write('nodes', node('a', 'Unknown'));
  const problems = new ProblemCount(store);

  const steps: readonly (readonly [what: string, act: () => void, pods: number, nodes: number])[] = [
    ['what was there before counts', () => undefined, 1, 1],
    ['a Pod that waits is none', () => write('pods', pod('new', 'Pending')), 1, 1],
    ['it fails', () => write('pods', pod('new', 'Failed'), 'MODIFIED'), 2, 1],
    ['one is gone', () => write('pods', pod('old', 'Failed'), 'DELETED'), 1, 1],
    ['a node without conditions is on its way', () => write('nodes', node('b')), 1, 1],
    ['it goes down', () => write('nodes', node('b', 'False'), 'MODIFIED'), 1, 2],
    ['the other comes back', () => write('nodes', node('a', 'True'), 'MODIFIED'), 1, 1],
    ['nobody counts any more', () => (problems.dispose(), write('pods', pod('late', 'Failed'))), 1, 1],
  ];
  for (const [what, act, pods, nodes] of steps)
    it(what, () => {
      act();
      assert.deepEqual(problems.current, { pods, nodes });
    });
});
