/**
 * What is inside one container, for people who look: its processes, files, variables and ports.
 * Invariant: reads and changes nothing; a container that has ended shows what it left, and no process.
 * Counterpart: crictl inspect, nsenter and /proc, seen from the machine.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ImageLayer } from '../../api/kubepad/image/types.ts';
import { isRunning, type ContainerRecord } from '../../runtime/container.ts';
import type { FileSystem } from '../../runtime/files/fileSystem.ts';
import type { Protocol } from '../../runtime/network.ts';
import type { ProcessRecord } from '../../runtime/process/world.ts';
import { tcpIn } from '../../runtime/programs/interpreter.ts';
import type { Start } from '../../runtime/programs/grammar.ts';
import { commandLineOf, PROCESS_BYTES, SERVER_BYTES, workingDirectory } from '../programs/programs.ts';
import { hostNameOf, userOf, type Place, type Surroundings } from '../programs/surroundings.ts';
import type { ExplainedVariable } from './environment.ts';
import { listens } from './ports.ts';
import type { ServerEnvironment } from './server.ts';
import { findStarted, type Started } from './started.ts';
import { listeners, runningContainers } from './usage.ts';

export interface ProcessView {
  readonly pid: number;
  readonly parent: number;
  readonly args: readonly string[];
  readonly cwd: string;
  /** `running`, `sleeping until`, `waiting for …`. */
  readonly state: string;
  readonly startedAtMs: number;
  readonly memoryBytes: number;
  readonly milliCpu: number;
  readonly openFiles: number;
}

/** A port of the Pod on which somebody listens. */
export interface Listening {
  readonly container: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** What it speaks. */
  readonly speaks: 'HTTP' | 'gRPC' | 'TCP' | 'UDP' | 'SCTP';
  readonly command: string;
}

export class Inspector {
  private readonly environment: ServerEnvironment;
  private readonly surroundings: Surroundings;

  constructor(environment: ServerEnvironment, surroundings: Surroundings) {
    this.environment = environment;
    this.surroundings = surroundings;
  }

  /** The newest start, or why there is none, in the kubelet's words. */
  find(pod: Pod, container: string): (Started & { readonly running: boolean }) | string {
    const found = findStarted(pod, this.environment.state(pod.metadata.uid ?? ''), container, false);
    return typeof found === 'string' ? found : { ...found, running: isRunning(found.record, this.environment.nowMs()) };
  }

  /** Its starts that the node remembers, the newest first. */
  starts(pod: Pod, container: string): readonly ContainerRecord[] {
    return this.environment.state(pod.metadata.uid ?? '')?.records.filter(({ name }) => name === container) ?? [];
  }

  hostName(pod: Pod): string {
    return hostNameOf(pod);
  }

  user(pod: Pod, { container, record }: Started): { readonly id: number; readonly group: number; readonly name: string } {
    return userOf(pod, container, record);
  }

  /** By their number. Empty if the container has ended. */
  processes(pod: Pod, started: Started): readonly ProcessView[] {
    const { record, container } = started;
    if (!isRunning(record, this.environment.nowMs())) return [];
    const world = this.environment.worlds.peek(record.id);
    if (world !== undefined) return Object.values(world.processes).map(viewOf);
    // A server that follows from its text, alone in its container.
    const [usage] = this.environment.usage(pod).filter(({ name }) => name === container.name);
    return [
      {
        pid: 1,
        parent: 0,
        args: commandLineOf(container, record),
        cwd: workingDirectory(started),
        state: 'waiting for requests or signals',
        startedAtMs: record.startedAtMs ?? 0,
        memoryBytes: usage?.memoryBytes ?? 0,
        milliCpu: Math.round((usage?.nanoCpu ?? 0) / 1e6),
        openFiles: 3,
      },
    ];
  }

  files(pod: Pod, started: Started): FileSystem {
    return this.surroundings.files(this.place(pod, started), this.environment.worlds.peek(started.record.id)?.env ?? {});
  }

