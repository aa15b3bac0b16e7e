import type { Pod } from '../api/schema/types/core/v1.ts';
import type { CycleState, Handle } from './framework/interface.ts';
import type { NodeInfo } from './framework/nodeInfo.ts';
import type { Profile } from './framework/runtime/profile.ts';
import type { Status } from './framework/status.ts';
import { priorityOf } from './framework/plugins/helper/priority.ts';

/** Which Pods were promised which node after a preemption. Derived from status.nominatedNodeName of unbound Pods. */
export class Nominator {
  private readonly byNode = new Map<string, Map<string, Pod>>();
  private readonly nodeOf = new Map<string, string>();

  observe(pod: Pod, gone: boolean): void {
    if (this.nodeOf.size === 0 && pod.status?.nominatedNodeName === undefined) return;
    const uid = pod.metadata.uid ?? '';
    const before = this.nodeOf.get(uid);
    const node = gone || (pod.spec?.nodeName ?? '') !== '' ? '' : (pod.status?.nominatedNodeName ?? '');
    if (before !== undefined) {
      this.byNode.get(before)?.delete(uid);
      this.nodeOf.delete(uid);
    }
    if (node === '') return;
    this.nodeOf.set(uid, node);
    const pods = this.byNode.get(node) ?? new Map<string, Pod>();
    this.byNode.set(node, pods.set(uid, pod));
  }

  restore(pods: readonly Pod[]): void {
    this.byNode.clear();
    this.nodeOf.clear();
    for (const pod of pods) this.observe(pod, false);
  }

  /** Pods of lower priority that were promised the node: it goes to a more important one now. */
  lowerOn(node: string, pod: Pod): readonly Pod[] {
    const waiting = this.byNode.get(node);
    return waiting === undefined ? [] : [...waiting.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  }

  /**
   * Runs the filters twice where Pods of equal or higher priority wait for the node: with them there (so that their place
   * is kept) and without (so that nothing is built on Pods that may never come). Both must pass.
   */
  filterWithNominated(profile: Profile, handle: Handle, state: CycleState, pod: Pod, node: NodeInfo): Status | undefined {
    const waiting = this.nodeOf.size === 0 ? undefined : this.byNode.get(node.name);
    if (waiting !== undefined && waiting.size > 0) {
      const others = [...waiting.values()].filter(
        (other) => priorityOf(other) >= priorityOf(pod) && other.metadata.uid !== pod.metadata.uid,
      );
      if (others.length > 0) {
        const crowded = node.clone();
        const own: CycleState = new Map(state);
        for (const other of others) {
          crowded.addPod(other);
          profile.addPod(own, pod, other, crowded);
        }
        const status = profile.filter(own, pod, crowded, handle);
        if (status !== undefined) return status;
      }
    }
    return profile.filter(state, pod, node, handle);
  }
}
