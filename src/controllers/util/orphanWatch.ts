import { jsonEqual } from '../../base/json.ts';
import { fromLabelSelector, matches } from '../../apimachinery/labels/selector.ts';
import { keyOf, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';
import { possibleSelectors } from '../../client/selection.ts';
import { watch, type Watch } from '../runtime/controller.ts';
import { controllerOf } from './controllerRef.ts';

/**
 * Wakes every possible owner of an object that nobody controls: those of its namespace whose selector means it.
 * An orphan is looked at when it appears, when its labels change and when it has just become an orphan.
 */
export function orphanWatch<T extends KubeObject, O extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  ownerType: ResourceType<O>,
  selector: (owner: O) => LabelSelector | undefined,
): Watch {
  return watch(type, (object, previous, deleted) => {
    if (deleted || controllerOf(object) !== undefined || object.metadata.deletionTimestamp !== undefined) return [];
    if (previous !== undefined && jsonEqual(previous.metadata.labels, object.metadata.labels) && controllerOf(previous) === undefined)
      return [];
    const { namespace = '', labels } = object.metadata;
    return possibleSelectors(client, ownerType, namespace, labels, labels)
      .filter((owner) => matches(fromLabelSelector(selector(owner)), labels))
      .map((owner) => keyOf(owner));
  });
}
