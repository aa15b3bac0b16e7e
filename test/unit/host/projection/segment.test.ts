import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { parsePodFilter } from '../../../../src/host/projection/filter.ts';
import { podOrder } from '../../../../src/host/projection/order.ts';
import { Segment } from '../../../../src/host/projection/segment.ts';
import type { SortBy } from '../../../../src/host/protocol/view.ts';

const GROUP = { key: 'g', name: 'g', ref: undefined };

function podOf(name: number, phase: string): Pod {
  return { metadata: { name: `p-${name}`, namespace: 'ns' }, spec: { containers: [{ name: 'a' }] }, status: { phase } } as Pod;
}

function segmentOf(sort: SortBy, filter: string): Segment {
  const segment = new Segment('g/g', GROUP, undefined, 2);
  segment.setOrder(podOrder(sort));
  segment.setFilter(parsePodFilter(filter));
  return segment;
}

describe('the Pods of a group', () => {
  it('are in order after few changes and after many, whenever one looks', () => {
    const act = fc.record({ name: fc.nat(60), phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded', undefined) });
    const batches = fc.array(fc.array(act, { maxLength: 80 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom<SortBy>('name', 'problems'), fc.constantFrom('', 'status:running'), batches, (sort, filter, all) => {
        const followed = segmentOf(sort, filter);
        for (const batch of all) {
          for (const { name, phase } of batch) {
            const old = followed.members.get(`ns/p-${name}`);
            const pod = phase === undefined ? undefined : podOf(name, phase);
            if (old !== undefined && pod !== undefined) followed.replace(old, pod);
            else if (pod !== undefined) followed.add(pod);
            else if (old !== undefined) followed.remove(old);
          }
          const fresh = segmentOf(sort, filter);
          for (const pod of followed.members.values()) fresh.add(pod);
          assert.deepEqual(followed.pods, fresh.pods);
          assert.deepEqual(followed.tally, fresh.tally);
          for (const [index, pod] of followed.pods.entries()) assert.equal(followed.positionOf(pod), index);
        }
      }),
      { numRuns: 200 },
    );
  });
});
