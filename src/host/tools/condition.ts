/**
 * What a run can wait for at one object, in the words of `kubectl wait --for`.
 * Invariant: asked after every event, so it looks at the store only when something was written. Counterpart: kubectl wait.
 */
import { groupResource, objectKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { parseFieldPath, valueAt, type FieldPath } from '../../scenario/fieldPath.ts';
import type { ObjectRef } from '../protocol/view.ts';
import { isRecord } from './input.ts';
import { ToolError } from './tool.ts';

const CONDITIONS: FieldPath = [{ field: 'status' }, { field: 'conditions' }];
const OBSERVED_GENERATION: FieldPath = [{ field: 'status' }, { field: 'observedGeneration' }];

type Test = (object: KubeObject | undefined) => boolean;

/** @throws ToolError if it is none that can be waited for */
export function conditionMet({ api }: Cluster, ref: ObjectRef, wanted: string): () => boolean {
  const resource = api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
  if (resource === undefined) throw new ToolError(`no matches for kind "${ref.kind}" in version "${ref.apiVersion}"`);
  const test = testOf(wanted);
  const [table, key] = [groupResource(resource), objectKey(ref.namespace, ref.name)];
  let seen = -1;
  let met = false;
  return () => {
    if (api.store.revision !== seen) {
      seen = api.store.revision;
      met = test(api.store.get(table, key));
    }
    return met;
  };
}

function testOf(wanted: string): Test {
  if (wanted === 'delete') return (object) => object === undefined;
  if (wanted === 'create') return (object) => object !== undefined;
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(wanted);
  if (condition !== null) {
    const [, type = '', status = 'true'] = condition;
    return (object) => object !== undefined && hasCondition(object, type.toLowerCase(), status.toLowerCase());
  }
  const path = /^jsonpath=(?:'\{([^}]+)\}'|\{([^}]+)\}|([^{}=]+))(?:=(.*))?$/.exec(wanted);
  if (path !== null) {
    const [, quoted, braced, bare, value] = path;
    const steps = stepsOf(quoted ?? braced ?? bare ?? '');
    return (object) => {
      const found = valueAt(object, steps);
      return found !== undefined && (value === undefined || String(found) === value);
    };
  }
  throw new ToolError(`for: ${wanted} is none of delete, create, condition=TYPE[=STATUS], jsonpath={.PATH}[=VALUE].`);
}

/** A condition that is older than the spec says nothing about it. */
function hasCondition(object: KubeObject, type: string, wanted: string): boolean {
  const conditions = valueAt(object, CONDITIONS);
  if (!Array.isArray(conditions)) return false;
  const generation = object.metadata.generation ?? 0;
  const observed = valueAt(object, OBSERVED_GENERATION);
  if (typeof observed === 'number' && observed < generation) return false;
  return conditions.some(
    (each) => isRecord(each) && String(each['type']).toLowerCase() === type && String(each['status']).toLowerCase() === wanted,
  );
}

/** @throws ToolError if it is no path of fields */
function stepsOf(text: string): FieldPath {
  const parsed = parseFieldPath(text);
  if ('error' in parsed) throw new ToolError(`for: ${text} ${parsed.error}.`);
  return parsed.path;
}
