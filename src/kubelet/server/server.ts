/**
 * The kubelet's own API: logs, commands, attached terminals and ports of the containers that it runs.
 * Invariant: reads the Pod as the API server has it and the kubelet's records; writes nothing but files of containers.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/server.
 */
import type { Node, Pod, Service } from '../../api/schema/types/core/v1.ts';
import type {
  ContainerUsage,
  ExecOptions,
  LogOptions,
  LogReader,
  NodeApi,
  RemoteAnswer,
  RemoteConnection,
  RemoteOutput,
  RemoteProcess,
} from '../../apiserver/endpoints/nodeApi.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { isRunning, type ContainerRecord } from '../../runtime/container.ts';
import { baseImage } from '../../runtime/files/baseImage.ts';
import { fromBytes, toBytes } from '../../runtime/files/bytes.ts';
import { FileSystem, type Layer } from '../../runtime/files/fileSystem.ts';
import { filesOver, withImageDefaults, type ImageContent } from '../../runtime/images/content.ts';
import { PROGRAM_ANNOTATION } from '../../runtime/programs/programOf.ts';
import { isInteractiveShell } from '../../runtime/programs/wellKnown.ts';
import { COMMANDS } from '../../runtime/shell/commands/commands.ts';
import { Input, type Execution, type Machine, type Process } from '../../runtime/shell/process.ts';
import { RunningProcess } from '../../runtime/shell/running.ts';
import { runCommand } from '../../runtime/shell/shell.ts';
import { Terminal } from '../../runtime/shell/terminal.ts';
import type { PodState } from '../state.ts';
import { environmentOf, textsOf } from './environment.ts';
import { ContainerLog } from './logs.ts';
import { lastRefresh, shownObject } from './refresh.ts';
import { mountsOf, type VolumeSources } from './mounts.ts';
import { answerWith, connectionTo, fetchFrom } from './ports.ts';
import { findStarted, type Started } from './started.ts';
import { runningContainers } from './usage.ts';

export interface ServerEnvironment {
  readonly store: Store;
  readonly nowMs: () => number;
  readonly state: (uid: string) => PodState | undefined;
  readonly object: (resource: 'configmaps' | 'secrets', namespace: string, name: string) => Readonly<Record<string, unknown>> | undefined;
  /** Files by whom they belong to. */
  readonly layer: (key: string) => Layer;
  /** What an Image's digest stands for. */
  readonly content: (digest: string) => ImageContent | undefined;
  /** Whether a kubelet runs on the Pod's node. */
  readonly serves: (node: string) => boolean;
  readonly usage: (pod: Pod) => readonly ContainerUsage[];
}

/** What the process around the cluster adds: tokens, which are no part of the simulation, and the passing of time. */
export interface ServerHost {
  readonly token: (pod: Pod, audience: string | undefined, expirationSeconds: number) => string;
  readonly onAdvance: NodeApi['onAdvance'];
}

export class KubeletServer implements NodeApi {
  readonly onAdvance: NodeApi['onAdvance'];
  private readonly environment: ServerEnvironment;
  private readonly host: ServerHost;

  constructor(environment: ServerEnvironment, host: ServerHost) {
    this.environment = environment;
    this.host = host;
    this.onAdvance = host.onAdvance;
  }

  unreachable({ spec }: Pod, path: string): string | undefined {
    const node = spec?.nodeName ?? '';
    if (this.environment.serves(node)) return undefined;
    const addresses = (this.environment.store.get('nodes', node) as Node | undefined)?.status?.addresses ?? [];
    const address = `${addresses.find(({ type }) => type === 'InternalIP')?.address ?? node}:10250`;
    return `Get "https://${address}${path}": dial tcp ${address}: connect: connection refused`;
  }

  logs(pod: Pod, container: string, options: LogOptions): LogReader | string {
    const started = this.find(pod, container, options.previous);
    return typeof started === 'string' ? started : new ContainerLog(started, options, this.environment.nowMs);
  }

  exec(pod: Pod, container: string, options: ExecOptions): ((output: RemoteOutput) => RemoteProcess) | string {
    const started = this.running(pod, container);
    if (typeof started === 'string') return started;
    const [name = '', ...args] = options.command;
    if (!COMMANDS.has(name.startsWith('/') ? (name.split('/').at(-1) ?? '') : name)) {
      return () => ({ ...NOTHING, exitCode: 128, failure: notFound(started.record.id, name) });
    }
    return (output) => this.startProcess(pod, started, options, output, (task) => runCommand(task, name, args, 'sh'));
  }

