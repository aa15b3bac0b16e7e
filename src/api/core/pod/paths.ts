/** Rules for file paths inside volumes and mounts. */
import { invalid } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Sink } from './sink.ts';

/** No element is `..`. */
export function validateNoBacksteps(sink: Sink, target: string, path: Path): void {
  if (hasBackstep(target)) sink.push(invalid(path, target, "must not contain '..'"));
}

/** Relative, and it does not leave its directory. */
export function validateLocalDescendingPath(sink: Sink, target: string, path: Path): void {
  if (target.startsWith('/')) sink.push(invalid(path, target, 'must be a relative path'));
  validateNoBacksteps(sink, target, path);
}

/** As a local descending path; names that begin with two dots belong to the kubelet's atomic writer. */
export function validateLocalNonReservedPath(sink: Sink, target: string, path: Path): void {
  validateLocalDescendingPath(sink, target, path);
  if (target.startsWith('..') && !target.startsWith('../')) sink.push(invalid(path, target, "must not start with '..'"));
}

export function hasBackstep(target: string): boolean {
  return target.includes('..') && target.split('/').includes('..');
}
