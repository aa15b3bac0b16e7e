import type { Pod, ResourceRequirements } from '../api/schema/types/core/v1.ts';
import type { PodState } from './state.ts';

/** A change of resources that the runtime has not applied yet. */
export interface Resize {
  /** The texts of the events carry the new resources as JSON. */
  readonly text: string;
  /** Containers that ask to be restarted for it. */
  readonly restarts: readonly string[];
  readonly applied: Readonly<Record<string, string>>;
}

/** Undefined if every running container has the resources of the spec. */
export function resizeOf(pod: Pod, state: PodState): Resize | undefined {
  const restarts: string[] = [];
  const applied: Record<string, string> = {};
  let changed = false;
  for (const container of pod.spec?.containers ?? []) {
    const wanted = describe(container.resources);
    applied[container.name] = wanted;
    const before = state.resized[container.name];
    if (before === undefined || before === wanted) continue;
    changed = true;
    const differs = (name: string): boolean => part(before, name) !== part(wanted, name);
    if (
      (container.resizePolicy ?? []).some(
        ({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && differs(resourceName),
      )
    ) {
      restarts.push(container.name);
    }
  }
  if (!changed) return undefined;
  const containers = (pod.spec?.containers ?? []).map(({ name, resources }) => ({ name, resources: sorted(resources) }));
  return { text: JSON.stringify({ containers, generation: pod.metadata.generation ?? 1 }), restarts, applied };
}

/** What the containers were started with. Only kept for Pods whose containers have resources: others cannot be resized in place. */
export function appliedResources(pod: Pod): Record<string, string> {
  return Object.fromEntries(
    (pod.spec?.containers ?? [])
      .filter(({ resources }) => resources?.requests !== undefined)
      .map(({ name, resources }) => [name, describe(resources)]),
  );
}

function describe(resources: ResourceRequirements | undefined): string {
  return JSON.stringify(sorted(resources));
}

function sorted(resources: ResourceRequirements | undefined): {
  readonly limits?: Record<string, string>;
  readonly requests?: Record<string, string>;
} {
  const order = (list: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined =>
    list === undefined ? undefined : Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)));
  const limits = order(resources?.limits);
  const requests = order(resources?.requests);
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
}

/** One resource's request and limit out of a description. */
function part(description: string, name: string): string {
  const { limits, requests } = JSON.parse(description) as {
    readonly limits?: Record<string, string>;
    readonly requests?: Record<string, string>;
  };
  return `${limits?.[name] ?? ''}/${requests?.[name] ?? ''}`;
}
