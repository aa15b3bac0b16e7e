/**
 * Evicts Pods that write more than they may: into an emptyDir, in one container, in all of them.
 * Invariant: only Pods with such limits are measured, when their processes have done something; reads the files that they have written.
 * Counterpart: localStorageEviction of k8s.io/kubernetes/pkg/kubelet/eviction (eviction_manager.go).
 */
import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { formatQuantity, fromValue, value } from '../../apimachinery/quantity/quantity.ts';
import type { KubeletHost } from '../kubelets.ts';
import type { PodState } from '../state.ts';
import { layersBelow } from './disk.ts';
import { evict } from './manager.ts';

/** How often a kubelet looks. */
const MONITORING_MS = 10_000;

/** A Pod that is beyond a limit is looked at with the kubelet's next round. */
export function watchLocalStorage(host: KubeletHost, state: PodState, pod: Pod): void {
  if (state.diskTimer !== null || !isLimited(pod) || excess(host, state, pod) === undefined) return;
  const phase = host.node(state.node).queuePhaseMs;
  const nowMs = host.now();
  const round = Math.floor((nowMs - phase) / MONITORING_MS) + 1;
  state.diskTimer = host.schedule(state, 'disk', phase + round * MONITORING_MS);
}

/** What was too much may have been taken away meanwhile. */
export function checkLocalStorage(host: KubeletHost, state: PodState): void {
  const message = state.work === 'syncing' ? excess(host, state, host.pod(state)) : undefined;
  if (message !== undefined) evict(host, state, message, { ownFault: true });
}

function isLimited({ spec }: Pod): boolean {
  return (
    (spec?.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
    (spec?.containers ?? []).some((container) => limitOf(container) !== undefined)
  );
}

/** What the Pod uses too much of, in the kubelet's words and order. */
function excess(host: KubeletHost, state: PodState, { spec }: Pod): string | undefined {
  let volumes = 0;
  for (const { name, emptyDir } of spec?.volumes ?? []) {
    if (emptyDir === undefined) continue;
    const used = layersBelow(host, state, `volume/${name}`).bytes;
    if (emptyDir.medium !== 'Memory') volumes += used;
    const { sizeLimit } = emptyDir;
    if (sizeLimit !== undefined && value(sizeLimit) > 0 && used > value(sizeLimit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${sizeLimit}". `;
  }
  const containers = (spec?.containers ?? []).map((container) => ({
    container,
    used:
      layersBelow(host, state, `container/${container.name}`).bytes +
      state.records.reduce((sum, { id, name }) => (name === container.name ? sum + host.programs.logBytes(host.pod(state), id) : sum), 0),
  }));
  const limits = containers.map(({ container }) => limitOf(container)).filter((limit) => limit !== undefined);
  const whole = limits.reduce((sum, limit) => sum + value(limit), 0);
  if (limits.length > 0 && containers.reduce((sum, { used }) => sum + used, volumes) > whole)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${formatQuantity(fromValue(whole, 'BinarySI'))}. `;
  for (const { container, used } of containers) {
    const limit = limitOf(container);
    if (limit !== undefined && used > value(limit))
      return `Container ${container.name} exceeded its local ephemeral storage limit "${limit}". `;
  }
  return undefined;
}

function limitOf({ resources }: Container): string | undefined {
  return resources?.limits?.['ephemeral-storage'];
}
