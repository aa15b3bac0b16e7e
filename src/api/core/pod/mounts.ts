/** Where a container sees the volumes of its Pod: as directories (mounts) or as block devices. */
import { forbidden, invalid, notFound, notSupported, required } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { VolumeDevice, VolumeMount } from '../../schema/types/core/v1.ts';
import { hasBackstep, validateLocalDescendingPath } from './paths.ts';
import type { AnyContainer } from './visit.ts';
import type { VolumeMap } from './volumes.ts';
import type { Sink } from './sink.ts';

/** Errors of subPath, subPathExpr and the modes carry no index; that is how the server reports them. */
export function validateVolumeMounts(sink: Sink, container: AnyContainer, volumes: VolumeMap, path: Path): void {
  const mounts = container.volumeMounts ?? [];
  const devices = container.volumeDevices ?? [];
  for (const [index, mount] of mounts.entries()) {
    const volume = volumes.get(mount.name);
    const mountPath = mount.mountPath ?? '';
    if (!mount.name) sink.push(required(path.index(index).child('name'), ''));
    if (!volume) sink.push(notFound(path.index(index).child('name'), mount.name ?? ''));
    if (mountPath === '') sink.push(required(path.index(index).child('mountPath'), ''));
    if (index > 0 && mounts.findIndex((other) => (other.mountPath ?? '') === mountPath) < index)
      sink.push(invalid(path.index(index).child('mountPath'), mountPath, 'must be unique'));
    if (devices.some((device) => device.name === mount.name))
      sink.push(invalid(path.index(index).child('name'), mount.name, 'must not already exist in volumeDevices'));
    if (devices.some((device) => device.devicePath === mountPath))
      sink.push(invalid(path.index(index).child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices'));
    if (mount.subPath) validateLocalDescendingPath(sink, mount.subPath, path.child('subPath'));
    if (mount.subPathExpr) {
      if (mount.subPath)
        sink.push(invalid(path.index(index).child('subPathExpr'), mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      validateLocalDescendingPath(sink, mount.subPathExpr, path.child('subPathExpr'));
    }
    validatePropagation(sink, mount, container, path);
    validateRecursiveReadOnly(sink, mount, path);
  }
}

export function validateVolumeDevices(sink: Sink, container: AnyContainer, volumes: VolumeMap, path: Path): void {
  const mounts = container.volumeMounts ?? [];
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    const at = path.index(index);
    const name = device.name ?? '';
    const volume = volumes.get(name);
    if (name === '') sink.push(required(at.child('name'), ''));
    if (names.has(name)) sink.push(invalid(at.child('name'), name, 'must be unique'));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      sink.push(invalid(at.child('name'), name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    if (!volume) sink.push(notFound(at.child('name'), name));
    validateDevicePath(sink, device, paths, at);
    if (mounts.some((mount) => mount.name === name)) sink.push(invalid(at.child('name'), name, 'must not already exist in volumeMounts'));
    if (mounts.some((mount) => mount.mountPath === device.devicePath))
      sink.push(invalid(at.child('devicePath'), device.devicePath, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
  }
}

function validateDevicePath(sink: Sink, device: VolumeDevice, seen: Set<string>, at: Path): void {
  const devicePath = device.devicePath ?? '';
  if (devicePath === '') sink.push(required(at.child('devicePath'), ''));
  if (seen.has(devicePath)) sink.push(invalid(at.child('devicePath'), devicePath, 'must be unique'));
  if (hasBackstep(devicePath)) sink.push(invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')"));
  else seen.add(devicePath);
}

const PROPAGATION: readonly string[] = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(sink: Sink, mount: VolumeMount, container: AnyContainer, path: Path): void {
  const mode = mount.mountPropagation;
  if (mode === undefined) return;
  if (!PROPAGATION.includes(mode)) sink.push(notSupported(path.child('mountPropagation'), mode, PROPAGATION));
  if (mode === 'Bidirectional' && container.securityContext?.privileged !== true)
    sink.push(forbidden(path.child('mountPropagation'), 'Bidirectional mount propagation is available only to privileged containers'));
}

const RECURSIVE_READ_ONLY: readonly string[] = ['Disabled', 'Enabled', 'IfPossible'];

function validateRecursiveReadOnly(sink: Sink, mount: VolumeMount, path: Path): void {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return;
  const at = path.child('recursiveReadOnly');
  if (!RECURSIVE_READ_ONLY.includes(mode)) {
    sink.push(notSupported(at, mode, RECURSIVE_READ_ONLY));
    return;
  }
  if (!mount.readOnly) sink.push(forbidden(at, 'may only be specified when readOnly is true'));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None')
    sink.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'));
}
