/** The volumes of a Pod or of a Pod's template, as `kubectl describe` shows them. */
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from '../../api/schema/types/core/v1.ts';
import { entries } from './tabs.ts';
import { indent } from './text.ts';

export function describeVolumes(volumes: readonly Volume[] | undefined): readonly string[] {
  if (volumes === undefined || volumes.length === 0) return ['Volumes:\t<none>'];
  return ['Volumes:', ...volumes.flatMap((volume) => [`  ${volume.name}:`, ...indent(describeVolume(volume), 4)])];
}

function describeVolume(volume: Volume): readonly string[] {
  const { emptyDir, configMap, secret, hostPath, persistentVolumeClaim, projected, downwardAPI, ephemeral, csi, nfs, image } = volume;
  if (emptyDir !== undefined)
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${emptyDir.medium ?? ''}`,
      `SizeLimit:\t${emptyDir.sizeLimit ?? '<unset>'}`,
    ];
  if (configMap !== undefined)
    return ['Type:\tConfigMap (a volume populated by a ConfigMap)', `Name:\t${configMap.name ?? ''}`, optional(configMap.optional)];
  if (secret !== undefined)
    return ['Type:\tSecret (a volume populated by a Secret)', `SecretName:\t${secret.secretName ?? ''}`, optional(secret.optional)];
  if (hostPath !== undefined)
    return ['Type:\tHostPath (bare host directory volume)', `Path:\t${hostPath.path}`, `HostPathType:\t${hostPath.type ?? '<none>'}`];
  if (persistentVolumeClaim !== undefined)
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${persistentVolumeClaim.claimName}`,
      `ReadOnly:\t${persistentVolumeClaim.readOnly === true}`,
    ];
  if (projected !== undefined)
    return [
      'Type:\tProjected (a volume that contains injected data from multiple sources)',
      ...(projected.sources ?? []).flatMap(describeProjection),
    ];
  if (downwardAPI !== undefined)
    return ['Type:\tDownwardAPI (a volume populated by information about the pod)', 'Items:', ...items(downwardAPI.items ?? [])];
  if (ephemeral !== undefined) {
    const spec = ephemeral.volumeClaimTemplate?.spec;
    return [
      'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      `StorageClass:\t${spec?.storageClassName ?? ''}`,
      `Volume:\t${spec?.volumeName ?? ''}`,
      ...entries('Labels', ephemeral.volumeClaimTemplate?.metadata?.labels),
      ...entries('Annotations', ephemeral.volumeClaimTemplate?.metadata?.annotations, ': '),
      `Capacity:\t${spec?.resources?.requests?.['storage'] ?? ''}`,
      `Access Modes:\t${(spec?.accessModes ?? []).join(',')}`,
      `VolumeMode:\t${spec?.volumeMode ?? ''}`,
    ];
  }
  if (csi !== undefined)
    return [
      'Type:\tCSI (a Container Storage Interface (CSI) volume source)',
      `Driver:\t${csi.driver}`,
      `FSType:\t${csi.fsType ?? ''}`,
      `ReadOnly:\t${csi.readOnly === true}`,
    ];
  if (nfs !== undefined)
    return [
      'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
      `Server:\t${nfs.server}`,
      `Path:\t${nfs.path}`,
      `ReadOnly:\t${nfs.readOnly === true}`,
    ];
  if (image !== undefined)
    return [
      'Type:\tImage (a container image or OCI artifact)',
      `Reference:\t${image.reference ?? ''}`,
      `PullPolicy:\t${image.pullPolicy ?? ''}`,
    ];
  return ['<unknown>'];
}

function describeProjection({ secret, configMap, downwardAPI, serviceAccountToken }: VolumeProjection): readonly string[] {
  if (secret !== undefined) return [`SecretName:\t${secret.name ?? ''}`, optional(secret.optional)];
  if (configMap !== undefined) return [`ConfigMapName:\t${configMap.name ?? ''}`, optional(configMap.optional)];
  if (downwardAPI !== undefined) return ['DownwardAPI:\ttrue'];
  return serviceAccountToken === undefined ? [] : [`TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds ?? 3600}`];
}

function items(files: readonly DownwardAPIVolumeFile[]): readonly string[] {
  return files.map(({ fieldRef, resourceFieldRef, path }) => `  ${fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? ''} -> ${path}`);
}

function optional(value: boolean | undefined): string {
  return `Optional:\t${value === true}`;
}
