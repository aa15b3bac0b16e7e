/** Outcomes in words for people. */
import { formatDuration } from '../api/kubepad/duration.ts';
import type { Impact } from './impact.ts';
import { textOfFailure, type PlacedFailure, type ScenarioOutcome } from './outcome.ts';

/** Its steps with their times, then what each fault did. */
export function reportOf({ steps, impacts, tookMs }: ScenarioOutcome): readonly string[] {
  const marks = { passed: '✔', failed: '✖', skipped: '-' } as const;
  return [
    ...steps.map(({ state, label, atMs, tookMs: took }) => {
      const time = state === 'skipped' ? '' : ` (+${formatDuration(atMs)}${took === 0 ? '' : `, took ${formatDuration(took)}`})`;
      return `${marks[state]} ${label}${time}`;
    }),
    ...impacts.map(impactText),
    `${formatDuration(tookMs)} of virtual time`,
  ];
}

/** What does not hold, with its moment. */
export function sentenceOf(failure: PlacedFailure): string {
  return `${textOfFailure(failure)}${failure.atMs === 0 ? '' : ` (at ${formatDuration(failure.atMs)})`}`;
}

/** What a fault did, in one line. */
export function impactText({ fault, type, readyPods, readyNodes, milliCpu, budgets, recoveredAfterMs, requests }: Impact): string {
  const cores = (milli: number): string => `${milli / 1000}`;
  const parts = [
    `ready Pods ${readyPods.before} → ${readyPods.least} → ${readyPods.after}`,
    readyNodes.least < readyNodes.before
      ? `ready nodes ${readyNodes.before} → ${readyNodes.least} → ${readyNodes.after}, CPU ${cores(milliCpu.before)} → ${cores(milliCpu.least)} → ${cores(milliCpu.after)}`
      : '',
    ...budgets.map(({ name, before, least }) => `room of budget ${name} ${before} → ${least}`),
    readyPods.least >= readyPods.before
      ? 'no ready Pod lost'
      : recoveredAfterMs === undefined
        ? 'not recovered'
        : `recovered after ${formatDuration(recoveredAfterMs)}`,
    requests.sent === 0 ? '' : `${requests.lost} of ${requests.sent} requests lost`,
  ];
  return `${type} ${fault}: ${parts.filter((part) => part !== '').join('; ')}`;
}
