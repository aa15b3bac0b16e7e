import type { Draft } from '../../base/json.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Preparation, Strategy } from '../../api/strategy.ts';
import { metadataKeptByStatus } from '../../api/fieldTypes.ts';
import { validateStatusUpdate, validateUpdate, type Verdict } from '../../api/verdict.ts';
import type { RegistryHooks } from './hooks.ts';
import { keepMetadata, keepOnly, putBack } from './metadata.ts';

export interface Pair {
  readonly object: Draft<KubeObject>;
  readonly old: KubeObject;
}

/** Puts back what an update cannot change, the object's own or that of a subresource. */
export function prepareUpdate(
  strategy: Strategy,
  subresource: string,
  { object, old }: Pair,
  hooks: RegistryHooks | undefined,
  preparation: Preparation,
): void {
  if (subresource === '') {
    strategy.defaults?.(object);
    if (strategy.status !== undefined) putBack(object, old, 'status');
    strategy.prepareForUpdate?.(object, old, preparation);
    return;
  }
  if (subresource === 'status') {
    // Defaults first: what is put back afterwards is the stored object's own and must not be changed.
    strategy.defaults?.(object);
    keepOnly(object, old, ['status', 'metadata']);
    keepMetadata(object, old, metadataKeptByStatus(strategy));
    strategy.status?.prepareForUpdate?.(object, old, preparation);
    return;
  }
  const own = strategy.subresources?.[subresource];
  if (own !== undefined) {
    strategy.defaults?.(object);
    own.prepareForUpdate(object, old, preparation);
    return;
  }
  const hook = hooks?.subresources?.[subresource];
  if (hook === undefined) return;
  keepOnly(object, old, hook.changes);
  strategy.defaults?.(object);
  hook.prepareForUpdate?.(object, old);
}

/** Binding and the like check what they change themselves; they may set what an ordinary update may not. */
export function judgeUpdate(strategy: Strategy, subresource: string, { object, old }: Pair, withWarnings: boolean): Verdict {
  if (subresource === '') strategy.defaults?.(object);
  if (subresource === '' || subresource === 'scale') return validateUpdate(strategy, object, old, withWarnings);
  if (subresource === 'status') return validateStatusUpdate(strategy, object, old);
  const own = strategy.subresources?.[subresource];
  if (own !== undefined) return { errors: own.validateUpdate(object, old), warnings: [] };
  return { errors: [], warnings: [] };
}
