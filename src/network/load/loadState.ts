import type { FailureCause, Load, LoadStatus } from '../../api/kubepad/load/types.ts';
import { phaseAt, spanOf } from '../../api/kubepad/span.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { rateAt } from './rate.ts';
import { emptyHistogram, latencyText, percentile, type Histogram } from './latency.ts';

/** What became of the requests of one Load so far. Plain data; counts are not whole, as many requests are worked out at once. */
export interface LoadState {
  readonly startMs: number;
  sent: number;
  answered: number;
  readonly failed: Partial<Record<FailureCause, number>>;
  /** Of the answers since the status was written last. */
  latency: Histogram;
  /** Why requests fail now. */
  message: string;
}

export function newLoadState(startMs: number): LoadState {
  return { startMs, sent: 0, answered: 0, failed: {}, latency: emptyHistogram(), message: '' };
}

export function copyLoadState(state: LoadState): LoadState {
  return { ...state, failed: { ...state.failed }, latency: [...state.latency] };
}

export function fail(state: LoadState, cause: FailureCause, count: number, why: string): void {
  if (count <= 0) return;
  state.failed[cause] = (state.failed[cause] ?? 0) + count;
  if (count > 0.01) state.message = why;
}

/** The status that says it. The percentiles of an interval without answers are those of the one before. */
export function statusOf(load: Load, state: LoadState | undefined, nowMs: number): LoadStatus {
  const span = spanOf(load, nowMs);
  const phase = phaseAt(span, nowMs);
  const endsAt = span.endMs === undefined ? {} : { endsAt: formatTime(span.endMs) };
  if (state === undefined)
    return { ...load.status, phase, ...(phase === 'Pending' ? {} : { activeSince: formatTime(span.startMs) }), ...endsAt };
  const rate = load.spec?.rate;
  const failures = Object.entries(state.failed)
    .map(([cause, count]) => ({ cause: cause as FailureCause, count: Math.round(count) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => (a.cause < b.cause ? -1 : 1));
  const times = [0.5, 0.9, 0.99].map((share) => percentile(state.latency, share));
  const [p50, p90, p99] = times.map((ms) => (ms === undefined ? undefined : latencyText(ms)));
  const latency = p50 === undefined || p90 === undefined || p99 === undefined ? load.status?.latency : { p50, p90, p99 };
  return {
    phase,
    activeSince: formatTime(state.startMs),
    ...endsAt,
    requestsPerSecond: phase === 'Active' && rate !== undefined ? Math.round(rateAt(rate, nowMs - state.startMs) * 10) / 10 : 0,
    sent: Math.round(state.sent),
    answered: Math.round(state.answered),
    failed: failures.reduce((sum, { count }) => sum + count, 0),
    ...(failures.length === 0 ? {} : { failures }),
    ...(latency === undefined ? {} : { latency }),
    ...(state.message === '' || phase !== 'Active' ? {} : { message: state.message }),
  };
}
