/**
 * Which function answers which request about time.
 * Invariant: while the past is shown nothing is written by way of the views; a run ends at its goal and leaves the clock paused.
 */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import type { Judge } from '../../../manifest/judge.ts';
import { RUN_LIMIT_MS } from '../../../sim/simulation.ts';
import { isAct } from '../../panels/timeline/source.ts';
import type { Moment } from '../../panels/timeline/model.ts';
import { timelineRequests, type Goal, type RunOutcome } from '../../protocol/timeline.ts';
import { controlClock } from '../clock.ts';
import { createInProcessRest } from '../inProcessRest.ts';
import { applyFiles } from '../manifests.ts';
import type { Session } from '../session.ts';
import type { ShownFork } from './shownFork.ts';
import { parseCondition } from './condition.ts';

export function handleTimelineRequests(connection: MessageConnection, judge: Judge, session: () => Session, shownFork: ShownFork): void {
  connection.onRequest(timelineRequests.show, (moment) => {
    session().show(revisionOf(session(), moment));
    return session().shown.revision ?? null;
  });
  connection.onRequest(timelineRequests.run, (goal, token) => runTo(session(), goal, token));
  connection.onRequest(timelineRequests.fork, () => {
    const { forks, past, shown, driver } = session();
    driver.sync();
    return forks.create(past, shown.revision ?? past.last);
  });
  connection.onRequest(timelineRequests.forkRun, async ({ fork, ms }) => {
    await session().forks.run(fork, ms);
    return null;
  });
  connection.onRequest(timelineRequests.forkApply, async ({ fork, files, namespace, title }, token) => {
    const { forks } = shownFork.home;
    const api = forks.cluster(fork)?.api;
    if (api === undefined) return null;
    const rest = createInProcessRest({ api, before: () => undefined, after: () => undefined });
    const report = await applyFiles(
      { rest, judge, token, onProgress: () => undefined },
      { files, dryRun: false, namespace, progress: undefined },
    );
    forks.note(fork, `applied ${title}`);
    return report;
  });
  connection.onRequest(timelineRequests.forkShow, ({ fork }) => {
    shownFork.show(fork);
    return null;
  });
  connection.onRequest(timelineRequests.forkDiscard, ({ fork }) => {
    if (shownFork.side === fork) shownFork.close();
    session().forks.discard(fork);
    return null;
  });
}

function revisionOf({ past, shown }: Session, moment: Moment): number | undefined {
  switch (moment.to) {
    case 'now':
      return undefined;
    case 'revision':
      return moment.revision;
    case 'time':
      return past.at(moment.at);
    case 'act': {
      const { by } = moment;
      for (let revision = (shown.revision ?? past.last) + by; revision > past.first && revision <= past.last; revision += by) {
        const entry = past.entry(revision);
        if (entry !== undefined && isAct(entry)) return revision;
      }
      return by > 0 ? undefined : past.first;
    }
  }
}

async function runTo(session: Session, goal: Goal, token: CancellationToken): Promise<RunOutcome> {
  const { cluster, driver, rest } = session;
  const begin = testOf(session, goal);
  if (typeof begin === 'string') return { reason: 'done', error: begin };
  session.show(undefined);
  await controlClock(cluster, rest, { paused: true }, token, () => driver.running, session.onDidClose);
  const limitAt = cluster.simulation.now() + RUN_LIMIT_MS;
  const reason = await driver.runAhead({ goal: undefined, isMet: begin(), limitAt }, token);
  session.written();
  return { reason, error: '' };
}

/** Called when the run begins, gives what is asked after each event. A text says why there is nothing to ask. */
function testOf({ cluster, past }: Session, goal: Goal): (() => () => boolean) | string {
  const { simulation } = cluster;
  switch (goal.until) {
    case 'event':
      return () => {
        const before = simulation.eventsHandled;
        return () => simulation.eventsHandled > before;
      };
    case 'act':
      return () => {
        let seen = past.last;
        return () => {
          const since = past.between(seen, past.last);
          seen = past.last;
          return since.some(isAct);
        };
      };
    case 'condition': {
      const test = parseCondition(goal.condition, cluster);
      return typeof test === 'string' ? test : () => test;
    }
  }
}
