/**
 * The API server's verdict on an object, without a store: what the registry refuses with, and what the editor shows.
 */
import type { ErrorList } from '../apimachinery/field/error.ts';
import type { KubeObject } from '../apimachinery/meta/resource.ts';
import type { Strategy } from './strategy.ts';

export interface Verdict {
  readonly errors: ErrorList;
  readonly warnings: readonly string[];
}

export function validateCreate(strategy: Strategy, object: KubeObject): Verdict {
  return { errors: strategy.validate(object), warnings: strategy.warnings?.(object, undefined) ?? [] };
}

export function validateUpdate(strategy: Strategy, object: KubeObject, old: KubeObject): Verdict {
  return { errors: strategy.validateUpdate(object, old), warnings: strategy.warnings?.(object, old) ?? [] };
}

export function validateStatusUpdate(strategy: Strategy, object: KubeObject, old: KubeObject): Verdict {
  return { errors: strategy.status?.validateUpdate(object, old) ?? [], warnings: [] };
}
