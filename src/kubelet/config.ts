/**
 * What keeps a container from being created although its image is there: references to missing objects, users that are not allowed.
 * Invariant: reads only. Counterpart: makeEnvironmentVariables and verifyRunAsNonRoot of k8s.io/kubernetes/pkg/kubelet.
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import type { JsonObject } from '../base/json.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { podLabel } from './containers.ts';
import type { Kubelet } from './kubelet.ts';
import type { PodState } from './state.ts';

type Resource = 'configmaps' | 'secrets';

const NAMES = { configmaps: { lower: 'configmap', upper: 'ConfigMap' }, secrets: { lower: 'secret', upper: 'Secret' } } as const;

/** The text of the error; undefined if the container can be created. */
export function configError(kubelet: Kubelet, state: PodState, pod: Pod, container: Container): string | undefined {
  return environmentError(kubelet, state.namespace, container) ?? userError(kubelet, state, pod, container);
}

function environmentError(kubelet: Kubelet, namespace: string, container: Container): string | undefined {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const error = missing(kubelet, 'configmaps', namespace, configMapRef) ?? missing(kubelet, 'secrets', namespace, secretRef);
    if (error !== undefined) return error;
  }
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) continue;
    const error =
      missing(kubelet, 'configmaps', namespace, valueFrom.configMapKeyRef) ??
      missing(kubelet, 'secrets', namespace, valueFrom.secretKeyRef);
    if (error !== undefined) return error;
  }
  return undefined;
}

function missing(
  kubelet: Kubelet,
  resource: Resource,
  namespace: string,
  reference: { readonly name?: string; readonly key?: string; readonly optional?: boolean } | undefined,
): string | undefined {
  if (reference === undefined || reference.optional === true) return undefined;
  const name = reference.name ?? '';
  const object = kubelet.hasObject(resource, namespace, name);
  if (object === undefined) return `${NAMES[resource].lower} "${name}" not found`;
  if (reference.key === undefined || hasKey(object, reference.key)) return undefined;
  return `couldn't find key ${reference.key} in ${NAMES[resource].upper} ${namespace}/${name}`;
}

export function hasKey(object: Readonly<Record<string, unknown>>, key: string): boolean {
  return ['data', 'binaryData', 'stringData'].some((field) => {
    const content = object[field] as Readonly<Record<string, unknown>> | undefined;
    return content !== undefined && Object.hasOwn(content, key);
  });
}

/** The objects that a container's variables and single files are taken from, as they are now; undefined if there are none. */
export function configurationOf(
  kubelet: Kubelet,
  namespace: string,
  pod: Pod,
  { env = [], envFrom = [], volumeMounts = [] }: Container,
): ContainerRecord['configuration'] {
  const references = [
    ...envFrom.map(({ configMapRef, secretRef }) => ({ configmaps: configMapRef, secrets: secretRef })),
    ...env.map(({ valueFrom }) => ({ configmaps: valueFrom?.configMapKeyRef, secrets: valueFrom?.secretKeyRef })),
    ...volumeMounts.flatMap(({ name, subPath, subPathExpr }) =>
      subPath === undefined && subPathExpr === undefined ? [] : sourcesOf(pod, name),
    ),
  ];
  const found: Record<string, JsonObject | null> = {};
  for (const reference of references) {
    for (const resource of ['configmaps', 'secrets'] as const) {
      const name = reference[resource]?.name;
      if (name !== undefined) found[`${resource}/${name}`] ??= (kubelet.hasObject(resource, namespace, name) ?? null) as JsonObject | null;
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

interface Sources {
  readonly configmaps?: { readonly name?: string } | undefined;
  readonly secrets?: { readonly name?: string } | undefined;
}

/** What a volume takes its files from. */
function sourcesOf({ spec }: Pod, name: string): readonly Sources[] {
  const volume = spec?.volumes?.find((each) => each.name === name);
  const projected = volume?.projected?.sources ?? [];
  const secretName = volume?.secret?.secretName;
  return [
    { configmaps: volume?.configMap, secrets: secretName === undefined ? undefined : { name: secretName } },
    ...projected.map(({ configMap, secret }) => ({ configmaps: configMap, secrets: secret })),
  ];
}

function userError(kubelet: Kubelet, state: PodState, pod: Pod, container: Container): string | undefined {
  const own = container.securityContext;
  const common = pod.spec?.securityContext;
  if ((own?.runAsNonRoot ?? common?.runAsNonRoot) !== true) return undefined;
  const place = `(pod: "${podLabel(state)}", container: ${container.name})`;
  const user = own?.runAsUser ?? common?.runAsUser;
  if (user === 0) return `container's runAsUser breaks non-root policy ${place}`;
  if (user !== undefined) return undefined;
  const imageUser = kubelet.catalog.user(container.image ?? '', kubelet.node(state.node).digests[container.image ?? '']);
  if (imageUser === '0' || imageUser === 'root') return `container has runAsNonRoot and image will run as root ${place}`;
  if (/^\d+$/.test(imageUser)) return undefined;
  return `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${place}`;
}
