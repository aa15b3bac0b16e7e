import { parseDuration } from '../../api/kubepad/duration.ts';
import type { LoadRate } from '../../api/kubepad/load/types.ts';

const RAMP_MS = 300_000;
const WAVE_MS = 600_000;
const SPIKE_MS = 60_000;

/**
 * Requests per second at a time after the beginning.
 * Worked example: a Wave from 100 to 300 with a period of 10m has 100 at its beginning, 200 after 2m30s, 300 after 5m.
 */
export function rateAt(
  { shape = 'Constant', requestsPerSecond, peak = requestsPerSecond, period, after, length }: LoadRate,
  ageMs: number,
): number {
  const rise = peak - requestsPerSecond;
  switch (shape) {
    case 'Constant':
      return requestsPerSecond;
    case 'Ramp':
      return requestsPerSecond + rise * Math.min(1, ageMs / duration(period, RAMP_MS));
    case 'Spike': {
      const start = duration(after, SPIKE_MS);
      return ageMs >= start && ageMs < start + duration(length, SPIKE_MS) ? peak : requestsPerSecond;
    }
    case 'Wave': {
      const phase = (ageMs / duration(period, WAVE_MS)) % 1;
      return requestsPerSecond + rise * smooth(1 - Math.abs(2 * phase - 1));
    }
  }
}

/** Requests between two times after the beginning, each the middle of its part. */
export function requestsBetween(rate: LoadRate, fromMs: number, toMs: number): number {
  return (rateAt(rate, (fromMs + toMs) / 2) * (toMs - fromMs)) / 1000;
}

/** From 0 to 1 with soft ends. A polynomial, as the last digits of a sine are not the same everywhere. */
function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

function duration(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? otherwise;
}
