import { jsonEqual, type Draft } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Taint } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export const TAINT_NOT_READY = 'node.kubernetes.io/not-ready';
export const TAINT_UNREACHABLE = 'node.kubernetes.io/unreachable';
const TAINT_UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Which taint a condition of a node stands for, by its status. */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: TAINT_NOT_READY, Unknown: TAINT_UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const OWN_KEYS: ReadonlySet<string> = new Set([
  TAINT_UNSCHEDULABLE,
  ...Object.values(BY_CONDITION).flatMap((taints) => Object.values(taints)),
]);

interface TaintRef {
  readonly key: string;
  readonly effect: Taint['effect'];
}

/** Brings the NoSchedule taints of a node in line with its conditions and with spec.unschedulable; others stay. */
export function syncNoScheduleTaints(context: ControllerContext, node: Node): void {
  const wanted = new Set<string>();
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = BY_CONDITION[type]?.[status];
    if (key !== undefined) wanted.add(key);
  }
  if (node.spec?.unschedulable === true) wanted.add(TAINT_UNSCHEDULABLE);
  const present = (node.spec?.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && OWN_KEYS.has(key)).map(({ key }) => key);
  const add = [...wanted].filter((key) => !present.includes(key));
  const remove = present.filter((key) => !wanted.has(key));
  if (add.length + remove.length > 0) swapTaints(context, node, add.map(noSchedule), remove.map(noSchedule));
}

/** Puts the first of two NoExecute taints on a node and takes the other off; both can be left out. */
export function swapNoExecute(context: ControllerContext, node: Node, add: string | undefined, remove: readonly string[]): void {
  swapTaints(
    context,
    node,
    add === undefined ? [] : [{ key: add, effect: 'NoExecute' }],
    remove.map((key) => ({ key, effect: 'NoExecute' })),
  );
}

export function hasTaint(node: Node, key: string, effect: Taint['effect']): boolean {
  return (node.spec?.taints ?? []).some((taint) => taint.key === key && taint.effect === effect);
}

function swapTaints(context: ControllerContext, node: Node, add: readonly TaintRef[], remove: readonly TaintRef[]): void {
  const same = (left: TaintRef) => (right: TaintRef) => left.key === right.key && left.effect === right.effect;
  context.client.modify(NODES, '', node.metadata.name ?? '', (copy) => {
    const spec = (copy.spec ??= {});
    const kept: Draft<Taint>[] = (spec.taints ?? []).filter((taint) => !remove.some(same(taint)));
    for (const taint of add) if (!kept.some(same(taint))) kept.push({ ...taint, timeAdded: formatTime(context.now()) });
    if (jsonEqual(kept, spec.taints ?? [])) return;
    if (kept.length > 0) spec.taints = kept;
    else delete spec.taints;
  });
}

function noSchedule(key: string): TaintRef {
  return { key, effect: 'NoSchedule' };
}
