/**
 * What is mounted into a container: its image, and the Pod's volumes.
 * Invariant: ConfigMaps, Secrets and projections show what the kubelet has read last, a subPath what there was at the start; layers live as long as what they belong to.
 * Counterpart: k8s.io/kubernetes/pkg/volume and a container runtime's mounts.
 */
import type { Container, KeyToPath, Pod, Volume, VolumeMount, VolumeProjection } from '../../api/schema/types/core/v1.ts';
import { encodeUtf8 } from '../../runtime/files/bytes.ts';
import type { Entry, Layer, Mount } from '../../runtime/files/fileSystem.ts';
import { bytesOf, expand, fieldOf, resourceOf } from './environment.ts';

export interface VolumeSources {
  readonly object: (resource: 'configmaps' | 'secrets', name: string) => Readonly<Record<string, unknown>> | undefined;
  /** As it was when the container was started. */
  readonly objectAtStart: (resource: 'configmaps' | 'secrets', name: string) => Readonly<Record<string, unknown>> | undefined;
  /** A layer that outlives the container: of the Pod's volume, of a claim, or of a directory of the node. */
  readonly layer: (key: string) => Layer;
  readonly token: (audience: string | undefined, expirationSeconds: number) => string;
  readonly nowMs: () => number;
}

export function mountsOf(pod: Pod, container: Container, env: Readonly<Record<string, string>>, sources: VolumeSources): readonly Mount[] {
  return (container.volumeMounts ?? []).flatMap((mount) => {
    const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
    return volume === undefined ? [] : [mountOf(pod, container, volume, mount, env, sources)];
  });
}

function mountOf(
  pod: Pod,
  container: Container,
  volume: Volume,
  mount: VolumeMount,
  env: Readonly<Record<string, string>>,
  sources: VolumeSources,
): Mount {
  const path = mount.mountPath.replace(/\/+$/, '');
  const subPath = (mount.subPathExpr === undefined ? (mount.subPath ?? '') : expand(mount.subPathExpr, env)).replaceAll(/^\/+|\/+$/g, '');
  const files = filesOf(pod, container, volume, subPath === '' ? sources : { ...sources, object: sources.objectAtStart });
  if (files !== undefined) return { path, readOnly: true, lower: below(files, subPath), upper: {} };
  const key = layerKey(pod, volume);
  return { path, readOnly: mount.readOnly === true, lower: {}, upper: sources.layer(subPath === '' ? key : `${key}/${subPath}`) };
}

/** Volumes that hold what the API server has; undefined for those that Pods write to. */
function filesOf(pod: Pod, container: Container, volume: Volume, sources: VolumeSources): Readonly<Record<string, Entry>> | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return dataFiles(sources, 'configmaps', configMap.name ?? '', configMap.items, configMap.defaultMode);
  if (secret !== undefined) return dataFiles(sources, 'secrets', secret.secretName ?? '', secret.items, secret.defaultMode);
  if (downwardAPI !== undefined) return project(pod, container, { downwardAPI }, downwardAPI.defaultMode, sources);
  if (projected === undefined) return undefined;
  return Object.assign(
    {},
    ...(projected.sources ?? []).map((source) => project(pod, container, source, projected.defaultMode, sources)),
  ) as Readonly<Record<string, Entry>>;
}

function project(
  pod: Pod,
  container: Container,
  { configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection,
  mode: number | undefined,
  sources: VolumeSources,
): Readonly<Record<string, Entry>> {
  const file = (content: string): Entry => ({ kind: 'file', content, mode: mode ?? 0o644, atMs: sources.nowMs() });
  if (configMap !== undefined) return dataFiles(sources, 'configmaps', configMap.name ?? '', configMap.items, mode);
  if (secret !== undefined) return dataFiles(sources, 'secrets', secret.name ?? '', secret.items, mode);
  if (serviceAccountToken !== undefined) {
    const { audience, expirationSeconds, path } = serviceAccountToken;
    return { [path]: file(sources.token(audience, expirationSeconds ?? 3600)) };
  }
  return Object.fromEntries(
    (downwardAPI?.items ?? []).map(({ path, fieldRef, resourceFieldRef }) => {
      const text =
        fieldRef === undefined
          ? resourceFieldRef === undefined
            ? ''
            : resourceOf(pod, container, resourceFieldRef)
          : fieldOf(pod, fieldRef.fieldPath);
      return [path, file(encodeUtf8(text))];
    }),
  );
}

function dataFiles(
  { object, nowMs }: VolumeSources,
  resource: 'configmaps' | 'secrets',
  name: string,
  items: readonly KeyToPath[] | undefined,
  mode = 0o644,
): Readonly<Record<string, Entry>> {
  const found = object(resource, name);
  const data = found === undefined ? {} : bytesOf(found, resource === 'secrets');
  const file = (content: string, own?: number): Entry => ({ kind: 'file', content, mode: own ?? mode, atMs: nowMs() });
  if (items === undefined) return Object.fromEntries(Object.entries(data).map(([key, content]) => [key, file(content)]));
  return Object.fromEntries(
    items.flatMap((item) => (data[item.key] === undefined ? [] : [[item.path, file(data[item.key] ?? '', item.mode)]])),
  );
}

/** The part of the files below a directory; one file alone if that is what is named. */
function below(files: Readonly<Record<string, Entry>>, subPath: string): Readonly<Record<string, Entry>> {
  if (subPath === '') return files;
  const single = files[subPath];
  if (single !== undefined) return { '': single };
  const entries = Object.entries(files).flatMap(([path, entry]) =>
    path.startsWith(`${subPath}/`) ? [[path.slice(subPath.length + 1), entry] as const] : [],
  );
  return Object.fromEntries(entries);
}

function layerKey({ metadata, spec }: Pod, { name, persistentVolumeClaim, hostPath }: Volume): string {
  if (persistentVolumeClaim !== undefined) return `claim/${metadata.namespace ?? ''}/${persistentVolumeClaim.claimName}`;
  if (hostPath !== undefined) return `node/${spec?.nodeName ?? ''}${hostPath.path}`;
  return `pod/${metadata.uid ?? ''}/${name}`;
}
