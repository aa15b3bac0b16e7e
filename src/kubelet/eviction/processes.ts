import { isRunning } from '../../runtime/container.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeState, PodState } from '../state.ts';

/** What the kernel allows on a machine of up to 32 CPUs: kernel.pid_max, https://docs.kernel.org/admin-guide/sysctl/kernel.html. */
export const MOST_PROCESSES = 32_768;
/** What runs on a machine beside its Pods: the kernel's own threads, systemd, the runtime and the kubelet with theirs. */
const SYSTEM_PROCESSES = 250;
/** The process that holds the namespaces of a Pod, and the runtime's own that looks after it. */
const SANDBOX_PROCESSES = 2;

export function processesInUse(kubelet: Kubelet, state: NodeState): number {
  return kubelet.podsOf(state.name).reduce((sum, pod) => sum + podProcesses(kubelet, pod), SYSTEM_PROCESSES);
}

/** A container that is no more than a text is one process. */
export function podProcesses(kubelet: Kubelet, state: PodState): number {
  const nowMs = kubelet.now();
  const live = state.records.filter((record) => isRunning(record, nowMs));
  return live.reduce((sum, { id }) => sum + Math.max(kubelet.programs.processes(id), 1), live.length === 0 ? 0 : SANDBOX_PROCESSES);
}
