/**
 * What keeps a Pod from running, in a few words, in the cluster's own words, and as the fields of the Pod that are to blame.
 * Invariant: reads the Pod as it is, the nodes, and the warnings about it; what it says of equal Pods is equal, so that they can be counted.
 * Counterpart: what a person reads out of `kubectl describe pod`.
 */
import type { Container, ContainerStatus, Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { containerField, envField, restartField, volumeOf } from './containerFields.ts';
import type { Warning } from './recorder.ts';
import { fieldOfReason, schedulingReasons, tellingReasons } from './unscheduled.ts';

/** A way from the Pod's root; a text after a list is the name of an item. `claimTemplates` leads to those of a StatefulSet. */
export type Steps = readonly (string | number)[];

/** Where to point at: the first of these that a text has. */
export type Field = readonly Steps[];

export interface Trouble {
  /** After "would": `stay Pending`, `not start`, `crash`, `never be ready`, `fail`. */
  readonly verb: string;
  /** `Insufficient cpu` */
  readonly short: string;
  readonly message: string;
  readonly fields: readonly Field[];
}

export interface TroubleSources {
  readonly nodes: readonly Node[];
  readonly warnings: (uid: string | undefined) => readonly Warning[];
  /** How often a container had been restarted when the look ahead began. */
  readonly restartsBefore: (pod: Pod, container: string) => number;
}

/** Undefined: it runs and is ready, has ended well, or is on its way out. */
export function troubleOf(pod: Pod, sources: TroubleSources): Trouble | undefined {
  const { status, metadata, spec } = pod;
  if (metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded') return undefined;
  if (status?.phase === 'Failed') return failed(pod);
  if ((spec?.nodeName ?? '') === '') return unscheduled(pod, sources.nodes);
  const warnings = sources.warnings(metadata.uid);
  for (const [container, its] of containersOf(pod)) {
    const trouble = its === undefined ? undefined : containerTrouble(pod, container, its, sources);
    if (trouble !== undefined) return trouble;
  }
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return isReady ? undefined : notReady(pod, warnings);
}

function unscheduled(pod: Pod, nodes: readonly Node[]): Trouble | undefined {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (condition === undefined) return undefined;
  const { message = '', reason = '' } = condition;
  const reasons = tellingReasons(pod, schedulingReasons(message));
  const [first] = reasons;
  const short = reason === 'SchedulingGated' ? 'SchedulingGated' : (first?.text ?? reason);
  const texts = reason === 'SchedulingGated' ? ['scheduling gates'] : reasons.map(({ text }) => text);
  return {
    verb: 'stay Pending',
    short,
    message: message === '' ? reason : withoutPreemption(message),
    fields: texts.map((text) => fieldOfReason(pod, text, nodes)),
  };
}

/** What making room would come to is the same for all reasons and says nothing of the manifest. */
function withoutPreemption(message: string): string {
  return /^\d+\/\d+ nodes are available: .*?\.(?= |$)/s.exec(message)?.[0] ?? message;
}

function failed(pod: Pod): Trouble {
  const { reason = '', message = '' } = pod.status ?? {};
  if (reason !== '') {
    const steps = reason === 'DeadlineExceeded' ? ['spec', 'activeDeadlineSeconds'] : ['spec', 'containers'];
    return { verb: 'fail', short: reason, message: message === '' ? reason : message, fields: [[steps]] };
  }
  for (const [container, its] of containersOf(pod)) {
    const ended = its?.state?.terminated;
    if (its === undefined || ended === undefined || ended.exitCode === 0) continue;
    return { verb: 'fail', ...endOf(container, its), fields: [endField(pod, container, its)] };
  }
  return { verb: 'fail', short: 'Failed', message: 'the Pod failed', fields: [[['spec']]] };
}

function containerTrouble(pod: Pod, container: Container, status: ContainerStatus, sources: TroubleSources): Trouble | undefined {
  const warnings = sources.warnings(pod.metadata.uid);
  const crashes = status.restartCount - sources.restartsBefore(pod, container.name);
  const waiting = status.state?.waiting;
  const { reason = '', message = '' } = waiting ?? {};
  if (reason === 'CrashLoopBackOff' || crashes >= CRASHES) return crash(pod, container, status, warnings);
  if (waiting === undefined || PATIENT.has(reason)) return undefined;
  const told = message === '' ? (warnings.find((warning) => warning.reason === 'Failed')?.message ?? reason) : message;
  const blamed =
    reason === 'CreateContainerConfigError'
      ? envField(pod, container, told)
      : containerField(pod, container, FIELD_OF_WAITING[reason] ?? 'image');
  return { verb: 'not start', short: reason, message: told, fields: [blamed] };
}

/** So many restarts are no accident, even if the container happens to run at the moment. */
const CRASHES = 3;
const PATIENT: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);
const FIELD_OF_WAITING: Readonly<Record<string, string>> = {
  ErrImageNeverPull: 'imagePullPolicy',
  RunContainerError: 'command',
  CreateContainerError: 'command',
};

/** A container that is ended by its probe does not crash by itself. */
function crash(pod: Pod, container: Container, status: ContainerStatus, warnings: readonly Warning[]): Trouble {
  const killing = warnings.find(({ reason }) => reason === 'Killing')?.message ?? '';
  const probe = /failed (liveness|startup) probe/.exec(killing)?.[1];
  if (probe !== undefined && status.lastState?.terminated?.reason !== 'OOMKilled') {
    const unhealthy = unhealthyMessage(warnings, probe);
    return {
      verb: 'be restarted',
      short: `${probe} probe fails`,
      message: unhealthy,
      fields: [containerField(pod, container, `${probe}Probe`)],
    };
  }
  return { verb: 'crash', ...endOf(container, status), fields: [endField(pod, container, status)] };
}

function endOf(container: Container, { state, lastState }: ContainerStatus): Pick<Trouble, 'short' | 'message'> {
  const ended = state?.terminated ?? lastState?.terminated;
  const short = ended?.reason === 'OOMKilled' ? 'OOMKilled' : ended === undefined ? 'CrashLoopBackOff' : `exit code ${ended.exitCode}`;
  const why = (ended?.message ?? '') === '' ? '' : `: ${ended?.message ?? ''}`;
  return { short, message: `container "${container.name}" ends with ${short}${why}` };
}

function endField(pod: Pod, container: Container, { state, lastState }: ContainerStatus): Field {
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended?.reason === 'OOMKilled')
    return [...containerField(pod, container, 'resources', 'limits', 'memory'), ...containerField(pod, container, 'resources')];
  return [
    restartField(container),
    ...containerField(pod, container, 'command'),
    ...containerField(pod, container, 'args'),
    ...containerField(pod, container, 'image'),
  ];
}

