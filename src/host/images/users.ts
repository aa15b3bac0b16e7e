import { parseReference, repositoryName } from '../../api/kubepad/image/reference.ts';
import { CRONJOBS, DAEMONSETS, DEPLOYMENTS, JOBS, PODS, STATEFULSETS } from '../../api/schema/resources.ts';
import type { PodSpec } from '../../api/schema/types/core/v1.ts';
import { apiVersion, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import type { ImageUser } from '../protocol/image.ts';

/** Where each kind has the Pods that it makes. */
const KINDS: readonly (readonly [ResourceType, (spec: Templated) => PodSpec | undefined])[] = [
  [DEPLOYMENTS, ({ template }) => template?.spec],
  [STATEFULSETS, ({ template }) => template?.spec],
  [DAEMONSETS, ({ template }) => template?.spec],
  [JOBS, ({ template }) => template?.spec],
  [CRONJOBS, ({ jobTemplate }) => jobTemplate?.spec?.template?.spec],
  [PODS, (spec) => spec],
];

type Templated = PodSpec & {
  readonly template?: { readonly spec?: PodSpec };
  readonly jobTemplate?: { readonly spec?: Templated };
};

/** The workloads of the cluster that name an image of the repositories; of Pods only those that nobody else owns. */
export function imageUsers(client: Client, repositories: readonly string[]): readonly ImageUser[] {
  const wanted = new Set(repositories.flatMap((name) => nameOf(name) ?? []));
  return KINDS.flatMap(([type, podSpec]) =>
    client.list(type).flatMap((object): readonly ImageUser[] => {
      const owned = (object.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
      const { spec } = object as KubeObject & { readonly spec?: Templated };
      const pods = owned || spec === undefined ? undefined : podSpec(spec);
      const image = [...(pods?.initContainers ?? []), ...(pods?.containers ?? [])].find((container) =>
        wanted.has(nameOf(container.image ?? '') ?? ''),
      )?.image;
      if (image === undefined) return [];
      const { namespace = '', name = '' } = object.metadata;
      return [{ ref: { apiVersion: apiVersion(type), kind: type.kind, namespace, name }, image }];
    }),
  );
}

function nameOf(image: string): string | undefined {
  const reference = parseReference(image);
  return reference === undefined ? undefined : repositoryName(reference);
}
