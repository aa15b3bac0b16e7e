/**
 * What a container's processes find around them: files, variables, user, limits, network.
 * Invariant: derived from the Pod, the container's record and the objects it refers to; keeps nothing.
 * Counterpart: what the kubelet tells the container runtime (generateContainerConfig of pkg/kubelet/kuberuntime).
 */
import type { ResourceList } from '../../api/core/pod/effective.ts';
import type { Container, Node, Pod, Service } from '../../api/schema/types/core/v1.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import { baseImage } from '../../runtime/files/baseImage.ts';
import { encodeUtf8 } from '../../runtime/files/bytes.ts';
import { FileSystem, type Mount } from '../../runtime/files/fileSystem.ts';
import { filesOver, type ImageContent } from '../../runtime/images/content.ts';
import { hasTool } from '../../runtime/images/tools.ts';
import type { Rotation } from '../../runtime/logFile.ts';
import type { Network } from '../../runtime/network.ts';
import type { Machine, PodNetwork } from '../../runtime/process/machine.ts';
import type { World } from '../../runtime/process/world.ts';
import { foreignProgram } from '../../runtime/programs/foreign.ts';
import { COMMANDS } from '../../runtime/shell/commands/commands.ts';
import { runShell } from '../../runtime/shell/interpreter.ts';
import { handlesSignal, serve } from '../../runtime/process/servers.ts';
import { limitsOf } from '../limits.ts';
import { isInMemory, roomIn, sharedMemory } from '../memoryVolumes.ts';
import { environmentOf, explainedEnvironment, textsOf, type Sources } from '../server/environment.ts';
import { mountsOf, type LayerKey, type VolumeSources } from '../server/mounts.ts';
import { rotationOf } from '../server/rotation.ts';
import { lastRefresh, shownObject } from '../server/refresh.ts';
import type { PodState } from '../state.ts';
import { procFile } from './proc.ts';
import type { Worlds } from './worlds.ts';

export interface SurroundingsEnvironment {
  readonly store: Store;
  readonly worlds: Worlds;
  readonly nowMs: () => number;
  readonly state: (uid: string) => Readonly<PodState> | undefined;
  readonly object: (resource: 'configmaps' | 'secrets', namespace: string, name: string) => Readonly<Record<string, unknown>> | undefined;
  readonly content: (digest: string | undefined) => ImageContent | undefined;
  readonly network: () => Network;
}

/** One start of a container of a Pod. */
export interface Place {
  readonly pod: Pod;
  readonly container: Container;
  readonly record: ContainerRecord;
}

export type TokenSource = (pod: Pod, audience: string | undefined, expirationSeconds: number) => string;

export class Surroundings {
  private readonly environment: SurroundingsEnvironment;
  private readonly token: TokenSource;

  constructor(environment: SurroundingsEnvironment, token: TokenSource) {
    this.environment = environment;
    this.token = token;
  }

  machine(place: Place, world: World): Machine {
    const { pod, container, record } = place;
    const { nowMs, store, network } = this.environment;
    let files: FileSystem | undefined;
    let rotation: Rotation | undefined;
    const image = record.described?.base ?? container.image ?? '';
    const node = store.get('nodes', pod.spec?.nodeName ?? '') as Node | undefined;
    return {
      world,
      files: () => (files ??= this.files(place, world.env)),
      hostName: hostNameOf(pod),
      user: userOf(pod, container, record),
      nowMs,
      limits: limitsOf(container),
      node: {
        memoryBytes: value(node?.status?.capacity?.['memory']),
        cpus: Math.max(Math.floor(milliValue(node?.status?.capacity?.['cpu']) / 1000), 1),
        name: pod.spec?.nodeName ?? '',
      },
      addresses: this.addresses(pod),
      ...(sharedMemory(this.environment.worlds, pod, container) === undefined
        ? {}
        : { sharedBytes: () => sharedMemory(this.environment.worlds, pod, container) ?? 0 }),
      rotation: () => (rotation ??= rotationOf(store, pod)),
      network: networkOf(network, pod),
      commands: COMMANDS,
      has: (name) => hasTool(image, name),
      foreign: (args, env) =>
        foreignProgram(
          image,
          args,
          env,
          (container.ports ?? []).map(({ containerPort }) => containerPort),
        ),
      shell: runShell,
      serve,
      handles: handlesSignal,
    };
  }

  files(place: Place, env: Readonly<Record<string, string>>): FileSystem {
    const { pod, container, record } = place;
    const { nowMs, content: contentOf, network } = this.environment;
    const { described } = record;
    const content = described === undefined ? undefined : contentOf(described.digest);
    const { nameservers, searches, options } = network().resolver(pod);
    const base = baseImage(described?.base ?? container.image ?? '', {
      hostName: hostNameOf(pod),
      address: this.addresses(pod)[0] ?? '127.0.0.1',
      nameservers,
      searches,
      options,
      hostAliases: (pod.spec?.hostAliases ?? []).map(({ ip, hostnames }) => ({ ip, names: hostnames ?? [] })),
    });
    const lower = content === undefined ? base : filesOver(base, content.spec);
    const owner = `pod/${pod.metadata.uid ?? ''}`;
    const root = this.mount(
      '',
      container.securityContext?.readOnlyRootFilesystem === true,
      { owner, name: `container/${container.name}/${record.attempt}` },
      lower,
    );
    const message = container.terminationMessagePath ?? '/dev/termination-log';
    const messages = this.mount(
      message,
      false,
      { owner, name: `message/${record.id}` },
      { '': { kind: 'file', content: '', mode: 0o666, atMs: record.createdAtMs } },
    );
    return new FileSystem([root, messages, ...mountsOf(pod, container, env, this.volumeSources(place))], nowMs, (path) => {
      const text = procFile(path, place, this.environment.worlds.peek(record.id), nowMs());
      return text === undefined ? undefined : encodeUtf8(text);
    });
  }