function notReady(pod: Pod, warnings: readonly Warning[]): Trouble {
  const mount = warnings.findLast(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume');
  const started = containersOf(pod).some(([, status]) => status?.state?.running !== undefined || status?.state?.terminated !== undefined);
  if (mount !== undefined && !started) {
    const [, volume, why] = /volume "([^"]+)" ?: (.*)$/s.exec(mount.message) ?? [];
    return { verb: 'not start', short: why ?? mount.reason, message: mount.message, fields: [volumeOf(pod, volume)] };
  }
  for (const [container, status] of containersOf(pod)) {
    if (status?.state?.running === undefined || status.ready === true) continue;
    const probe = container.startupProbe !== undefined && status.started !== true ? 'startup' : 'readiness';
    if (container[`${probe}Probe`] === undefined) continue;
    const message = unhealthyMessage(warnings, probe);
    return { verb: 'never be ready', short: `${probe} probe fails`, message, fields: [containerField(pod, container, `${probe}Probe`)] };
  }
  const gate = pod.spec?.readinessGates?.[0]?.conditionType;
  if (gate !== undefined && containersOf(pod).every(([, status]) => status?.state?.waiting === undefined))
    return {
      verb: 'never be ready',
      short: `readiness gate ${gate}`,
      message: `nothing sets the condition "${gate}" of the Pod`,
      fields: [[['spec', 'readinessGates']]],
    };
  return (
    initTrouble(pod) ?? {
      verb: 'not be ready',
      short: pod.status?.phase ?? 'Pending',
      message: 'the Pod is not ready',
      fields: [[['spec']]],
    }
  );
}

function initTrouble(pod: Pod): Trouble | undefined {
  for (const container of pod.spec?.initContainers ?? []) {
    const status = pod.status?.initContainerStatuses?.find(({ name }) => name === container.name);
    if (status?.state?.running === undefined || container.restartPolicy === 'Always') continue;
    const short = `init container "${container.name}" does not end`;
    return { verb: 'not start', short, message: short, fields: [containerField(pod, container, 'command')] };
  }
  return undefined;
}

function unhealthyMessage(warnings: readonly Warning[], probe: string): string {
  const found = warnings.find(({ reason, message }) => reason === 'Unhealthy' && message.toLowerCase().startsWith(probe));
  return found?.message ?? `the ${probe} probe fails`;
}

/** Those for initialisation first, as they run. */
export function containersOf(pod: Pod): readonly (readonly [Container, ContainerStatus | undefined])[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const statuses = new Map([...initContainerStatuses, ...containerStatuses].map((status) => [status.name, status]));
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((container) => [
    container,
    statuses.get(container.name),
  ]);
}
