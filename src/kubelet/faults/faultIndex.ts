/**
 * The faults that kubelets and containers feel now, found by type.
 * Invariant: holds the active Faults as they were last seen, and nothing that is not in them; without faults every question costs a look
 * into an empty list. Counterpart: none in Kubernetes; here the machines and programs of a cluster go wrong on demand.
 */
import type { Json } from '../../base/json.ts';
import { concernsNode, isActive } from '../../api/kubepad/fault/match.ts';
import type { Fault, FaultType } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Change } from '../../client/watchCursor.ts';

/** A fault that begins (`before` undefined), ends (`after` undefined) or is another one now. */
export interface FaultChange {
  readonly before: Fault | undefined;
  readonly after: Fault | undefined;
}

const NONE: readonly Fault[] = [];

export class FaultIndex {
  private readonly active = new Map<string, Fault>();
  private readonly byType = new Map<FaultType, readonly Fault[]>();

  /** Takes in a change of a Fault; undefined if nobody feels a difference. */
  apply({ type, object }: Pick<Change, 'type' | 'object'>): FaultChange | undefined {
    const fault = object as Fault;
    const uid = fault.metadata.uid ?? '';
    const before = this.active.get(uid);
    const after = type !== 'DELETED' && isActive(fault) ? fault : undefined;
    if (before === undefined && after === undefined) return undefined;
    if (before !== undefined && after !== undefined && before.metadata.generation === after.metadata.generation) return undefined;
    if (after === undefined) this.active.delete(uid);
    else this.active.set(uid, after);
    this.derive();
    return { before, after };
  }

  /** What is felt although its object is gone. @param uids of the Faults that there are */
  unknown(uids: ReadonlySet<string>): readonly Fault[] {
    return [...this.active.values()].filter(({ metadata }) => !uids.has(metadata.uid ?? ''));
  }

  of(type: FaultType): readonly Fault[] {
    return this.byType.get(type) ?? NONE;
  }

  /** The first fault of the type on the node. */
  onNode(type: FaultType, node: Node): Fault | undefined {
    return this.of(type).find((fault) => concernsNode(fault, node));
  }

  /** The fault that has stopped a component: on the node if it is a component of nodes. */
  stopped(component: string, node: Node): Fault | undefined {
    return this.of('ComponentDown').find((fault) => fault.spec?.target?.component === component && concernsNode(fault, node));
  }

  checkpoint(): Json {
    return [...this.active.values()] as unknown as Json;
  }

  restore(memory: Json): void {
    this.active.clear();
    for (const fault of memory as unknown as readonly Fault[]) this.active.set(fault.metadata.uid ?? '', fault);
    this.derive();
  }

  private derive(): void {
    this.byType.clear();
    for (const fault of this.active.values()) {
      const type = fault.spec?.type;
      if (type !== undefined) this.byType.set(type, [...this.of(type), fault]);
    }
  }
}
