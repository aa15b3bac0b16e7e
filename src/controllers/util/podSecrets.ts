import type { Pod, Volume } from '../../api/schema/types/core/v1.ts';

/**
 * Names of all Secrets that a Pod refers to: for pulling, in its containers' environments, in its volumes.
 * Counterpart: VisitPodSecretNames of k8s.io/kubernetes/pkg/api/v1/pod.
 */
export function secretNamesOf({ spec }: Pod): readonly string[] {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
  const names = [
    ...(spec?.imagePullSecrets ?? []).map(({ name }) => name),
    ...containers.flatMap(({ envFrom }) => (envFrom ?? []).map(({ secretRef }) => secretRef?.name)),
    ...containers.flatMap(({ env }) => (env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name)),
    ...(spec?.volumes ?? []).flatMap(secretsOfVolume),
  ];
  return names.filter((name): name is string => name !== undefined && name !== '');
}

function secretsOfVolume(volume: Volume): readonly (string | undefined)[] {
  const { cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos } = volume;
  return [
    volume.secret?.secretName,
    volume.azureFile?.secretName,
    volume.csi?.nodePublishSecretRef?.name,
    ...(volume.projected?.sources ?? []).map(({ secret }) => secret?.name),
    ...[cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos].map((source) => source?.secretRef?.name),
  ];
}
