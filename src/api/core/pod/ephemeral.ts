/** The `ephemeralcontainers` subresource: containers may be added to a running Pod, never changed or taken away. */
import type { Draft } from '../../../base/json.ts';
import { forbidden, type ErrorList } from '../../../apimachinery/field/error.ts';
import { unifiedDiff } from '../../../apimachinery/diff/unified.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { Pod } from '../../schema/types/core/v1.ts';
import { MIRROR_POD } from './annotations.ts';
import { internalValue } from './internal.ts';
import { semanticallyEqual, validateUpdateOfAnyKind } from './update.ts';
import type { Sink } from './sink.ts';

/** Only the ephemeral containers are taken from what was sent. */
export function prepareEphemeralContainersUpdate(pod: Draft<Pod>, old: Pod): void {
  const added = pod.spec?.ephemeralContainers;
  pod.status = old.status as Draft<Pod>['status'] & object;
  pod.spec = { ...(old.spec as Draft<NonNullable<Pod['spec']>>) };
  if (added) pod.spec.ephemeralContainers = added;
  else delete pod.spec.ephemeralContainers;
}

export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): ErrorList {
  if (old.metadata.annotations?.[MIRROR_POD] !== undefined)
    return [forbidden(Path.root, 'static pods do not support ephemeral containers')];
  const sink: Sink = [];
  validateUpdateOfAnyKind(sink, pod, old);
  const path = Path.of('spec', 'ephemeralContainers');
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const after = now.get(before.name);
    if (!after) sink.push(forbidden(path, `existing ephemeral containers "${before.name}" may not be removed\n`));
    else if (!semanticallyEqual(before, after)) {
      const diff = unifiedDiff(internalValue('EphemeralContainer', before), internalValue('EphemeralContainer', after));
      sink.push(forbidden(path, `existing ephemeral containers "${before.name}" may not be changed\n${diff}`));
    }
  }
  return sink;
}
