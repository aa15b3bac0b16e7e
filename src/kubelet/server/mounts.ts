/**
 * What is mounted into a container: its image, and the Pod's volumes.
 * Invariant: ConfigMaps, Secrets and projections show what the kubelet has read last, a subPath what there was at the start; layers live as long as what they belong to.
 * Counterpart: k8s.io/kubernetes/pkg/volume and a container runtime's mounts.
 */
import type { ResourceList } from '../../api/core/pod/effective.ts';
import type { Container, KeyToPath, Pod, Volume, VolumeMount, VolumeProjection } from '../../api/schema/types/core/v1.ts';
import { encodeUtf8 } from '../../runtime/files/bytes.ts';
import type { Entry, Mount } from '../../runtime/files/fileSystem.ts';
import { bytesOf, expand, fieldOf, resourceOf } from './environment.ts';

/** Whose files they are, and which of them. */
export interface LayerKey {
  readonly owner: string;
  readonly name: string;
}

export interface VolumeSources {
  readonly object: (resource: 'configmaps' | 'secrets', name: string) => Readonly<Record<string, unknown>> | undefined;
  /** As it was when the container was started. */
  readonly objectAtStart: (resource: 'configmaps' | 'secrets', name: string) => Readonly<Record<string, unknown>> | undefined;
  /** A mount of a layer that outlives the container: of the Pod's volume, of a claim, or of a directory of the node. */
  readonly mount: (path: string, readOnly: boolean, key: LayerKey, volume: Volume) => Mount;
  readonly token: (audience: string | undefined, expirationSeconds: number) => string;
  readonly nowMs: () => number;
  /** What the node has for Pods. */
  readonly allocatable: () => ResourceList;
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
  if (holdsObjects(volume)) {
    const shown = subPath === '' ? sources : { ...sources, object: sources.objectAtStart };
    let files: Readonly<Record<string, Entry>> | undefined;
    return {
      path,
      readOnly: true,
      // Read when somebody looks into it: most containers never read their token.
      get lower() {
        return (files ??= below(filesOf(pod, container, volume, shown), subPath));
      },
      upper: {},
    };
  }
  const { owner, name } = layerKey(pod, volume);
  return sources.mount(path, mount.readOnly === true, { owner, name: subPath === '' ? name : `${name}/${subPath}` }, volume);
}

/** Volumes that Pods do not write to. */
function holdsObjects({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return configMap !== undefined || secret !== undefined || downwardAPI !== undefined || projected !== undefined;
}

/** What the API server has. */
function filesOf(pod: Pod, container: Container, volume: Volume, sources: VolumeSources): Readonly<Record<string, Entry>> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return dataFiles(sources, 'configmaps', configMap.name ?? '', configMap.items, configMap.defaultMode);
  if (secret !== undefined) return dataFiles(sources, 'secrets', secret.secretName ?? '', secret.items, secret.defaultMode);
  if (downwardAPI !== undefined) return project(pod, container, { downwardAPI }, downwardAPI.defaultMode, sources);
  if (projected === undefined) return {};
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
            : resourceOf(pod, container, resourceFieldRef, sources.allocatable)
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

function layerKey({ metadata, spec }: Pod, { name, persistentVolumeClaim, ephemeral, hostPath }: Volume): LayerKey {
  const { namespace = '', uid = '' } = metadata;
  if (persistentVolumeClaim !== undefined) return { owner: `claim/${namespace}/${persistentVolumeClaim.claimName}`, name: 'data' };
  if (ephemeral !== undefined) return { owner: `claim/${namespace}/${metadata.name ?? ''}-${name}`, name: 'data' };
  if (hostPath !== undefined) return { owner: `node/${spec?.nodeName ?? ''}`, name: hostPath.path };
  return { owner: `pod/${uid}`, name: `volume/${name}` };
}
