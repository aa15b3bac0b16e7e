import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import { EventsRecorder } from '../../client/eventsRecorder.ts';
import type { KubeSchedulerConfiguration } from '../apis/config/types.ts';
import type { Cache } from '../backend/cache/cache.ts';
import type { BindingHandle, SchedulerReader } from '../framework/interface.ts';
import { Profile } from '../framework/runtime/profile.ts';
import type { Recorder } from '../framework/runtime/recorder.ts';
import type { Nominator } from '../nominator.ts';
import { pluginsOf } from './plugins.ts';

export const DEFAULT_SCHEDULER = 'default-scheduler';

/** A profile at work: its plugins, what they may see, and the recorder of the events that carry its name. */
export interface Framework {
  readonly profile: Profile;
  readonly handle: BindingHandle;
  readonly events: EventsRecorder;
  /** 0: as many nodes as the size of the cluster suggests. */
  readonly percentageOfNodesToScore: number;
}

export interface FrameworkEnvironment {
  readonly client: Client;
  readonly reader: SchedulerReader;
  readonly cache: Cache;
  readonly nominator: Nominator;
  readonly recorder?: Recorder;
  readonly now: () => number;
}

/** By scheduler name, in the order of the configuration. */
export function createFrameworks(
  configuration: KubeSchedulerConfiguration | undefined,
  environment: FrameworkEnvironment,
): ReadonlyMap<string, Framework> {
  const { client, recorder, now } = environment;
  const given = configuration?.profiles ?? [];
  const frameworks = new Map<string, Framework>();
  for (const settings of given.length === 0 ? [{}] : given) {
    const name = (settings.schedulerName ?? '') === '' ? DEFAULT_SCHEDULER : (settings.schedulerName ?? '');
    const { plugins, orderAt } = pluginsOf(settings);
    const profile = new Profile(name, plugins, recorder, orderAt);
    frameworks.set(name, {
      profile,
      handle: createHandle(profile, environment),
      events: new EventsRecorder(client, name, now),
      percentageOfNodesToScore: settings.percentageOfNodesToScore ?? configuration?.percentageOfNodesToScore ?? 0,
    });
  }
  return frameworks;
}

export function schedulerNameOf(pod: Pod): string {
  return pod.spec?.schedulerName ?? DEFAULT_SCHEDULER;
}

function createHandle(profile: Profile, { client, reader, cache, nominator, now }: FrameworkEnvironment): BindingHandle {
  const handle: BindingHandle = {
    now,
    nodeInfos: () => cache.list(),
    nodeInfo: (name) => cache.get(name),
    imageState: (image) => cache.imageState(image),
    runFilters: (state, pod, node) => nominator.filterWithNominated(profile, handle, state, pod, node),
    runPreFilterAddPod: (state, pod, added, node) => profile.addPod(state, pod, added, node),
    runPreFilterRemovePod: (state, pod, removed, node) => profile.removePod(state, pod, removed, node),
    podCounter: (selection) => cache.podCounters.get(selection),
    termsAbout: (kind, pod) => cache.placedTerms.about(kind, pod),
    isClaimUsed: (key) => cache.isClaimUsed(key),
    client,
    reader,
  };
  return handle;
}
