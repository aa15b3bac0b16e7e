import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Store } from '../../../../src/apiserver/storage/store.ts';
import { TreeProjection } from '../../../../src/host/projection/treeProjection.ts';
import type { GroupBy, TreeQuery, TreeRow } from '../../../../src/host/protocol/view.ts';

type Phase = 'Running' | 'Pending' | 'Failed';
type Act =
  | { readonly act: 'pod'; readonly name: number; readonly node: number; readonly phase: Phase }
  | { readonly act: 'deletePod'; readonly name: number }
  | { readonly act: 'node'; readonly node: number; readonly ready: boolean }
  | { readonly act: 'deleteNode'; readonly node: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant('pod' as const),
    name: fc.nat(12),
    node: fc.nat(4),
    phase: fc.constantFrom('Running' as const, 'Pending' as const, 'Failed' as const),
  }),
  fc.record({ act: fc.constant('deletePod' as const), name: fc.nat(12) }),
  fc.record({ act: fc.constant('node' as const), node: fc.nat(4), ready: fc.boolean() }),
  fc.record({ act: fc.constant('deleteNode' as const), node: fc.nat(4) }),
);

function perform(store: Store, step: Act): void {
  const isPod = step.act === 'pod' || step.act === 'deletePod';
  const [resource, key] = isPod ? ['pods', `ns/p-${step.name}`] : ['nodes', `n-${step.node}`];
  const stored = store.get(resource, key);
  if (step.act === 'deletePod' || step.act === 'deleteNode') {
    if (stored !== undefined) store.write({ type: 'DELETED', resource, object: stored, actor: '', verb: '' });
    return;
  }
  const object = step.act === 'pod' ? podOf(step.name, step.node, step.phase) : nodeOf(step.node, step.ready);
  store.write({ type: stored === undefined ? 'ADDED' : 'MODIFIED', resource, object, actor: '', verb: '' });
}

function podOf(name: number, node: number, phase: 'Running' | 'Pending' | 'Failed'): KubeObject {
  const pod: Pod = {
    metadata: {
      name: `p-${name}`,
      namespace: 'ns',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Job', name: `j-${name % 3}`, uid: 'u', controller: true }],
    },
    spec: { ...(node === 0 ? {} : { nodeName: `n-${node}` }), containers: [{ name: 'a' }, { name: 'b' }] },
    status: { phase },
  };
  return pod as KubeObject;
}

function nodeOf(node: number, ready: boolean): KubeObject {
  return { metadata: { name: `n-${node}` }, status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } } as KubeObject;
}

function rows(projection: TreeProjection): readonly TreeRow[] {
  return Array.from({ length: projection.total }, (_, index) => projection.row(index)!);
}

describe('the tree after any changes', () => {
  it('is the tree that a new view would show', () => {
    const query = fc.record({
      groupBy: fc.constantFrom<GroupBy>('node', 'workload', 'namespace'),
      filter: fc.constantFrom('', 'p-1', 'status:running', 'n-2'),
      toggled: fc.uniqueArray(fc.constantFrom('p/ns/p-1', 'p/ns/p-10', 'g/n-1', 's/unscheduled', 's/groups')),
    });
    fc.assert(
      fc.property(query, fc.array(act, { maxLength: 40 }), fc.array(act, { maxLength: 40 }), (given, first, second) => {
        const store = new Store({ now: () => 0, currentCause: undefined, wake: () => undefined });
        const full: TreeQuery = { surface: 'cluster', groupsOpen: true, window: { first: 0, count: 100 }, ...given };
        for (const step of first) perform(store, step);
        const followed = new TreeProjection(store);
        followed.setQuery(full);
        store.onRevision((entry) => followed.revision(entry));
        for (const step of second) {
          perform(store, step);
          assert.ok(followed.total >= 0);
        }
        const fresh = new TreeProjection(store);
        fresh.setQuery(full);
        const shown = rows(followed);
        assert.deepEqual(shown, rows(fresh));
        assert.deepEqual(followed.health(), fresh.health());
        for (const [index, row] of shown.entries()) {
          assert.equal(followed.locate(row.key), index);
          assert.equal(followed.nameAt(index), row.type === 'section' ? row.title : 'name' in row ? row.name : undefined);
        }
        assert.equal(followed.nameAt(shown.length), undefined);
      }),
      { numRuns: 200 },
    );
  });
});
