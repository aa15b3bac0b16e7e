/**
 * The kubelet's own API: logs, commands, attached terminals and ports of the containers that it runs.
 * Invariant: reads the Pod as the API server has it and the kubelet's records; what it changes are the processes and files of containers.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/server.
 */
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
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
  RemoteRequest,
} from '../../apiserver/endpoints/nodeApi.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { isRunning } from '../../runtime/container.ts';
import { encodeUtf8 } from '../../runtime/files/bytes.ts';
import { Kernel } from '../../runtime/process/kernel.ts';
import { findContainer } from '../containers.ts';
import type { Programs } from '../programs/programs.ts';
import { Surroundings, type Place, type SurroundingsEnvironment, type TokenSource } from '../programs/surroundings.ts';
import type { Worlds } from '../programs/worlds.ts';
import type { PodState } from '../state.ts';
import { Inspector } from './inspector.ts';
import { ContainerLog } from './logs.ts';
import { pageOf } from './pages.ts';
import { answerWith, connectionTo, fetchFrom } from './ports.ts';
import { remoteProcess, type SessionAccess } from './remote.ts';
import { findStarted, type Started } from './started.ts';
import { listeners } from './usage.ts';

export interface ServerEnvironment extends SurroundingsEnvironment {
  readonly store: Store;
  readonly worlds: Worlds;
  readonly programs: Programs;
  readonly nowMs: () => number;
  readonly state: (uid: string) => PodState | undefined;
  /** Whether a kubelet runs on the Pod's node. */
  readonly serves: (node: string) => boolean;
  readonly usage: (pod: Pod) => readonly ContainerUsage[];
}

/** What the process around the cluster adds: tokens, which are no part of the simulation, and the passing of time. */
export interface ServerHost {
  readonly token: TokenSource;
  readonly onAdvance: NodeApi['onAdvance'];
}

export class KubeletServer implements NodeApi {
  readonly onAdvance: NodeApi['onAdvance'];
  /** For people who look into containers. */
  readonly inspector: Inspector;
  private readonly environment: ServerEnvironment;
  private readonly surroundings: Surroundings;

  constructor(environment: ServerEnvironment, host: ServerHost) {
    this.environment = environment;
    this.surroundings = new Surroundings(environment, host.token);
    this.inspector = new Inspector(environment, this.surroundings);
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
    return typeof started === 'string' ? started : this.logOf(pod, started, options);
  }

  exec(pod: Pod, container: string, options: ExecOptions): ((output: RemoteOutput) => RemoteProcess) | string {
    const started = this.running(pod, container);
    if (typeof started === 'string') return started;
    const { programs } = this.environment;
    return (output) => {
      this.environment.worlds.outsideActs++;
      const executed = programs.exec(this.place(pod, started), options.command, undefined, options, this.surroundings);
      if (executed.kind !== 'running') {
        const text = executed.kind === 'failed' ? executed.text : '';
        return {
          ...NOTHING,
          exitCode: 128,
          failure: `error executing command in container: failed to exec in container: failed to start exec "${started.record.id}": ${text}`,
        };
      }
      const { session, pid } = executed;
      return remoteProcess(this.access(pod, started, session, pid), options.tty, output);
    };
  }

  /** The container's own process: what is typed goes to its input, what it writes from now on comes back. */
  attach(pod: Pod, container: string, options: Omit<ExecOptions, 'command'>): ((output: RemoteOutput) => RemoteProcess) | string {
    const started = this.running(pod, container);
    const { namespace = '', name = '' } = pod.metadata;
    if (typeof started === 'string') return `unable to upgrade connection: container ${container} not found in pod ${name}_${namespace}`;
    const { worlds } = this.environment;
    const { id } = started.record;
    if (started.start.command !== undefined) {
      return (output) => {
        const world = worlds.find(id);
        const typed = world?.processes['1']?.fds[0];
        const file = typed === undefined ? undefined : world?.open[typed];
        const session = options.stdin && file?.kind === 'session' ? file.session : -1;
        // A prompt that waits is shown again.
        if (world !== undefined) world.echo = world.partial.out + world.partial.err;
        const own = this.access(pod, started, session, 1);
        // Who is attached learns that it is over, not how it ended.
        const exitCode = (): number | undefined => (own.exitCode() === undefined ? undefined : 0);
        const release = (): void => this.detach(pod, started, session);
        return remoteProcess({ ...own, take: () => this.takeEcho(id), exitCode, release }, options.tty, output);
      };
    }
    const log = this.logOf(pod, started, { previous: false, timestamps: false, tailLines: 0 });
    const access: SessionAccess = {
      session: () => undefined,
      run: () => undefined,
      interrupt: () => undefined,
      take: () => ({ out: encodeUtf8(log.read()), err: '' }),
      exitCode: () => (log.ended ? 0 : undefined),
      release: () => undefined,
    };
    return (output) => remoteProcess(access, options.tty, output);
  }

