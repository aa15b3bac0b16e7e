/**
 * The probes of a Pod: one worker per container and kind of probe, each with a ticker that keeps its phase.
 * Invariant: a standing result belongs to one start of a container; a new start begins with the initial result.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/prober (worker.go, prober_manager.go).
 */
import type { Container, ContainerStatus, Pod, Probe } from '../../api/schema/types/core/v1.ts';
import { findContainer } from '../containers.ts';
import type { Kubelet } from '../kubelet.ts';
import { failingProbe } from '../faults/podFaults.ts';
import { isSidecar } from '../lifecycle/resources.ts';
import type { PodState, ProbeResult, ProbeType, ProbeWorker } from '../state.ts';
import { resultKey } from '../status/containerStatus.ts';
import { isTerminal } from '../status/generate.ts';
import { updateStatus } from '../status/manager.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import { isScripted, startOfRecord } from '../../runtime/programs/programOf.ts';
import type { Place } from '../programs/surroundings.ts';
import { failProbe, probeContainer } from './probe.ts';

const TYPES: readonly ProbeType[] = ['startup', 'readiness', 'liveness'];
const INITIAL: Readonly<Record<ProbeType, ProbeResult>> = { startup: 'unknown', readiness: 'failure', liveness: 'success' };
/** What starting a container takes the runtime at least. */
const START_MS = 1;
const TITLES: Readonly<Record<ProbeType, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

/** Makes workers for the probes that have none yet. */
export function addProbes(kubelet: Kubelet, state: PodState, pod: Pod): void {
  for (const container of pod.spec?.initContainers ?? []) if (isSidecar(container)) addWorkers(kubelet, state, container);
  for (const container of pod.spec?.containers ?? []) addWorkers(kubelet, state, container);
}

/** The status was made up: readiness probes of containers that are up but not ready run at once. */
export function triggerReadiness(kubelet: Kubelet, state: PodState): void {
  for (const worker of state.probes) {
    if (worker.type !== 'readiness' || worker.stopped) continue;
    if (worker.containerId !== '' && state.results[resultKey('readiness', worker.containerId)] === 'success' && isCurrent(state, worker))
      continue;
    if (worker.busy !== null) worker.triggered = true;
    else kubelet.schedule(state, 'probe', kubelet.now(), { index: state.probes.indexOf(worker), ticked: false });
  }
}

export function stopProbes(kubelet: Kubelet, state: PodState, types: readonly ProbeType[]): void {
  for (const worker of state.probes) {
    if (!types.includes(worker.type)) continue;
    worker.stopped = true;
    kubelet.cancel(worker.timer);
    worker.timer = null;
    worker.busy = null;
  }
}

/** A worker's ticker, its trigger, or the end of a probe that took time. */
export function runProbe(kubelet: Kubelet, state: PodState, index: number, ticked: boolean): void {
  const worker = state.probes[index];
  if (worker === undefined || worker.stopped) return;
  const container = findContainer(kubelet.pod(state), worker.container)?.spec;
  const probe = container === undefined ? undefined : probeOf(container, worker.type);
  if (container === undefined || probe === undefined) return;
  // A trigger starts the ticker anew, so that two probes never come close together.
  const triggered = !ticked && (worker.busy === null || kubelet.now() < worker.busy.untilMs);
  if (ticked) worker.timer = null;
  else if (triggered) worker.bornAtMs = kubelet.now();
  if (ticked || triggered) tick(kubelet, state, worker, index, probe);
  if (worker.busy !== null) {
    if (kubelet.now() < worker.busy.untilMs) {
      worker.triggered = true;
      return;
    }
    const { result, output, pid } = worker.busy;
    worker.busy = null;
    const record = state.records.find((other) => other.id === worker.containerId);
    if (pid !== undefined && record !== undefined) kubelet.programs.end({ pod: kubelet.pod(state), container, record }, pid);
    judge(kubelet, state, worker, probe, result, output);
    if (!worker.triggered) return;
    worker.triggered = false;
  }
  once(kubelet, state, worker, index, container, probe);
}

