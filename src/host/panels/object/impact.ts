/**
 * What a fault did to the cluster, from the record of the past: faults that were set by hand have a report as those of scenarios have.
 * Invariant: made when somebody looks; then each revision is taken in once. Counterpart: none; an incident's report.
 */
import { formatDuration } from '../../../api/kubepad/duration.ts';
import type { Past } from '../../../cluster/past/past.ts';
import { PastView } from '../../../cluster/past/view.ts';
import { Impacts, type Dip, type Impact } from '../../../scenario/impact.ts';
import type { ImpactModel } from './model.ts';

/** The reports of all faults that the record of a cluster knows. */
export class FaultReports {
  private readonly past: Past;
  private followed: { readonly impacts: Impacts; readonly first: number; readonly beganAt: number; next: number } | undefined;

  constructor(past: Past) {
    this.past = past;
  }

  /** By now. The report of a fault that began before the record does is not there. */
  now(): readonly ImpactModel[] {
    const { past } = this;
    if (this.followed === undefined) this.followed = { ...this.begin(), next: past.first };
    // What is forgotten has been taken in before: it is looked at often enough or not at all.
    if (this.followed.next < past.first) this.followed = { ...this.begin(), next: past.first };
    const { followed } = this;
    for (const entry of past.between(followed.next, past.last)) followed.impacts.see(entry);
    followed.next = past.last;
    return followed.impacts.report().map((impact) => modelOf(impact, followed.beganAt));
  }

  /** By a revision of the past. */
  at(revision: number): readonly ImpactModel[] {
    const { impacts, first, beganAt } = this.begin();
    for (const entry of this.past.between(first, revision)) impacts.see(entry);
    return impacts.report().map((impact) => modelOf(impact, beganAt));
  }

  private begin(): { readonly impacts: Impacts; readonly first: number; readonly beganAt: number } {
    const { past } = this;
    const { first, begin } = past;
    return { impacts: new Impacts(new PastView(past.present, past, first), begin), first, beganAt: begin };
  }
}

function modelOf(impact: Impact, beganAt: number): ImpactModel {
  const { fault, type, fromMs, overMs, readyPods, readyNodes, milliCpu, budgets, recoveredAfterMs, requests } = impact;
  const whole = readyPods.least >= readyPods.before;
  return {
    fault,
    type,
    from: beganAt + fromMs,
    over: overMs === undefined ? undefined : beganAt + overMs,
    rows: [
      rowOf('Ready Pods', readyPods, String),
      rowOf('Ready nodes', readyNodes, String),
      rowOf('CPU of ready nodes', milliCpu, (milli) => `${milli / 1000}`),
      ...budgets.map(({ name, before, least }) => ({
        key: `Room of budget ${name}`,
        before: String(before),
        least: String(least),
        after: '',
        lost: least < before,
      })),
    ],
    recovered: whole
      ? 'no ready Pod was lost'
      : recoveredAfterMs === undefined
        ? 'not yet'
        : `after ${formatDuration(rounded(recoveredAfterMs))}`,
    tone: whole ? 'ok' : recoveredAfterMs === undefined ? 'error' : 'warn',
    requests: requests.sent === 0 ? 'none were sent' : `${requests.lost} of ${requests.sent} lost`,
    requestsLost: requests.lost > 0,
  };
}

/** Above ten seconds nobody counts thousandths. */
function rounded(ms: number): number {
  return ms < 10_000 ? ms : Math.round(ms / 1000) * 1000;
}

function rowOf(key: string, { before, least, after }: Dip, text: (value: number) => string): ImpactModel['rows'][number] {
  return { key, before: text(before), least: text(least), after: text(after), lost: least < before };
}