  /** The container's own process: a shell that waits for input is there to be typed to; of others there is what they write from now on. */
  attach(pod: Pod, container: string, options: Omit<ExecOptions, 'command'>): ((output: RemoteOutput) => RemoteProcess) | string {
    const started = this.running(pod, container);
    if (typeof started === 'string') return started;
    const annotated = pod.metadata.annotations?.[PROGRAM_ANNOTATION + container] !== undefined;
    if (!annotated && options.stdin && isInteractiveShell(started.container)) {
      return (output) => this.startProcess(pod, started, options, output, (task) => runCommand(task, 'sh', [], 'sh'));
    }
    const log = new ContainerLog(started, { previous: false, timestamps: false, tailLines: 0 }, this.environment.nowMs);
    return (output) => this.startProcess(pod, started, options, output, (task) => follow(task, log, started));
  }

  dial(pod: Pod, port: number): RemoteConnection | string {
    return connectionTo(this.startedContainers(pod), port, this.environment.nowMs, (started, path) => this.page(pod, started, path));
  }

  fetch(pod: Pod, port: number, path: string): RemoteAnswer | string {
    return fetchFrom(this.startedContainers(pod), port, path, this.environment.nowMs, (started) => this.page(pod, started, path));
  }

  /** What a web server in the container says to a request that its program answers with this code. */
  answer(pod: Pod, started: Started, code: number, path: string): RemoteAnswer {
    return answerWith(code, started, path, (each, route) => this.page(pod, each, route));
  }

  usage(pod: Pod): readonly ContainerUsage[] {
    return this.environment.usage(pod);
  }

  private startProcess(
    pod: Pod,
    started: Started,
    { stdin, tty }: Omit<ExecOptions, 'command'>,
    output: RemoteOutput,
    begin: (task: Process) => number | Execution,
  ): RemoteProcess {
    const input = new Input('', !stdin);
    const out = (bytes: string): void => output.out(toBytes(tty ? Terminal.toScreen(bytes) : bytes));
    const err = tty ? out : (bytes: string): void => output.err(toBytes(bytes));
    const env = { ...this.variables(pod, started), ...(tty ? { TERM: 'xterm' } : {}) };
    const task = {
      machine: this.machine(pod, started, env),
      env,
      cwd: started.container.workingDir ?? started.record.described?.config?.workingDir ?? '/',
      input,
      out,
      err,
    };
    const running = new RunningProcess(asExecution(begin(task)), input, this.environment.nowMs);
    const terminal = new Terminal({
      show: (bytes) => output.out(toBytes(bytes)),
      line: (bytes) => running.write(bytes),
      end: () => running.closeInput(),
      interrupt: () => void (running.exitCode = 130),
    });
    return {
      write: (bytes) => (tty ? terminal.type(fromBytes(bytes)) : running.write(fromBytes(bytes))),
      closeInput: () => running.closeInput(),
      run: () => running.run(),
      get exitCode() {
        return running.exitCode;
      },
    };
  }

  private machine(pod: Pod, started: Started, env: Readonly<Record<string, string>>): Machine {
    const { nowMs } = this.environment;
    const { container, record } = started;
    const id = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser ?? 0;
    const group = container.securityContext?.runAsGroup ?? pod.spec?.securityContext?.runAsGroup ?? 0;
    return {
      files: this.files(pod, started, env),
      hostName: pod.spec?.hostname ?? pod.metadata.name ?? '',
      commands: COMMANDS,
      user: { id, group, name: id === 0 ? 'root' : String(id) },
      command: commandLine(started),
      startedAtMs: record.startedAtMs ?? 0,
      nowMs,
      fetch: (host, port, path) => {
        const local = ['localhost', '127.0.0.1', pod.status?.podIP, pod.metadata.name].includes(host);
        if (!local) return 'bad address';
        const answer = this.fetch(pod, port, path);
        return typeof answer === 'string' ? 'refused' : answer;
      },
    };
  }