  dial(pod: Pod, port: number): RemoteConnection | string {
    return connectionTo(this.listeners(pod), port, this.environment.nowMs, (started, request) => this.page(pod, started, request));
  }

  fetch(pod: Pod, port: number, request: RemoteRequest): RemoteAnswer | string {
    return fetchFrom(this.listeners(pod), port, request, this.environment.nowMs, (started, each) => this.page(pod, started, each));
  }

  /** What a web server in the container says to a request that its program answers with this code. */
  answer(pod: Pod, started: Started, code: number, request: RemoteRequest): RemoteAnswer {
    return answerWith(code, started, request, (each, asked) => this.page(pod, each, asked));
  }

  usage(pod: Pod): readonly ContainerUsage[] {
    return this.environment.usage(pod);
  }

  private logOf(pod: Pod, started: Started, options: LogOptions): ContainerLog {
    return new ContainerLog(started, options, this.environment.nowMs, {
      written: (own) => this.environment.programs.log(pod, started.record.id, own),
      record: () => this.recordOf(pod, started) ?? started.record,
    });
  }

  private access(pod: Pod, started: Started, session: number, pid: number): SessionAccess {
    const { worlds, programs, nowMs } = this.environment;
    const { id } = started.record;
    const run = (): void => {
      worlds.outsideActs++;
      const place = this.place(pod, started);
      if (isRunning(place.record, nowMs())) programs.run(place);
    };
    return {
      session: (change) => (change ? worlds.find(id) : worlds.peek(id))?.sessions[session],
      run,
      interrupt: () => {
        const world = worlds.find(id);
        if (world === undefined) return;
        const place = this.place(pod, started);
        const kernel = new Kernel(this.surroundings.machine(place, world));
        kernel.interrupt(pid);
        programs.run(place);
      },
      take: () => {
        const streams = worlds.peek(id)?.sessions[session];
        if (streams === undefined || (streams.out === '' && streams.err === '')) return { out: '', err: '' };
        const { out, err } = streams;
        Object.assign(worlds.find(id)?.sessions[session] ?? {}, { out: '', err: '' });
        return { out, err };
      },
      exitCode: () => {
        const world = worlds.peek(id);
        if (pid !== 1) return world === undefined ? 137 : (world.sessions[session]?.exit ?? undefined);
        return world === undefined ? 137 : (world.exit?.exitCode ?? undefined);
      },
      release: () => {
        if (worlds.peek(id)?.sessions[session] === undefined) return;
        delete worlds.find(id)?.sessions[session];
        run();
      },
    };
  }

  /** Its input ends where only the first who comes may type. */
  private detach(pod: Pod, started: Started, session: number): void {
    const { worlds } = this.environment;
    const world = worlds.find(started.record.id);
    if (world === undefined) return;
    worlds.outsideActs++;
    world.echo = null;
    const typed = started.container.stdinOnce === true ? world.sessions[session] : undefined;
    if (typed === undefined || typed.closed) return;
    typed.closed = true;
    this.access(pod, started, session, 1).run();
  }

  private takeEcho(id: string): { readonly out: string; readonly err: string } {
    const out = this.environment.worlds.peek(id)?.echo ?? '';
    const world = out === '' ? undefined : this.environment.worlds.find(id);
    if (world !== undefined) world.echo = '';
    return { out, err: '' };
  }

  /** The Pod and the record as they are now. */
  private place(pod: Pod, started: Started): Place {
    return { pod, container: started.container, record: this.recordOf(pod, started) ?? started.record };
  }

  private recordOf(pod: Pod, { record }: Started): Started['record'] | undefined {
    return this.environment.state(pod.metadata.uid ?? '')?.records.find(({ id }) => id === record.id);
  }

  private page(pod: Pod, started: Started, request: RemoteRequest): string {
    const container = findContainer(pod, started.container.name)?.spec ?? started.container;
    return pageOf(this.surroundings.files({ pod, container, record: started.record }, {}), pod, started, request);
  }

  private listeners(pod: Pod): readonly Started[] {
    return listeners(this.environment.programs, pod, this.environment.state(pod.metadata.uid ?? ''), this.environment.nowMs());
  }

  private running(pod: Pod, container: string): Started | string {
    const started = this.find(pod, container, false);
    if (typeof started !== 'string' && isRunning(started.record, this.environment.nowMs())) return started;
    return `unable to upgrade connection: container not found ("${container}")`;
  }

  private find(pod: Pod, container: string, previous: boolean): Started | string {
    return findStarted(pod, this.environment.state(pod.metadata.uid ?? ''), container, previous);
  }
}

/** A process that could not be started. */
const NOTHING = { write: () => undefined, closeInput: () => undefined, run: () => undefined, close: () => undefined };
