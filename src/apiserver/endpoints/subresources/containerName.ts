import type { Pod } from '../../../api/schema/types/core/v1.ts';

/** What is wrong with the container that a request names, or does not name. */
export function containerProblem({ spec, metadata }: Pod, container: string): string | undefined {
  const containers = (spec?.containers ?? []).map(({ name }) => name);
  const init = (spec?.initContainers ?? []).map(({ name }) => name);
  const ephemeral = (spec?.ephemeralContainers ?? []).map(({ name }) => name);
  const name = metadata.name ?? '';
  if (container !== '') {
    return [...containers, ...init, ...ephemeral].includes(container) ? undefined : `container ${container} is not valid for pod ${name}`;
  }
  if (containers.length === 1) return undefined;
  const others = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
  return `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${others}`;
}