  /** A variable keeps the value that it had when the container was started. */
  variables(place: Place): Record<string, string> {
    return environmentOf(place.pod, place.container, this.variableSources(place));
  }

  /** The same with where each is from. */
  explainedVariables(place: Place): ReturnType<typeof explainedEnvironment> {
    return explainedEnvironment(place.pod, place.container, this.variableSources(place));
  }

  private variableSources({ pod, container, record }: Place): Sources {
    const { store, object } = this.environment;
    const namespace = pod.metadata.namespace ?? '';
    const api = namespace === 'default' ? undefined : store.get('services', 'default/kubernetes');
    const ofImage = Object.fromEntries((record.described?.config?.env ?? []).map(({ name, value: text = '' }) => [name, text]));
    return {
      image: ofImage,
      services: [...store.list('services', namespace), ...(api === undefined ? [] : [api])] as readonly Service[],
      data: (resource, name) => {
        const found = keptOf(record, resource, name, () => object(resource, namespace, name));
        return found === undefined ? undefined : textsOf(found, resource === 'secrets');
      },
      allocatable: () => this.allocatable(pod),
      hostName: hostNameOf(pod),
      home: homeOf(userOf(pod, container, record)),
    };
  }

  private allocatable({ spec }: Pod): ResourceList {
    return (this.environment.store.get('nodes', spec?.nodeName ?? '') as Node | undefined)?.status?.allocatable ?? {};
  }

  /** Before the status says it, the sandbox knows it. */
  private addresses(pod: Pod): readonly string[] {
    const own = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
    const sandbox = this.environment.state(pod.metadata.uid ?? '')?.sandbox?.ip;
    return own.length > 0 ? own : sandbox === undefined ? ['127.0.0.1'] : [sandbox];
  }

  private mount(path: string, readOnly: boolean, { owner, name }: LayerKey, lower: Mount['lower'], room?: () => number): Mount {
    const { worlds } = this.environment;
    return {
      path,
      readOnly,
      lower,
      get upper() {
        return worlds.layer(owner, name);
      },
      change: () => worlds.changeLayer(owner, name),
      ...(room === undefined ? {} : { room }),
    };
  }

  private volumeSources({ pod, record }: Place): VolumeSources {
    const { nowMs, object, store, worlds } = this.environment;
    const { namespace = '', uid = '' } = pod.metadata;
    const state = this.environment.state(uid);
    const mountedMs = record.startedAtMs ?? record.createdAtMs;
    const refreshedMs = lastRefresh(uid, { mountedMs, syncedMs: state?.syncedAtMs ?? 0 }, nowMs());
    const shown: VolumeSources['object'] = (resource, name) =>
      state === undefined
        ? object(resource, namespace, name)
        : (shownObject(store, resource, namespace, name, { mountedMs, refreshedMs }) as unknown as ReturnType<VolumeSources['object']>);
    return {
      nowMs,
      mount: (path, readOnly, key, volume) => {
        const node = (): Node | undefined => store.get('nodes', pod.spec?.nodeName ?? '') as Node | undefined;
        return this.mount(path, readOnly, key, {}, isInMemory(volume) ? () => roomIn(worlds, pod, volume, node()) : undefined);
      },
      object: shown,
      objectAtStart: (resource, name) => keptOf(record, resource, name, () => shown(resource, name)),
      token: (audience, seconds) => this.token(pod, audience, seconds),
      allocatable: () => this.allocatable(pod),
    };
  }
}

export function hostNameOf(pod: Pod): string {
  const name = pod.spec?.hostNetwork === true ? (pod.spec.nodeName ?? '') : (pod.spec?.hostname ?? pod.metadata.name ?? '');
  return name.slice(0, 63).replace(/[-.]+$/, '');
}

export function userOf(pod: Pod, container: Container, { described }: ContainerRecord): Machine['user'] {
  const ofImage = described?.config?.user?.split(':')[0];
  const own = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const id = own ?? (ofImage === undefined ? 0 : /^\d+$/.test(ofImage) ? Number(ofImage) : (USERS[ofImage] ?? FIRST_USER));
  const group = container.securityContext?.runAsGroup ?? pod.spec?.securityContext?.runAsGroup ?? 0;
  const named = own === undefined && ofImage !== undefined && !/^\d+$/.test(ofImage) ? ofImage : undefined;
  return { id, group, name: named ?? (id === 0 ? 'root' : String(id)) };
}

/** The number of a user that an image makes for itself, and those that images have from the beginning. */
const FIRST_USER = 1000;
const USERS: Readonly<Record<string, number>> = { root: 0, nginx: 101, nobody: 65_534, 'www-data': 33 };

/** As the images' `/etc/passwd` says; of a number that is not in there it is the root. */
function homeOf({ id, name }: Machine['user']): string {
  if (id === 0 && name === 'root') return '/root';
  return name === String(id) ? '/' : `/home/${name}`;
}

function networkOf(network: () => Network, pod: Pod): PodNetwork {
  return {
    lookup: (name) => network().lookup(pod, name),
    query: (name, type, options) => network().query(pod, name, type, options),
    connect: (target) => network().connect(pod, target),
    request: (target, request) => network().request(pod, target, request),
  };
}

/** The object as it was when the container was started, where that was noted. */
function keptOf(
  { configuration }: ContainerRecord,
  resource: 'configmaps' | 'secrets',
  name: string,
  otherwise: () => Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const kept = configuration?.[`${resource}/${name}`];
  return kept === undefined ? otherwise() : (kept ?? undefined);
}
