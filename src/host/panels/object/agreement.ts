/**
 * Where what is so does not agree yet with what was asked for.
 * Invariant: a table of what is compared with what, per kind, and one rule for all; a counter that no status reports is 0.
 * Counterpart: `kubectl rollout status`, `kubectl wait`, for every kind with a status.
 */
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { compare, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isRecord } from '../../../manifest/recognise.ts';

interface Pair {
  /** A path of the object, or what it is when nothing is written. */
  readonly wanted: string;
  readonly fallback?: unknown;
  readonly actual: readonly string[];
  readonly how?: 'quantity' | 'atLeast';
}

const replicas = (...names: readonly string[]): Pair => ({
  wanted: 'spec.replicas',
  fallback: 1,
  actual: names.map((name) => `status.${name}`),
});

const PAIRS: Readonly<Record<string, readonly Pair[]>> = {
  'Deployment.apps': [replicas('replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas')],
  'ReplicaSet.apps': [replicas('replicas', 'readyReplicas', 'availableReplicas')],
  ReplicationController: [replicas('replicas', 'readyReplicas', 'availableReplicas')],
  'StatefulSet.apps': [
    replicas('replicas', 'readyReplicas', 'availableReplicas', 'updatedReplicas'),
    { wanted: 'status.updateRevision', actual: ['status.currentRevision'] },
  ],
  'DaemonSet.apps': [
    {
      wanted: 'status.desiredNumberScheduled',
      fallback: 0,
      actual: ['status.currentNumberScheduled', 'status.updatedNumberScheduled', 'status.numberReady', 'status.numberAvailable'],
    },
  ],
  'Job.batch': [{ wanted: 'spec.completions', actual: ['status.succeeded'] }],
  'HorizontalPodAutoscaler.autoscaling': [{ wanted: 'status.desiredReplicas', fallback: 0, actual: ['status.currentReplicas'] }],
  'PodDisruptionBudget.policy': [{ wanted: 'status.desiredHealthy', fallback: 0, actual: ['status.currentHealthy'], how: 'atLeast' }],
  PersistentVolumeClaim: [
    { wanted: 'spec.resources.requests.storage', actual: ['status.capacity.storage'], how: 'quantity' },
    { wanted: 'spec.volumeAttributesClassName', actual: ['status.currentVolumeAttributesClassName'] },
  ],
};

export interface Disagreement {
  /** A path of the status. */
  readonly path: string;
  /** What stands there; `0` where nothing does. */
  readonly actual: string;
  /** The path of what was asked for, and what that is. */
  readonly wanted: string;
  readonly value: string;
}

/** @param groupKind `Deployment.apps` */
export function disagreements(groupKind: string, object: KubeObject): readonly Disagreement[] {
  const pairs = PAIRS[groupKind] ?? [];
  const found = pairs.flatMap(({ wanted, fallback, actual, how }) => {
    const value = valueAt(object, wanted) ?? fallback;
    if (value === undefined) return [];
    return actual.flatMap((path): readonly Disagreement[] => {
      const is = valueAt(object, path) ?? (typeof value === 'number' ? 0 : undefined);
      return agrees(value, is, how) ? [] : [{ path, actual: text(is), wanted, value: text(value) }];
    });
  });
  return [...found, ...generationOf(object), ...resizesOf(groupKind, object)];
}

/** Its controller has not looked at the last change yet. */
function generationOf(object: KubeObject): readonly Disagreement[] {
  const { generation } = object.metadata;
  const observed = valueAt(object, 'status.observedGeneration');
  if (generation === undefined || typeof observed !== 'number' || observed >= generation) return [];
  return [{ path: 'status.observedGeneration', actual: String(observed), wanted: 'metadata.generation', value: String(generation) }];
}

/** A Pod that was resized, and whose containers do not have their new amounts yet. */
function resizesOf(groupKind: string, object: KubeObject): readonly Disagreement[] {
  if (groupKind !== 'Pod') return [];
  const containers = listAt(object, 'spec.containers');
  return listAt(object, 'status.containerStatuses').flatMap((status) => {
    const name = String(status['name']);
    const spec = containers.find((container) => container['name'] === name);
    return ['requests', 'limits'].flatMap((kind) => {
      const wanted = valueAt(spec, `resources.${kind}`);
      const given = valueAt(status, `resources.${kind}`);
      if (!isRecord(wanted) || !isRecord(given)) return [];
      return Object.entries(wanted).flatMap(([resource, value]): readonly Disagreement[] => {
        const path = `resources.${kind}.${resource}`;
        if (agrees(value, given[resource], 'quantity')) return [];
        return [
          {
            path: `status.containerStatuses[${name}].${path}`,
            actual: text(given[resource]),
            wanted: `spec.containers[${name}].${path}`,
            value: text(value),
          },
        ];
      });
    });
  });
}

function agrees(wanted: unknown, actual: unknown, how: Pair['how']): boolean {
  if (how === 'atLeast') return Number(actual) >= Number(wanted);
  if (how === 'quantity') return actual !== undefined && compare(quantity(text(wanted)), quantity(text(actual))) <= 0;
  return wanted === actual;
}

/** Steps through members only. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const name of path.split('.')) value = isRecord(value) ? value[name] : undefined;
  return value;
}

function listAt(object: unknown, path: string): readonly Readonly<Record<string, unknown>>[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? 'nothing' : JSON.stringify(value);
}
