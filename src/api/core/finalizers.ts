/** The core group's own rule for finalizers: those without a prefix are from a short list of old ones. */
import { invalid, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';

const STANDARD: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** @param path of the metadata */
export function validateKubeFinalizers(errors: FieldError[], meta: ObjectMeta, path: Path): void {
  for (const [index, name] of (meta.finalizers ?? []).entries()) {
    if (name.includes('/') || STANDARD.has(name)) continue;
    const text = 'name is neither a standard finalizer name nor is it fully qualified';
    errors.push(invalid(path.child('finalizers').index(index), name, text));
  }
}
