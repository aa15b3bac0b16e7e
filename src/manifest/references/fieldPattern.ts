import { Path } from '../../apimachinery/field/path.ts';
import { isRecord } from '../recognise.ts';

/** A value that a pattern led to. The path is made only when someone asks for it. */
export interface Hit {
  readonly value: unknown;
  readonly path: () => Path;
}

/**
 * All values along a pattern such as `spec.containers[].env[].valueFrom`; what is not there, or of another form, gives none.
 * @param pattern fields separated by dots, `[]` after one stands for each item of a list
 */
export function hitsOf(root: unknown, pattern: string, from: () => Path = () => Path.root): readonly Hit[] {
  let hits: readonly Hit[] = [{ value: root, path: from }];
  for (const step of pattern === '' ? [] : pattern.split('.')) {
    const name = step.endsWith('[]') ? step.slice(0, -2) : step;
    hits = hits.flatMap(({ value, path }) => {
      const inner = isRecord(value) ? value[name] : undefined;
      if (inner === undefined || inner === null) return [];
      const own = (): Path => path().child(name);
      if (name === step) return [{ value: inner, path: own }];
      return Array.isArray(inner) ? inner.map((item: unknown, index) => ({ value: item, path: () => own().index(index) })) : [];
    });
    if (hits.length === 0) return hits;
  }
  return hits;
}

/** The first value along a pattern. */
export function valueAt(root: unknown, pattern: string): unknown {
  return hitsOf(root, pattern)[0]?.value;
}

/** A text along a pattern; empty if there is none. */
export function textAt(root: unknown, pattern: string): string {
  const value = valueAt(root, pattern);
  return typeof value === 'string' ? value : '';
}
