import type { Pod } from '../../api/schema/types/core/v1.ts';
import { logsOf, type LogEntry, type LogOptions } from '../../runtime/logs.ts';
import { programOf, startOf } from '../../runtime/programs/programOf.ts';
import { findContainer } from '../containers.ts';
import type { PodState } from '../state.ts';

export interface LogRequest extends LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The container's start before the newest one. */
  readonly previous?: boolean;
}

/** The lines of a container's log; undefined if it never started. */
export function entriesOf(pod: Pod, state: PodState | undefined, request: LogRequest, nowMs: number): readonly LogEntry[] | undefined {
  const { container, previous, ...options } = request;
  const spec = findContainer(pod, container)?.spec;
  const record = state?.records.filter(({ name }) => name === container)[previous === true ? 1 : 0];
  if (spec === undefined || record === undefined) return undefined;
  return logsOf(record, startOf(programOf(pod, spec, record.described), record.attempt), nowMs, options);
}
