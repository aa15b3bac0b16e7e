/**
 * The clock as the extension drives and sees it: every wish is a write of the Clock object, every change is told.
 * Invariant: what the sidebar does to time, kubectl could do as well.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Event } from '../../base/emitter.ts';
import { DisposableStore } from '../../base/lifecycle.ts';
import { CLUSTER_CLOCK, type Clock } from '../../api/kubepad/types.ts';
import { parseSpeed } from '../../api/kubepad/clock/strategy.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Rest } from '../../kubectl/rest.ts';
import type { ClockControl, ClockOutcome } from '../protocol/protocol.ts';
import type { ClockState, ObjectRef } from '../protocol/view.ts';
import { patch } from './objects.ts';

const REF: ObjectRef = { apiVersion: 'kubepad.dev/v1', kind: 'Clock', namespace: '', name: CLUSTER_CLOCK };

export function clockOf(cluster: Cluster, running: boolean): ClockState {
  const { simulation } = cluster;
  const { paused = false, speed = 1 } = readClock(cluster)?.spec ?? {};
  return {
    now: simulation.now(),
    start: cluster.options.startTime,
    paused,
    speed: parseSpeed(speed) ?? 1,
    running,
    stable: simulation.stable,
  };
}

/** Names of requests: unique as long as the cluster lives. */
function requestId(cluster: Cluster): string {
  return `sidebar-${cluster.api.store.revision + 1}`;
}

/**
 * Writes the wish and waits until it is carried out. A run that is cancelled ends where it is.
 * @param running whether a run is under way
 * @param closed the cluster is no more: nobody will carry out what is still waited for
 */
export async function controlClock(
  cluster: Cluster,
  rest: Rest,
  control: ClockControl,
  token: CancellationToken,
  running: () => boolean,
  closed: Event<void>,
): Promise<ClockOutcome> {
  const isRun = control.stepMs !== undefined || control.runUntil !== undefined;
  const id = requestId(cluster);
  const spec = {
    ...(control.paused === undefined ? {} : { paused: control.paused }),
    ...(control.speed === undefined ? {} : { speed: control.speed }),
    ...(control.stepMs === undefined ? {} : { paused: true }),
    ...(isRun
      ? {
          requestID: id,
          step: control.stepMs === undefined ? null : `${Math.max(1, Math.round(control.stepMs))}ms`,
          runUntil: control.runUntil ?? null,
          limit: null,
        }
      : {}),
  };
  const answer = await patch(rest, { ref: REF, type: 'merge', patch: { spec }, subresource: '' });
  if (!answer.ok) throw new Error(answer.status.message ?? 'the clock could not be changed');
  if (!isRun) return { clock: clockOf(cluster, running()), reason: 'Done' };
  const done = await observed(cluster, id, token, closed, async () => {
    const stop = { spec: { requestID: `${id}-stop`, step: '1ms', runUntil: null } };
    await patch(rest, { ref: REF, type: 'merge', patch: stop, subresource: '' });
  });
  return { clock: clockOf(cluster, running()), reason: done?.status?.reason ?? 'Done' };
}

/** The Clock once it has answered the request, or another one that took its place. */
function observed(
  cluster: Cluster,
  id: string,
  token: CancellationToken,
  closed: Event<void>,
  cancel: () => Promise<void>,
): Promise<Clock | undefined> {
  return new Promise((resolve) => {
    const isDone = (clock: Clock | undefined): boolean =>
      clock === undefined ||
      clock.status?.observedRequestID === id ||
      (clock.spec?.requestID !== id && clock.status?.observedRequestID === clock.spec?.requestID);
    const now = readClock(cluster);
    if (isDone(now)) {
      resolve(now);
      return;
    }
    const resources = new DisposableStore();
    const end = (clock: Clock | undefined): void => {
      resources.dispose();
      resolve(clock);
    };
    resources.add(token.onCancellationRequested(() => void cancel()));
    resources.add(closed(() => end(undefined)));
    resources.add(
      cluster.api.store.onRevision(({ resource, object }) => {
        if (resource === 'clocks.kubepad.dev' && isDone(object as Clock)) end(object as Clock);
      }),
    );
  });
}

function readClock(cluster: Cluster): Clock | undefined {
  return cluster.api.store.get('clocks.kubepad.dev', CLUSTER_CLOCK) as Clock | undefined;
}
