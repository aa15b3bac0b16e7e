/** Walks all containers of a Pod in the order of the API server: init, regular, ephemeral. */
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Container, EphemeralContainer, PodSpec } from '../../schema/types/core/v1.ts';

export type AnyContainer = Container | EphemeralContainer;

/** @param visit gets the path as a function, so that it is only made where something is reported */
export function visitContainers(spec: PodSpec, specPath: Path, visit: (container: AnyContainer, path: () => Path) => void): void {
  for (const [index, container] of (spec.initContainers ?? []).entries())
    visit(container, () => specPath.child('initContainers').index(index));
  for (const [index, container] of (spec.containers ?? []).entries()) visit(container, () => specPath.child('containers').index(index));
  for (const [index, container] of (spec.ephemeralContainers ?? []).entries())
    visit(container, () => specPath.child('ephemeralContainers').index(index));
}

/** An init container that keeps running beside the others: a sidecar. */
export function isRestartableInit(container: { readonly restartPolicy?: string }): boolean {
  return container.restartPolicy === 'Always';
}
