import type { Pod } from '../../api/schema/types/core/v1.ts';
import { chosen, logsOf, type LogEntry, type LogOptions } from '../../runtime/logs.ts';
import { startOfRecord } from '../../runtime/programs/programOf.ts';
import { findContainer } from '../containers.ts';
import type { Programs } from '../programs/programs.ts';
import type { PodState } from '../state.ts';

export interface LogRequest extends LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The container's start before the newest one. */
  readonly previous?: boolean;
}

/** The lines of a container's log; undefined if it never started. */
export function entriesOf(
  programs: Programs,
  pod: Pod,
  state: PodState | undefined,
  request: LogRequest,
  nowMs: number,
): readonly LogEntry[] | undefined {
  const { container, previous, ...options } = request;
  const spec = findContainer(pod, container)?.spec;
  const record = state?.records.filter(({ name }) => name === container)[previous === true ? 1 : 0];
  if (spec === undefined || record === undefined) return undefined;
  const own = (): readonly LogEntry[] => logsOf(record, startOfRecord(pod, spec, record), nowMs);
  const { dropped, former, lines } = programs.log(pod, record.id, own);
  return chosen(former === dropped ? lines : lines.slice(former - dropped), options);
}
