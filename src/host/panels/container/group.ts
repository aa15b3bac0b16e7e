/**
 * What a container's control group allows, and what it uses of that.
 * Invariant: figures are those that `kubectl top` and the container's own /sys/fs/cgroup show.
 * Counterpart: cgroups v2 as the kubelet sets them up (pkg/kubelet/cm, pkg/kubelet/qos).
 */
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { value } from '../../../apimachinery/quantity/quantity.ts';
import { decodeUtf8 } from '../../../runtime/files/bytes.ts';
import type { GroupModel, SampleModel, StartModel } from './model.ts';
import { resourceModel, type ContainerPlace } from './place.ts';

const FILES = ['cpu.max', 'cpu.weight', 'memory.max'] as const;
/** Looks at the use that are kept, and how far apart they are in virtual time. */
const SAMPLES = 60;
const SAMPLE_MS = 1_000;
const CRITICAL_PRIORITY = 2_000_001_000;

export function groupOf(place: ContainerPlace): GroupModel {
  const { cluster, inspector, pod, container, started, node } = place;
  const usage = cluster.kubelets.usage(pod).find(({ name }) => name === container.name);
  const milliCpu = Math.round((usage?.nanoCpu ?? 0) / 1e6);
  const wantedCpu = Math.round((usage?.wantedNanoCpu ?? 0) / 1e6);
  const cpu = resourceModel(place, 'cpu', milliCpu);
  const files = started === undefined ? undefined : inspector.files(pod, started);
  const { namespace = '', name = '' } = pod.metadata;
  const log = cluster.kubelets.readLogs({ namespace, pod: name, container: container.name }) ?? [];
  const logBytes = log.reduce((sum, { text }) => sum + text.length + 1, 0);
  const waitMs = Math.round(usage?.waitMs ?? 0);
  const shortOfCpu = cpu.limit !== undefined && wantedCpu > cpu.limit ? 1 - cpu.limit / wantedCpu : 0;
  return {
    cpu,
    memory: resourceModel(place, 'memory', usage?.memoryBytes ?? 0),
    disk: resourceModel(place, 'ephemeral-storage', (files?.writtenBytes('') ?? 0) + logBytes),
    wantedCpu,
    throttled: Math.round(shortOfCpu * 100) / 100,
    waitMs,
    qos: pod.status?.qosClass ?? '',
    oomKills: inspector.starts(pod, container.name).filter(({ exit }) => exit?.reason === 'OOMKilled').length,
    oomScoreAdj: oomScoreAdj(pod, value(container.resources?.requests?.['memory']), node),
    files: FILES.flatMap((file) => {
      const read = files?.read(`/sys/fs/cgroup/${file}`);
      return read === undefined || typeof read === 'string' ? [] : [{ key: file, value: decodeUtf8(read.content).trim() }];
    }),
  };
}

/**
 * Whom the kernel ends first when the machine has no memory left: 1000 before all others, -997 after them.
 * Worked example: a Burstable container that asks for 2 GiB of 8 GiB has 750. Counterpart: GetContainerOOMScoreAdjust of pkg/kubelet/qos.
 */
function oomScoreAdj({ spec, status }: Pod, requestedBytes: number, node: Node | undefined): number {
  if ((spec?.priority ?? 0) >= CRITICAL_PRIORITY || status?.qosClass === 'Guaranteed') return -997;
  if (status?.qosClass === 'BestEffort') return 1000;
  const capacity = value(node?.status?.capacity?.['memory']);
  const score = capacity === 0 ? 1000 : 1000 - Math.floor((1000 * requestedBytes) / capacity);
  return Math.min(Math.max(score, 3), 999);
}

/** Remembers what containers used while somebody looks; one memory for all panels. */
export class Samples {
  private readonly kept = new Map<string, SampleModel[]>();

  /** Adds a look, if the last one is long enough ago. @param id of the container's start */
  add(id: string, nowMs: number, { cpu, memory }: Pick<GroupModel, 'cpu' | 'memory'>): readonly SampleModel[] {
    const samples = this.kept.get(id) ?? [];
    const last = samples.at(-1);
    // Of a moment of the past only what was before it.
    if (last !== undefined && last.atMs > nowMs) return samples.filter(({ atMs }) => atMs <= nowMs);
    if (last === undefined || nowMs - last.atMs >= SAMPLE_MS) {
      const fresh = { key: String(nowMs), atMs: nowMs, milliCpu: cpu.used, memoryBytes: memory.used };
      const next = [...samples, fresh].slice(-SAMPLES);
      this.kept.delete(id);
      this.kept.set(id, next);
      if (this.kept.size > SAMPLES) this.kept.delete([...this.kept.keys()][0] ?? '');
      return next;
    }
    return samples;
  }
}

export function startsOf({ inspector, pod, container }: ContainerPlace, nowMs: number): readonly StartModel[] {
  return inspector.starts(pod, container.name).map(({ id, attempt, startedAtMs, exit }): StartModel => {
    const base = { key: id, number: attempt + 1, startedAt: startedAtMs ?? undefined };
    if (startedAtMs === null) return { ...base, endedAt: undefined, outcome: 'could not be started', tone: 'error' };
    if (exit === null || exit.atMs > nowMs) return { ...base, endedAt: undefined, outcome: 'runs', tone: 'ok' };
    const outcome = `${exit.reason}, exit code ${exit.exitCode}${exit.message === '' ? '' : `: ${exit.message}`}`;
    return { ...base, endedAt: exit.atMs, outcome, tone: exit.exitCode === 0 ? 'idle' : 'error' };
  });
}
