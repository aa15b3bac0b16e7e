/** What the kubelets do when processes in containers end or want to go on. */
import type { KubeletHost } from '../kubelets.ts';
import { watchLocalStorage } from '../eviction/localStorage.ts';
import { hostPathDisk, podDisk } from '../eviction/disk.ts';
import { diskFilled, watchNode } from '../eviction/manager.ts';
import { sharedMemory } from '../memoryVolumes.ts';
import { noticeExit } from '../podWorkers.ts';
import { probeEnded } from '../prober/worker.ts';
import type { PodState } from '../state.ts';
import { execError } from '../hooks.ts';
import { hookEnded } from '../stopping.ts';
import type { ProgramsHost } from './programs.ts';
import type { Place, SurroundingsEnvironment } from './surroundings.ts';
import type { Worlds } from './worlds.ts';

/** Whoever takes so much memory or disk may bring the node into need. */
const NOTABLE_BYTES = 256 * 1024 * 1024;

export function programsHost(host: KubeletHost): ProgramsHost {
  const stateOf = ({ pod }: Place): PodState | undefined => host.state(pod.metadata.uid ?? '');
  return {
    exited: (place, exit) => {
      const state = stateOf(place);
      const record = state?.records.find(({ id }) => id === place.record.id);
      // The one that is being started is in no list yet.
      place.record.exit = exit;
      if (state === undefined || record === undefined) return;
      record.exit = exit;
      noticeExit(host, state, exit.atMs);
      lookAtStops(host, state);
    },
    noticed: (place, { kind, index = 0 }, exitCode, output) => {
      const state = stateOf(place);
      if (state === undefined) return;
      if (kind === 'probe') return probeEnded(host, state, index, exitCode, output);
      if (kind === 'preStop') {
        hookEnded(host, state, place.container.name, exitCode !== 0);
        return lookAtStops(host, state);
      }
      const { step } = state;
      if (step?.kind !== 'run' || step.wait?.for !== 'postStart' || step.wait.container !== place.container.name) return;
      const command = place.container.lifecycle?.postStart?.exec?.command ?? [];
      step.wait = {
        for: 'postStart',
        container: place.container.name,
        error: execError(command, place.container, state, exitCode, output),
      };
      host.cancel(state.stepTimer);
      state.stepTimer = host.schedule(state, 'step', host.now());
    },
    wakeAt: (place, atMs, background) => {
      const state = stateOf(place);
      if (state === undefined) return;
      const { id } = place.record;
      const known = state.wakes[id];
      if (known?.atMs === atMs) return;
      if (known !== undefined) host.cancel(known);
      delete state.wakes[id];
      if (atMs !== undefined) state.wakes[id] = host.schedule(state, 'process', atMs, id, background);
    },
    ran: (place) => {
      const state = stateOf(place);
      if (state === undefined || state.work !== 'syncing') return;
      watchLocalStorage(host, state, place.pod);
      const node = host.findNode(state.node);
      if (node === undefined) return;
      const shared = sharedMemory(host.worlds, place.pod, place.container) ?? 0;
      if (host.programs.load(place.record.id).memoryBytes + shared >= NOTABLE_BYTES) watchNode(host, node);
      const wrote = host.worlds.takeChanged([`pod/${state.uid}`, `node/${state.node}`]);
      if (wrote && Math.max(podDisk(host, state).bytes, hostPathDisk(host, state.node).bytes) >= NOTABLE_BYTES) diskFilled(host, node);
    },
    cancel: (timer) => host.cancel(timer),
  };
}

/** Not at once: whoever stops the containers may be in the middle of it. */
function lookAtStops(host: KubeletHost, state: PodState): void {
  if (state.stops.length === 0) return;
  host.cancel(state.stopTimer);
  state.stopTimer = host.schedule(state, 'stop', host.now());
}

/** Where the processes of all containers find what is around them. @param state for reading only */
export function surroundingsOf(host: KubeletHost, worlds: Worlds, state: SurroundingsEnvironment['state']): SurroundingsEnvironment {
  return {
    store: host.api.store,
    worlds,
    nowMs: () => host.now(),
    state,
    object: (resource, namespace, name) => host.hasObject(resource, namespace, name),
    content: (digest) => host.catalog.content(digest),
    network: host.network,
  };
}