function addWorkers(kubelet: Kubelet, state: PodState, container: Container): void {
  for (const type of TYPES) {
    const probe = probeOf(container, type);
    if (probe === undefined || state.probes.some((worker) => worker.type === type && worker.container === container.name)) continue;
    const worker: ProbeWorker = {
      type,
      container: container.name,
      bornAtMs: kubelet.now(),
      containerId: '',
      last: 'unknown',
      run: 0,
      onHold: false,
      stopped: false,
      triggered: false,
      busy: null,
      timer: null,
    };
    state.probes.push(worker);
    tick(kubelet, state, worker, state.probes.length - 1, probe);
  }
}

function tick(kubelet: Kubelet, state: PodState, worker: ProbeWorker, index: number, probe: Probe): void {
  const period = (probe.periodSeconds ?? 10) * 1000;
  const elapsed = kubelet.now() - worker.bornAtMs;
  kubelet.cancel(worker.timer);
  const atMs = worker.bornAtMs + (Math.floor(elapsed / period) + 1) * period;
  worker.timer = kubelet.schedule(state, 'probe', atMs, { index, ticked: true }, isSteady(state, worker));
}

/** The last probe said what stands already: a cluster whose probes all do is at rest. */
function isSteady(state: PodState, worker: ProbeWorker): boolean {
  if (worker.onHold) return true;
  return worker.containerId !== '' && state.results[resultKey(worker.type, worker.containerId)] === worker.last;
}

/** One turn of the worker. Reads the container's state from the Pod's status, as the real one does. */
function once(kubelet: Kubelet, state: PodState, worker: ProbeWorker, index: number, container: Container, probe: Probe): void {
  const pod = kubelet.pod(state);
  if (isTerminal(pod.status?.phase)) return stopProbes(kubelet, state, [worker.type]);
  const status = statusOf(pod, worker.container);
  const id = (status?.containerID ?? '').replace('containerd://', '');
  if (status === undefined || id === '') return;
  if (worker.containerId !== id) adopt(kubelet, state, worker, id);
  if (worker.onHold) return;
  const startedAt = status.state?.running?.startedAt;
  if (startedAt === undefined) {
    setResult(kubelet, state, worker, 'failure');
    return;
  }
  const nowMs = kubelet.now();
  const delaySeconds = probe.initialDelaySeconds ?? 0;
  if (delaySeconds > 0 && Math.floor((nowMs - Date.parse(startedAt)) / 1000) < delaySeconds) return;
  if ((status.started === true) === (worker.type === 'startup')) return;
  const record = state.records.find((other) => other.id === id);
  if (record === undefined) return;
  const ip = pod.spec?.hostNetwork === true ? kubelet.node(state.node).address : (state.sandbox?.ip ?? '');
  // A process that has ended answers nothing; the kubelet does not know that yet and ignores such probes.
  if (record.exit !== null && record.exit.atMs <= nowMs) return;
  // The tickers of liveness and startup run from a moment before the container's start.
  const askedAtMs = worker.type === 'readiness' ? nowMs : nowMs - START_MS;
  const failing = failingProbe(kubelet, pod, container, record, worker.type);
  if (failing !== undefined) kubelet.hit(failing.fault, pod);
  if (failing === undefined && probe.exec !== undefined && runsCommands(pod, container, record))
    return execute(kubelet, state, worker, index, probe, { pod, container, record });
  const how = failing?.how ?? (isSlow(kubelet, state, container, probe) ? 'slow' : undefined);
  const { result, output, tookMs } =
    how === undefined
      ? probeContainer(kubelet.programs, pod, container, record, probe, ip, askedAtMs)
      : failProbe(container, probe, ip, how);
  if (result === 'warning')
    kubelet.event(state, 'Warning', 'ProbeWarning', `${TITLES[worker.type]} probe warning: ${output}`, worker.container);
  const verdict = result === 'failure' ? 'failure' : 'success';
  if (tookMs === 0) return judge(kubelet, state, worker, probe, verdict, output);
  worker.busy = {
    untilMs: nowMs + tookMs,
    result: verdict,
    output,
    timer: kubelet.schedule(state, 'probe', nowMs + tookMs, { index, ticked: false }),
  };
}

/** Whether commands are carried out in the container; an annotation says what comes of them, and what nobody knows is well. */
function runsCommands(pod: Pod, container: Container, record: ContainerRecord): boolean {
  return !isScripted(pod, container.name) && startOfRecord(pod, container, record).healthy !== true;
}

