/**
 * The faults that are in force or still to come, as the first section of the tree; without faults there is none.
 */
import { concernsNode, isActive } from '../../api/kubepad/fault/match.ts';
import { targetText } from '../../api/kubepad/fault/strategy.ts';
import type { Fault } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { FaultRow, RowPlace } from '../protocol/view.ts';
import type { ObjectSource } from './groups.ts';

export const FAULTS_RESOURCE = 'faults.kubepad.dev';
/** The annotation by which a Node itself may say that it is down. */
const FAULT_ANNOTATION = 'kubepad.dev/fault';

export function currentFaults(source: ObjectSource): readonly Fault[] {
  if (source.count(FAULTS_RESOURCE) === 0) return NONE;
  return (source.list(FAULTS_RESOURCE) as readonly Fault[]).filter(
    ({ status, metadata }) => status?.phase !== 'Ended' && metadata.deletionTimestamp === undefined,
  );
}

const NONE: readonly Fault[] = [];
const OF_NODES: ReadonlySet<string> = new Set(['NodeDown', 'NodeShutdown', 'ZoneDown', 'Partition', 'DiskPressure', 'ComponentDown']);

/** What is wrong with a node by somebody's wish: the type of the fault. A machine that is off comes before all else. */
export function faultOfNode(faults: readonly Fault[], node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const own = node.metadata.annotations?.[FAULT_ANNOTATION];
  if (own !== undefined) return own;
  const types = faults
    .filter((fault) => isActive(fault) && OF_NODES.has(fault.spec?.type ?? '') && namesNodes(fault) && concernsNode(fault, node))
    .map(({ spec }) => spec?.type);
  return types.find((type) => type === 'NodeDown') ?? types.find((type) => type === 'NodeShutdown') ?? types[0];
}

function namesNodes({ spec }: Fault): boolean {
  return spec?.target?.node !== undefined || spec?.target?.zone !== undefined;
}

export function faultRow(place: RowPlace, { metadata, spec, status }: Fault): FaultRow {
  const name = metadata.name ?? '';
  const endsAt = status?.endsAt === undefined ? undefined : parseTime(status.endsAt);
  const active = status?.phase === 'Active';
  return {
    ...place,
    type: 'fault',
    ref: { apiVersion: 'kubepad.dev/v1', kind: 'Fault', namespace: '', name },
    name,
    tone: active ? 'warn' : 'idle',
    status: active ? 'Active' : 'Pending',
    detail: [`${spec?.type ?? ''} ${targetText(spec?.target)}`.trim(), active ? hitText(status.hits) : '']
      .filter((part) => part !== '')
      .join(' · '),
    endsAt: active ? endsAt : undefined,
  };
}

/** A probe that a Pod does not have cannot fail, and what is pulled is not pulled again: that is said, or one waits for it. */
function hitText(hits: number | undefined): string {
  return hits === undefined || hits === 0 ? 'nothing hit yet' : `hit ${hits}`;
}
