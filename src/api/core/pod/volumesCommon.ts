/** Rules that several volume sources share, and the small sources. */
import { invalid, notSupported, required } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { HostPathVolumeSource, ImageVolumeSource, KeyToPath } from '../../schema/types/core/v1.ts';
import { validateLocalNonReservedPath, validateNoBacksteps } from './paths.ts';
import { requireOneOf, requireText, type Sink } from './sink.ts';

export const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;

/** Permission bits of a file. */
export function validateMode(sink: Sink, mode: number | undefined, parent: Path, field: string): void {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return;
  sink.push(invalid(parent.child(field), mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
}

export function validateKeyToPath(sink: Sink, item: Partial<KeyToPath>, path: Path): void {
  requireText(sink, item.key, path, 'key');
  requireText(sink, item.path, path, 'path');
  validateLocalNonReservedPath(sink, item.path ?? '', path.child('path'));
  validateMode(sink, item.mode, path, 'mode');
}

export function validateHostPath(sink: Sink, source: Partial<HostPathVolumeSource>, path: Path): void {
  if (!source.path) {
    sink.push(required(path.child('path'), ''));
    return;
  }
  validateNoBacksteps(sink, source.path, path.child('path'));
  if (source.type !== undefined && !HOST_PATH_TYPES.includes(source.type))
    sink.push(notSupported(path.child('type'), source.type, HOST_PATH_TYPES));
}

const HOST_PATH_TYPES: readonly string[] = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** A template may leave the reference to whoever makes the Pod. */
export function validateImageVolume(sink: Sink, source: Partial<ImageVolumeSource>, path: Path, referenceRequired: boolean): void {
  if (referenceRequired) requireText(sink, source.reference, path, 'reference');
  requireOneOf(sink, source.pullPolicy, PULL_POLICIES, path, 'pullPolicy');
}
