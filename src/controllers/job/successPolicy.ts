import type { Job } from '../../api/schema/types/batch/v1.ts';
import { countIndexes, hasIndex, parseIndexes, type IndexSet } from './indexes.ts';

/**
 * Whether enough indexes have succeeded by spec.successPolicy; the message names the first rule that is met.
 * A rule with indexes and a count wants that many of those indexes; with indexes only, all of them; with a count only, that many of any.
 * Counterpart: matchSuccessPolicy of k8s.io/kubernetes/pkg/controller/job/success_policy.go.
 */
export function metSuccessPolicy(job: Job, succeeded: IndexSet): string | undefined {
  const rules = job.spec?.successPolicy?.rules ?? [];
  if (countIndexes(succeeded) === 0) return undefined;
  const met = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && countIndexes(succeeded) >= succeededCount;
    const wanted = parseIndexes(succeededIndexes, job.spec?.completions ?? 0);
    const wantedCount = countIndexes(wanted);
    let done = 0;
    for (const { first, last } of wanted) for (let index = first; index <= last; index++) if (hasIndex(succeeded, index)) done++;
    return done >= Math.min(succeededCount ?? wantedCount, wantedCount);
  });
  return met < 0 ? undefined : `Matched rules at index ${met}`;
}
