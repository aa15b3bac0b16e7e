import type { Draft } from '../../base/json.ts';
import type { Container, Pod, PodSpec } from '../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes } from './plugin.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';

export type DraftPod = Draft<Pod> & { spec: Draft<PodSpec> };

/** The Pod of a request that makes one; undefined for every other request. */
export function createdPod(attributes: AdmissionAttributes): DraftPod | undefined {
  return attributes.operation === 'CREATE' ? podOf(attributes) : undefined;
}

/** The Pod of a request on Pods themselves, not on a subresource. */
export function podOf(attributes: AdmissionAttributes): DraftPod | undefined {
  const { resource } = attributes.strategy;
  if (resource.plural !== 'pods' || resource.group !== '' || attributes.subresource !== '') return undefined;
  const pod = attributes.object as Draft<Pod> | undefined;
  if (pod === undefined) return undefined;
  pod.spec ??= { containers: [] };
  return pod as DraftPod;
}

/** Init containers, then containers. */
export function containersOf(pod: DraftPod): readonly Draft<Container>[] {
  return [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])];
}

/** The copy of a Pod that a node's kubelet makes of a file; admission leaves it alone. */
export function isMirrorPod(pod: DraftPod): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

/** What a client that looks an object up by name says of a name that cannot stand in a URL; undefined if it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'resource name may not be empty';
  const problems = isPathSegmentName(name);
  return problems.length === 0 ? undefined : `invalid resource name ${quote(name)}: [${problems.join(' ')}]`;
}