  private files(pod: Pod, { container, record }: Started, env: Readonly<Record<string, string>>): FileSystem {
    const { nowMs, layer } = this.environment;
    const namespace = pod.metadata.namespace ?? '';
    const { described } = record;
    const content = described === undefined ? undefined : this.environment.content(described.digest);
    const base = baseImage(described?.base ?? container.image ?? '', {
      hostName: pod.spec?.hostname ?? pod.metadata.name ?? '',
      address: pod.status?.podIP ?? '127.0.0.1',
      nameserver: '10.96.0.10',
      search: [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'],
      hostAliases: (pod.spec?.hostAliases ?? []).map(({ ip, hostnames }) => ({ ip, names: hostnames ?? [] })),
    });
    const lower = content === undefined ? base : filesOver(base, content.spec);
    const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
    const root = { path: '', readOnly, lower, upper: layer(`pod/${pod.metadata.uid ?? ''}/container/${container.name}/${record.attempt}`) };
    return new FileSystem([root, ...mountsOf(pod, container, env, this.volumeSources(pod, record))], nowMs);
  }

  private volumeSources(pod: Pod, record: ContainerRecord): VolumeSources {
    const { nowMs, layer, object, store } = this.environment;
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
      layer,
      object: shown,
      objectAtStart: (resource, name) => keptOf(record, resource, name, () => shown(resource, name)),
      token: (audience, seconds) => this.host.token(pod, audience, seconds),
    };
  }

  /** A variable keeps the value that it had when the container was started. */
  private variables(pod: Pod, { container, record }: Started): Record<string, string> {
    const { store, object } = this.environment;
    const namespace = pod.metadata.namespace ?? '';
    const api = namespace === 'default' ? [] : store.list('services', 'default').filter(({ metadata }) => metadata.name === 'kubernetes');
    const ofImage = Object.fromEntries((record.described?.config?.env ?? []).map(({ name, value = '' }) => [name, value]));
    return environmentOf(pod, container, {
      image: ofImage,
      services: [...store.list('services', namespace), ...api] as readonly Service[],
      data: (resource, name) => {
        const found = keptOf(record, resource, name, () => object(resource, namespace, name));
        return found === undefined ? undefined : textsOf(found, resource === 'secrets');
      },
    });
  }

  /** The page that a container's web server gives. */
  private page(pod: Pod, started: Started, path: string): string {
    const files = this.files(pod, started, {});
    for (const root of ['/usr/share/nginx/html', '/usr/local/apache2/htdocs']) {
      const read = files.read(`${root}${path.endsWith('/') ? `${path}index.html` : path}`);
      if (typeof read !== 'string') return read.content;
    }
    return `${pod.metadata.name ?? ''} ${started.container.name} ${path}\n`;
  }

  private startedContainers(pod: Pod): readonly Started[] {
    return runningContainers(pod, this.environment.state(pod.metadata.uid ?? ''), this.environment.nowMs());
  }

  private running(pod: Pod, container: string): Started | string {
    const started = this.find(pod, container, false);
    if (typeof started === 'string') return `unable to upgrade connection: container not found ("${container}")`;
    if (isRunning(started.record, this.environment.nowMs())) return started;
    return `unable to upgrade connection: container not found ("${container}")`;
  }

  private find(pod: Pod, container: string, previous: boolean): Started | string {
    return findStarted(pod, this.environment.state(pod.metadata.uid ?? ''), container, previous);
  }
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

function commandLine({ container, record }: Started): string {
  const { command = [container.image ?? ''], args = [] } = withImageDefaults(container, record.described?.config);
  return [...command, ...args].join(' ');
}

function* follow(task: Process, log: ContainerLog, { record }: Started): Execution {
  for (;;) {
    const text = log.read();
    if (text !== '') task.out(fromBytes(new TextEncoder().encode(text)));
    if (log.ended) return record.exit?.exitCode ?? 0;
    yield { for: 'tick' };
  }
}

function* asExecution(result: number | Execution): Execution {
  return typeof result === 'number' ? result : yield* result;
}

/** A process that could not be started. */
const NOTHING = { write: () => undefined, closeInput: () => undefined, run: () => undefined };

function notFound(id: string, name: string): string {
  const start = `exec: "${name}": ${name.startsWith('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH'}`;
  return `error executing command in container: failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container task: ${start}`;
}
