/**
 * The files of a container: which directories are open, what is in them, and where each file is from.
 * Invariant: only open directories are read. Counterpart: `ls -l` over an overlay and its mounts.
 */
import type { Pod, Volume } from '../../../api/schema/types/core/v1.ts';
import type { ImageLayer } from '../../../api/kubepad/image/types.ts';
import { layerDigest } from '../../../api/kubepad/image/digest.ts';
import { sizeOf, type FileSystem } from '../../../runtime/files/fileSystem.ts';
import type { FileModel, LayerModel, MountModel } from './model.ts';
import type { ContainerPlace } from './place.ts';

/** Of one directory; more are counted, not shown. */
const MOST = 400;

export function filesOf(place: ContainerPlace): Pick<FilesParts, 'files' | 'layers' | 'mounts'> {
  const { inspector, pod, started, query } = place;
  if (started === undefined) return { files: [], layers: [], mounts: [] };
  const files = inspector.files(pod, started);
  const layers = inspector.layers(started);
  return {
    files: rowsOf(place, files, layers, new Set(query.open)),
    layers: layersOf(files, layers, place),
    mounts: mountsOf(place, files),
  };
}

interface FilesParts {
  readonly files: readonly FileModel[];
  readonly layers: readonly LayerModel[];
  readonly mounts: readonly MountModel[];
}

function rowsOf(place: ContainerPlace, files: FileSystem, layers: readonly ImageLayer[], open: ReadonlySet<string>): readonly FileModel[] {
  const origins = layerNames(layers);
  const rows: FileModel[] = [];
  const walk = (directory: string, level: number): void => {
    const names = files.list(directory === '' ? '/' : directory) ?? [];
    const removed = files.removedIn(directory === '' ? '/' : directory);
    const shown = [...names.slice(0, MOST), ...removed];
    for (const [index, name] of shown.entries()) {
      const path = `${directory}/${name}`;
      const row = rowOf(path, name, level, index < names.length ? files : undefined);
      const expanded = row.kind === 'directory' ? open.has(path) : undefined;
      rows.push({ ...row, ...originOf(place, files, origins, path), expanded, position: index + 1, siblings: shown.length });
      if (expanded === true) walk(path, level + 1);
    }
    if (names.length > MOST) rows.push(moreRow(directory, level, names.length - MOST));
  };
  walk('', 1);
  return rows;
}

type Bare = Pick<FileModel, 'key' | 'name' | 'level' | 'kind' | 'sizeBytes' | 'mode'>;

/** @param files undefined: it was taken away */
function rowOf(path: string, name: string, level: number, files: FileSystem | undefined): Bare {
  const entry = files?.stat(path);
  const base = { key: path, name, level };
  if (entry === undefined) return { ...base, kind: 'removed', sizeBytes: 0, mode: '' };
  return { ...base, kind: entry.kind, sizeBytes: entry.kind === 'file' ? sizeOf(entry) : 0, mode: modeText(entry.kind, entry.mode) };
}

function moreRow(directory: string, level: number, more: number): FileModel {
  const nothing = {
    expanded: undefined,
    position: MOST + 1,
    siblings: MOST + 1,
    sizeBytes: 0,
    mode: '',
    origin: 'image',
    from: '',
    readOnly: true,
  } as const;
  return { key: `${directory}/…`, name: `${more} more`, level, kind: 'more', ...nothing };
}

/** `drwxr-xr-x`, `crw-rw-rw-` */
export function modeText(kind: 'directory' | 'file' | 'device', mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  if (mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return { directory: 'd', file: '-', device: 'c' }[kind] + bits.join('');
}

/** Path below the root > the layer that says last what is there. */
function layerNames(layers: readonly ImageLayer[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [index, { files = [], createdBy = '' }] of layers.entries())
    for (const { path } of files) names.set(path, `image layer ${index + 1}${createdBy === '' ? '' : `: ${createdBy}`}`);
  return names;
}

function originOf(
  { pod, container }: ContainerPlace,
  files: FileSystem,
  layers: ReadonlyMap<string, string>,
  path: string,
): Pick<FileModel, 'origin' | 'from' | 'readOnly'> {
  const { mount, written, readOnly } = files.originOf(path);
  if (mount !== '') {
    const message = container.terminationMessagePath ?? '/dev/termination-log';
    return {
      origin: 'mount',
      from: mount === message ? 'termination message' : volumeText(pod, volumeAt(container.volumeMounts, mount)),
      readOnly,
    };
  }
  if (written) return { origin: 'written', from: 'written by the container', readOnly };
  if (files.stat(path) === undefined) return { origin: 'written', from: 'removed by the container', readOnly };
  return { origin: 'image', from: layers.get(path) ?? 'image', readOnly };
}

function volumeAt(mounts: ContainerPlace['container']['volumeMounts'], path: string): string {
  return mounts?.find(({ mountPath }) => mountPath.replace(/\/+$/, '') === path)?.name ?? '';
}

/** `ConfigMap web-config`, `emptyDir cache` */
function volumeText({ spec }: Pod, name: string): string {
  const volume = spec?.volumes?.find((each) => each.name === name);
  return volume === undefined ? `volume ${name}` : describeVolume(volume);
}

function describeVolume({
  name,
  configMap,
  secret,
  emptyDir,
  hostPath,
  persistentVolumeClaim,
  projected,
  downwardAPI,
  ephemeral,
}: Volume): string {
  if (configMap !== undefined) return `ConfigMap ${configMap.name ?? ''}`;
  if (secret !== undefined) return `Secret ${secret.secretName ?? ''}`;
  if (emptyDir !== undefined) return `emptyDir ${name}${emptyDir.medium === 'Memory' ? ' in memory' : ''}`;
  if (hostPath !== undefined) return `hostPath ${hostPath.path}`;
  if (persistentVolumeClaim !== undefined) return `PersistentVolumeClaim ${persistentVolumeClaim.claimName}`;
  if (ephemeral !== undefined) return `ephemeral volume ${name}`;
  if (downwardAPI !== undefined) return 'downward API';
  if (projected === undefined) return `volume ${name}`;
  const isToken = projected.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined) === true;
  return isToken ? 'token of the ServiceAccount' : `projected volume ${name}`;
}

/** From the topmost, as a container sees them. */
function layersOf(files: FileSystem, layers: readonly ImageLayer[], { container, started }: ContainerPlace): readonly LayerModel[] {
  const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
  const writable: LayerModel = {
    key: 'writable',
    name: readOnly ? 'nothing can be written (readOnlyRootFilesystem)' : 'what the container writes; gone with it',
    digest: '',
    sizeBytes: files.writtenBytes(''),
    kind: 'writable',
  };
  const image = layers.map((layer, index): LayerModel => {
    const digest = layerDigest(layer);
    return { key: `${index} ${digest}`, name: layer.createdBy ?? '', digest, sizeBytes: layer.size, kind: 'image' };
  });
  const unknown: LayerModel = { key: 'image', name: started?.container.image ?? '', digest: '', sizeBytes: 0, kind: 'image' };
  return [writable, ...(image.length === 0 ? [unknown] : image.toReversed())];
}

function mountsOf({ pod, container }: ContainerPlace, files: FileSystem): readonly MountModel[] {
  return files
    .mountPoints()
    .filter(({ path }) => path !== '')
    .map(({ path, readOnly }): MountModel => {
      const volume = volumeAt(container.volumeMounts, path);
      return {
        key: path,
        path,
        source: volume === '' ? 'termination message' : volumeText(pod, volume),
        readOnly,
        writtenBytes: files.writtenBytes(path),
      };
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
