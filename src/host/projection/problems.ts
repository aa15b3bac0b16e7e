/**
 * How much goes wrong in a cluster, for whoever does not look at its tree: a badge, the status bar.
 * Invariant: follows the writes of the store one by one; a write costs its own object. Counterpart: none.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { Problems } from '../protocol/view.ts';
import { summarise } from './podSummary.ts';

export class ProblemCount implements Disposable {
  private readonly subscription: Disposable;
  private pods = 0;
  private nodes = 0;

  constructor(store: Store) {
    for (const pod of store.list('pods')) this.pods += fails(pod);
    for (const node of store.list('nodes')) this.nodes += isDown(node);
    this.subscription = store.onRevision(({ resource, type, object, previous }) => {
      const after = type === 'DELETED' ? undefined : object;
      if (resource === 'pods') this.pods += difference(fails, previous, after);
      else if (resource === 'nodes') this.nodes += difference(isDown, previous, after);
    });
  }

  get current(): Problems {
    return { pods: this.pods, nodes: this.nodes };
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

type Weight = (object: KubeObject) => 0 | 1;

function difference(weigh: Weight, before: KubeObject | undefined, after: KubeObject | undefined): number {
  return (after === undefined ? 0 : weigh(after)) - (before === undefined ? 0 : weigh(before));
}

function fails(object: KubeObject): 0 | 1 {
  return summarise(object as Pod).counts === 'failing' ? 1 : 0;
}

/** A node that has not said anything yet is on its way, not down. */
function isDown(object: KubeObject): 0 | 1 {
  const conditions = (object as Node).status?.conditions ?? [];
  return conditions.length > 0 && !conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ? 1 : 0;
}