  variables(pod: Pod, started: Started): Readonly<Record<string, ExplainedVariable>> {
    return this.surroundings.explainedVariables(this.place(pod, started));
  }

  /** What its image consists of, from the lowest; empty: nobody has described the image. */
  layers({ record }: Started): readonly ImageLayer[] {
    return this.environment.content(record.described?.digest)?.spec.layers ?? [];
  }

  /** What listens in the Pod, whose containers share their ports. */
  listening(pod: Pod): readonly Listening[] {
    const nowMs = this.environment.nowMs();
    const state = this.environment.state(pod.metadata.uid ?? '');
    const tcp = listeners(this.environment.programs, pod, state, nowMs).flatMap((started): readonly Listening[] => {
      const { container, start, record } = started;
      const ageMs = nowMs - (record.startedAtMs ?? nowMs);
      return portsOf(started)
        .filter(({ port }) => tcpIn(start, port, ageMs) === 'open' && listens(started, port))
        .map(({ port, speaks }) => ({ container: container.name, port, protocol: 'TCP', speaks, command: commandOf(started) }));
    });
    const others = runningContainers(pod, state, nowMs).flatMap((started): readonly Listening[] =>
      (started.container.ports ?? []).flatMap(({ containerPort: port, protocol = 'TCP' }) =>
        protocol === 'TCP' ? [] : [{ container: started.container.name, port, protocol, speaks: protocol, command: commandOf(started) }],
      ),
    );
    return [...tcp, ...others].toSorted((a, b) => a.port - b.port);
  }

  private place(pod: Pod, { container, record }: Started): Place {
    return { pod, container, record };
  }
}

function viewOf({ pid, parent, args, cwd, startedAtMs, load, program, exit, wait, fds }: Readonly<ProcessRecord>): ProcessView {
  return {
    pid,
    parent,
    args,
    cwd,
    state: exit === null ? stateOf({ program, wait }) : `ended with ${exit}, not yet waited for`,
    startedAtMs,
    memoryBytes: exit === null ? (load?.memoryBytes ?? (program.kind === 'server' ? SERVER_BYTES : PROCESS_BYTES)) : 0,
    milliCpu: exit === null ? (load?.milliCpu ?? 0) : 0,
    openFiles: Object.keys(fds).length,
  };
}

function stateOf({ program, wait }: Pick<ProcessRecord, 'program' | 'wait'>): string {
  if (program.kind === 'server') return 'waiting for requests or signals';
  switch (wait?.for) {
    case undefined:
      return 'running';
    case 'time':
      return 'sleeping';
    case 'input':
      return 'waiting for input';
    case 'room':
      return 'waiting for its reader';
    case 'child':
      return `waiting for ${wait.pids.length === 1 ? `process ${wait.pids[0] ?? ''}` : 'its children'}`;
    case 'ever':
      return 'waiting for a signal';
  }
}

/** The ports that a program's text names; one that nobody knows listens where its container says. */
function portsOf({ start, container }: Started): readonly { readonly port: number; readonly speaks: 'HTTP' | 'gRPC' | 'TCP' }[] {
  const named = [
    ...(start.http ?? []).map(({ port }) => ({ port, speaks: 'HTTP' }) as const),
    ...(start.grpc ?? []).map(({ port }) => ({ port, speaks: 'gRPC' }) as const),
    ...(start.tcp ?? []).map(({ port }) => ({ port, speaks: 'TCP' }) as const),
    ...declared(start, container.ports ?? []),
  ];
  return named.filter(({ port }, index) => named.findIndex((other) => other.port === port) === index);
}

function declared(
  start: Start,
  ports: NonNullable<Started['container']['ports']>,
): readonly { readonly port: number; readonly speaks: 'HTTP' }[] {
  return start.healthy === true
    ? ports.flatMap(({ containerPort, protocol = 'TCP' }) => (protocol === 'TCP' ? [{ port: containerPort, speaks: 'HTTP' }] : []))
    : [];
}

function commandOf({ container, record }: Started): string {
  return (commandLineOf(container, record)[0] ?? '').split('/').at(-1) ?? '';
}
