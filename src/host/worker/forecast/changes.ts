/** The objects before and after, as texts to compare. */
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { jsonEqual } from '../../../base/json.ts';
import { LAST_APPLIED } from '../../../kubectl/apply.ts';
import { printYaml } from '../../../kubectl/printYaml.ts';
import type { ForecastChange } from '../../protocol/forecast.ts';
import type { Touched } from './recorder.ts';
import { subjectOf } from './timeline.ts';

/** More than a person compares. */
const MOST = 200;

/** Machines write on themselves all the time; that they come and go is worth a look. */
const ONLY_COMING_AND_GOING: ReadonlySet<string> = new Set(['nodes', 'nodepools.kubepad.dev']);

/** Without one object and what belongs to it: that it is there is our doing, not the files'. */
export function without(touched: ReadonlyMap<string, Touched>, objects: readonly KubeObject[]): ReadonlyMap<string, Touched> {
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  if (uids.size === 0) return touched;
  return new Map(
    [...touched].filter(([, { before, after }]) => {
      const { uid, ownerReferences = [] } = (after ?? before)?.metadata ?? {};
      return !uids.has(uid) && !ownerReferences.some((owner) => uids.has(owner.uid));
    }),
  );
}

/**
 * Worked out bit by bit, as texts of many objects take their time; ask the generator for the next between other work.
 * @param first resources and keys of the objects that come first
 */
export function* changesOf(touched: ReadonlyMap<string, Touched>, first: ReadonlySet<string>): Generator<ForecastChange, number> {
  const entries = [...touched].filter(([, each]) => isChange(each));
  const ordered = entries.toSorted(([a], [b]) => rank(a, first) - rank(b, first));
  for (const [, { resource, before, after }] of ordered.slice(0, MOST)) {
    const object = after ?? before;
    if (object === undefined) continue;
    const { apiVersion = '', kind = '', metadata } = object;
    yield {
      ref: { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
      subject: subjectOf(object, resource),
      change: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
      before: textOf(before),
      after: textOf(after),
    };
  }
  return Math.max(0, ordered.length - MOST);
}

function isChange({ resource, before, after }: Touched): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return !ONLY_COMING_AND_GOING.has(resource) && !jsonEqual(shown(before), shown(after));
}

/** Documents first, then what they make, Pods last. */
function rank(id: string, first: ReadonlySet<string>): number {
  return first.has(id) ? 0 : id.startsWith('pods ') ? 2 : 1;
}

function textOf(object: KubeObject | undefined): string {
  return object === undefined ? '' : printYaml(shown(object));
}

/** Without what every write changes, and what `kubectl apply` writes down for itself. */
function shown({ metadata, ...rest }: KubeObject): KubeObject {
  const { resourceVersion: _, managedFields: _managed, annotations: all = {}, ...meta } = metadata;
  const { [LAST_APPLIED]: _applied, ...annotations } = all;
  return { ...rest, metadata: Object.keys(annotations).length === 0 ? meta : { ...meta, annotations } };
}
