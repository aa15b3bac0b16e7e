/**
 * What a row of the tree says in words: its accessible name and its status line.
 * Invariant: pure; everything a colour, an icon or a bar says is said here too.
 */
import { assertNever } from '../../base/assertNever.ts';
import type { ContainerRow, FaultRow, Meter, NodeRow, PodRow, TreeRow } from '../../host/protocol/view.ts';
import { ageText, bytesText, coresText, countdownText, plural } from '../shared/format.ts';

/** A name that changed every second would be read out every second. */
const LABEL_STEP_MS = 10_000;

/** The accessible name: the object's name first, then what it is and how it is. */
export function rowLabel(row: TreeRow, exactNow: number): string {
  const now = Math.floor(exactNow / LABEL_STEP_MS) * LABEL_STEP_MS;
  switch (row.type) {
    case 'section':
      return `${row.title}, ${row.count}`;
    case 'fault':
      return sentence([row.name, 'Fault', faultStatus(row, now), row.detail]);
    case 'node':
      return sentence([
        row.name,
        row.controlPlane ? 'control plane node' : 'Node',
        row.status,
        zoneOf(row),
        nodeNews(row, now),
        ...meterTexts(row),
      ]);
    case 'group':
      return sentence([row.name, row.detail, row.status]);
    case 'pod':
      return sentence([
        row.name,
        'Pod',
        row.status,
        `${row.ready}${saysTheContrary(row) ? ' containers' : ''} ready`,
        restartsText(row),
        row.detail,
      ]);
    case 'container':
      return sentence([row.name, roleText(row), row.status, row.image, restartsText(row)]);
    case 'note':
      return row.text;
    default:
      return assertNever(row);
  }
}

/** What comes first, as a narrow view cuts the end: `evicts in 3m 38s, unreachable for 1m 22s`; empty for a node that is well. */
export function nodeNews(row: NodeRow, now: number): string {
  const parts: string[] = [];
  if (row.unreachableSince !== undefined) {
    const { evictsAt } = row;
    if (evictsAt !== undefined) parts.push(evictsAt > now ? `evicts in ${countdownText(evictsAt - now)}` : 'evicts its Pods');
    parts.push(`unreachable for ${countdownText(now - row.unreachableSince)}`);
  } else if (row.fault !== undefined) parts.push(FAULT_NEWS[row.fault] ?? `${row.fault} by you`);
  return parts.join(', ');
}

/** What a node's fault is called until the cluster has noticed it. */
const FAULT_NEWS: Readonly<Record<string, string>> = {
  NodeDown: 'failed by you, not noticed yet',
  NodeShutdown: 'shut down by you',
  ZoneDown: 'its zone failed by you, not noticed yet',
  Partition: 'cut off by you, not noticed yet',
  DiskPressure: 'disk filled by you',
  ComponentDown: 'a program stopped by you',
};

/** `Active, ends in 2m 10s` */
export function faultStatus({ status, endsAt }: FaultRow, now: number): string {
  return endsAt === undefined || endsAt <= now ? status : `${status}, ends in ${countdownText(endsAt - now)}`;
}

export function cpuText({ requested, used, capacity }: Meter): string {
  return `CPU ${coresText(requested)} of ${coresText(capacity)} cores requested${used === undefined ? '' : `, ${coresText(used)} used`}`;
}

export function memoryText({ requested, used, capacity }: Meter): string {
  return `memory ${bytesText(requested)} of ${bytesText(capacity)} requested${used === undefined ? '' : `, ${bytesText(used)} used`}`;
}

export function podsText({ requested, capacity }: Meter): string {
  return `${requested} of ${capacity} Pods`;
}

export function restartsText({ restarts }: { readonly restarts: number }): string {
  return restarts === 0 ? '' : plural(restarts, 'restart');
}

/** All containers are ready, but the Pod is not: its node is gone. `1/1` beside `not ready` would look like a mistake. */
export function saysTheContrary({ status, ready }: PodRow): boolean {
  const [some, all] = ready.split('/');
  return status === 'Running, not ready' && some === all;
}

export function podAge(row: PodRow, now: number): string {
  return row.createdAt === 0 ? 'unknown' : ageText(now - row.createdAt);
}

export function roleText(row: ContainerRow): string {
  return row.role === 'container'
    ? 'container'
    : row.role === 'init'
      ? 'init container'
      : row.role === 'sidecar'
        ? 'sidecar container'
        : 'ephemeral container';
}

function meterTexts(row: NodeRow): readonly string[] {
  return row.cpu.capacity === 0 ? [] : [cpuText(row.cpu), memoryText(row.memory), podsText(row.pods)];
}

/** `control plane` is said already. */
export function zoneOf(row: NodeRow): string {
  return row.detail.replace(/^control plane(?: · )?/, '');
}

function sentence(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