function execute(kubelet: Kubelet, state: PodState, worker: ProbeWorker, index: number, probe: Probe, place: Place): void {
  const command = probe.exec?.command ?? [];
  const executed = kubelet.programs.exec(place, command, { kind: 'probe', index });
  if (executed.kind === 'exited')
    return judge(kubelet, state, worker, probe, executed.exitCode === 0 ? 'success' : 'failure', executed.output);
  if (executed.kind === 'failed')
    return judge(
      kubelet,
      state,
      worker,
      probe,
      'failure',
      `rpc error: code = Unknown desc = failed to exec in container: ${executed.text}`,
    );
  const seconds = probe.timeoutSeconds ?? 1;
  const untilMs = kubelet.now() + seconds * 1000;
  const timer = kubelet.schedule(state, 'probe', untilMs, { index, ticked: false });
  const output = `command timed out: "${command.join(' ')}" timed out after ${seconds}s`;
  worker.busy = { untilMs, result: 'failure', output, timer, pid: executed.pid };
}

/** A command that took its time has ended before its time was over. */
export function probeEnded(kubelet: Kubelet, state: PodState, index: number, exitCode: number, output: string): void {
  const worker = state.probes[index];
  if (worker === undefined || worker.busy === null) return;
  kubelet.cancel(worker.busy.timer);
  const timer = kubelet.schedule(state, 'probe', kubelet.now(), { index, ticked: false });
  worker.busy = { untilMs: kubelet.now(), result: exitCode === 0 ? 'success' : 'failure', output, timer };
}

/** So many requests wait for the container that a probe's turn comes too late. */
function isSlow(kubelet: Kubelet, state: PodState, { name }: Container, { httpGet, timeoutSeconds = 1 }: Probe): boolean {
  return httpGet !== undefined && (kubelet.loadOn(state.uid, name)?.waitMs ?? 0) > timeoutSeconds * 1000;
}

function adopt(kubelet: Kubelet, state: PodState, worker: ProbeWorker, id: string): void {
  if (worker.containerId !== '') delete state.results[resultKey(worker.type, worker.containerId)];
  worker.containerId = id;
  worker.onHold = false;
  setResult(kubelet, state, worker, INITIAL[worker.type]);
}

function judge(kubelet: Kubelet, state: PodState, worker: ProbeWorker, probe: Probe, result: ProbeResult, output: string): void {
  if (result === 'failure') {
    kubelet.event(state, 'Warning', 'Unhealthy', `${TITLES[worker.type]} probe failed: ${output}`, worker.container);
  }
  worker.run = worker.last === result ? worker.run + 1 : 1;
  worker.last = result;
  // The tick that is planned may bring a change now.
  if (!isSteady(state, worker)) tick(kubelet, state, worker, state.probes.indexOf(worker), probe);
  if (worker.run < (result === 'failure' ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1))) return;
  setResult(kubelet, state, worker, result);
  if (worker.type === 'startup' || (worker.type === 'liveness' && result === 'failure')) {
    worker.onHold = true;
    worker.run = 0;
  }
}

/** A standing result changed: readiness and startup show in the status at once, then the Pod is looked at. */
function setResult(kubelet: Kubelet, state: PodState, worker: ProbeWorker, result: ProbeResult): void {
  const key = resultKey(worker.type, worker.containerId);
  if (state.results[key] === result) return;
  state.results[key] = result;
  if (worker.type === 'liveness') {
    if (result === 'failure') kubelet.requestSync(state);
    return;
  }
  if (state.work === 'syncing') updateStatus(kubelet, state, state.cacheAtMs, false);
  kubelet.requestSync(state);
}

function isCurrent(state: PodState, worker: ProbeWorker): boolean {
  return state.records.find((record) => record.name === worker.container)?.id === worker.containerId;
}

function statusOf(pod: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses, initContainerStatuses } = pod.status ?? {};
  return containerStatuses?.find((status) => status.name === name) ?? initContainerStatuses?.find((status) => status.name === name);
}

function probeOf(container: Container, type: ProbeType): Probe | undefined {
  if (type === 'startup') return container.startupProbe;
  return type === 'readiness' ? container.readinessProbe : container.livenessProbe;
}
