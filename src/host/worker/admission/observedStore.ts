import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import { Store } from '../../../apiserver/storage/store.ts';

/**
 * A store that notes what is asked of it: objects, the objects of a namespace, or all of a resource.
 * Promised: whatever an answer of the API server follows from is noted. Not promised: that it follows from all that is noted.
 */
export class ObservedStore extends Store {
  /** Where questions are noted; replaced for each request that is looked on at. */
  reads = new Set<string>();

  override get(resource: string, key: string): KubeObject | undefined {
    this.reads.add(`${resource} ${key}`);
    return super.get(resource, key);
  }

  override list(resource: string, namespace?: string): readonly KubeObject[] {
    this.reads.add(namespace === undefined ? `${resource} *` : `${resource} ${namespace}/*`);
    return super.list(resource, namespace);
  }

  override byIndex(resource: string, name: string, key: string): readonly KubeObject[] {
    this.reads.add(`${resource} *`);
    return super.byIndex(resource, name, key);
  }

  override countByIndex(resource: string, name: string, key: string): number {
    this.reads.add(`${resource} *`);
    return super.countByIndex(resource, name, key);
  }

  override count(resource: string): number {
    this.reads.add(`${resource} *`);
    return super.count(resource);
  }
}

/** The questions that a write answers anew; none for a mere change of state that no check of a request looks at. */
export function questionsOf({ resource, key, type, object, previous }: Revision): readonly string[] {
  const { namespace } = object.metadata;
  const lists = [`${resource} *`, ...(namespace === undefined ? [] : [`${resource} ${namespace}/*`])];
  return type === 'MODIFIED' && previous !== undefined && isStateOnly(previous, object) ? lists : [`${resource} ${key}`, ...lists];
}

/** Objects that count their generations keep it while only their status changes. */
function isStateOnly({ metadata: before }: KubeObject, { metadata: after }: KubeObject): boolean {
  return (
    after.generation !== undefined &&
    after.generation === before.generation &&
    after.deletionTimestamp === before.deletionTimestamp &&
    sameTexts(before.labels, after.labels) &&
    sameTexts(before.annotations, after.annotations)
  );
}

function sameTexts(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
