/**
 * The environment variables of a container.
 * Invariant: later definitions win; `$(NAME)` means what was defined before. Counterpart: makeEnvironmentVariables of pkg/kubelet.
 */
import type { Container, EnvVar, Pod, Service } from '../../api/schema/types/core/v1.ts';
import type { ResourceList } from '../../api/core/pod/effective.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import { decodeUtf8, encodeUtf8 } from '../../runtime/files/bytes.ts';

/** What the variables are taken from. */
export interface Sources {
  /** What the image sets. */
  readonly image?: Readonly<Record<string, string>>;
  readonly services: readonly Service[];
  /** The texts of a ConfigMap or Secret; undefined if there is none. */
  readonly data: (resource: 'configmaps' | 'secrets', name: string) => Readonly<Record<string, string>> | undefined;
  /** What the node has for Pods: what a container without a limit may use. */
  readonly allocatable: () => ResourceList;
  /** As the processes know themselves: the Pod's own name, or that of the machine whose network it shares. */
  readonly hostName: string;
  /** The directory of the container's user. */
  readonly home: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A variable with where its value is from. */
export interface ExplainedVariable {
  readonly value: string;
  /** `kubelet`, `image`, `Pod spec`, `ConfigMap web-config, key mode`, `Service web`. */
  readonly source: string;
  readonly isSecret: boolean;
}

type Explained = Record<string, ExplainedVariable>;

export function environmentOf(pod: Pod, container: Container, sources: Sources): Record<string, string> {
  return Object.fromEntries(Object.entries(explainedEnvironment(pod, container, sources)).map(([name, { value }]) => [name, value]));
}

export function explainedEnvironment(pod: Pod, container: Container, sources: Sources): Readonly<Explained> {
  const services = serviceVariables(pod, sources.services);
  const serviceValues = valuesOf(services);
  const own: Explained = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const isSecret = configMapRef === undefined;
    const name = (configMapRef ?? secretRef)?.name ?? '';
    const object = `${isSecret ? 'Secret' : 'ConfigMap'} ${name}`;
    for (const [key, value] of Object.entries(sources.data(isSecret ? 'secrets' : 'configmaps', name) ?? {}))
      own[`${prefix}${key}`] = { value, source: `${object}, key ${key}`, isSecret };
  }
  for (const variable of container.env ?? []) {
    const found = valueOf(pod, container, variable, sources);
    if (found !== undefined) own[variable.name] = { ...found, value: expand(found.value, { ...serviceValues, ...valuesOf(own) }) };
  }
  return {
    PATH: plain(PATH, 'container runtime'),
    HOSTNAME: plain(sources.hostName, 'kubelet'),
    ...Object.fromEntries(Object.entries(sources.image ?? {}).map(([name, value]) => [name, plain(value, 'image')])),
    ...own,
    ...Object.fromEntries(Object.entries(services).filter(([name]) => !(name in own))),
    ...('HOME' in own || 'HOME' in (sources.image ?? {}) ? {} : { HOME: plain(sources.home, 'container runtime') }),
  };
}

function plain(value: string, source: string): ExplainedVariable {
  return { value, source, isSecret: false };
}

function valuesOf(variables: Readonly<Explained>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
}

/** `$(NAME)` becomes the value of a variable that is known, `$$(NAME)` stays as `$(NAME)`. */
export function expand(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]+)\)/g, (whole, name: string | undefined) => (name === undefined ? '$' : (known[name] ?? whole)));
}

function valueOf(
  pod: Pod,
  container: Container,
  { value, valueFrom }: EnvVar,
  { data, allocatable }: Sources,
): ExplainedVariable | undefined {
  if (valueFrom === undefined) return plain(value ?? '', 'Pod spec');
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return plain(fieldOf(pod, fieldRef.fieldPath), `field ${fieldRef.fieldPath}`);
  if (resourceFieldRef !== undefined)
    return plain(resourceOf(pod, container, resourceFieldRef, allocatable), `resource ${resourceFieldRef.resource}`);
  const isSecret = configMapKeyRef === undefined;
  const ref = configMapKeyRef ?? secretKeyRef;
  const found = ref === undefined ? undefined : data(isSecret ? 'secrets' : 'configmaps', ref.name ?? '')?.[ref.key];
  if (ref === undefined || found === undefined) return undefined;
  return { value: found, source: `${isSecret ? 'Secret' : 'ConfigMap'} ${ref.name ?? ''}, key ${ref.key}`, isSecret };
}

/** A field of the Pod as the downward API gives it. */
export function fieldOf(pod: Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed !== null) return (keyed[1] === 'labels' ? metadata.labels : metadata.annotations)?.[keyed[2] ?? ''] ?? '';
  const pairs = (map: Readonly<Record<string, string>> = {}): string =>
    Object.entries(map)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': pairs(metadata.labels),
    'metadata.annotations': pairs(metadata.annotations),
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.hostIP': status?.hostIP,
    'status.hostIPs': (status?.hostIPs ?? []).map(({ ip }) => ip).join(','),
    'status.podIP': status?.podIP,
    'status.podIPs': (status?.podIPs ?? []).map(({ ip }) => ip).join(','),
  };
  return fields[path] ?? '';
}

interface ResourceField {
  readonly containerName?: string;
  readonly resource: string;
  readonly divisor?: string;
}

/** A container without such a limit is told that of its Pod, else what the node has for all Pods. */
const LIMITED_BY_NODE: ReadonlySet<string> = new Set(['cpu', 'ephemeral-storage', 'memory']);

/** An amount in units of the divisor, rounded up: `250m` of CPU are 1. */
export function resourceOf(
  pod: Pod,
  own: Container,
  { containerName, resource, divisor }: ResourceField,
  allocatable: () => ResourceList,
): string {
  const container =
    [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(({ name }) => name === containerName) ?? own;
  const [kind = ''] = resource.split('.', 1);
  const name = resource.slice(kind.length + 1);
  const { limits, requests } = container.resources ?? {};
  const unit = quantity(divisor === undefined || divisor === '0' ? '1' : divisor).nano;
  let { nano } = quantity((kind === 'limits' ? limits : requests)?.[name]);
  if (nano === 0n && kind === 'limits' && LIMITED_BY_NODE.has(name))
    ({ nano } = quantity(pod.spec?.resources?.limits?.[name] ?? allocatable()[name]));
  return String(unit === 0n ? 0n : (nano + unit - 1n) / unit);
}

/** The variables that lead to the Services of the namespace and to the API server. */
function serviceVariables(pod: Pod, services: readonly Service[]): Readonly<Explained> {
  const variables: Explained = {};
  for (const { metadata, spec } of services) {
    const address = spec?.clusterIP ?? '';
    const isApi = metadata.namespace === 'default' && metadata.name === 'kubernetes';
    const visible = isApi || (metadata.namespace === pod.metadata.namespace && pod.spec?.enableServiceLinks !== false);
    if (!visible || address === '' || address === 'None') continue;
    const source = `Service ${metadata.name ?? ''}`;
    const prefix = (metadata.name ?? '').toUpperCase().replaceAll('-', '_');
    const [first] = spec?.ports ?? [];
    variables[`${prefix}_SERVICE_HOST`] = plain(address, source);
    if (first !== undefined) variables[`${prefix}_SERVICE_PORT`] = plain(String(first.port), source);
    for (const { name, port } of spec?.ports ?? [])
      if (name !== undefined) variables[`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`] = plain(String(port), source);
    for (const [index, { port, protocol = 'TCP' }] of (spec?.ports ?? []).entries()) {
      const url = `${protocol.toLowerCase()}://${address}:${port}`;
      const key = `${prefix}_PORT_${port}_${protocol}`;
      if (index === 0) variables[`${prefix}_PORT`] = plain(url, source);
      variables[key] = plain(url, source);
      variables[`${key}_PROTO`] = plain(protocol.toLowerCase(), source);
      variables[`${key}_PORT`] = plain(String(port), source);
      variables[`${key}_ADDR`] = plain(address, source);
    }
  }
  return variables;
}

/** The data of a ConfigMap or Secret as texts. */
export function textsOf(object: Readonly<Record<string, unknown>>, isSecret: boolean): Readonly<Record<string, string>> {
  const texts = Object.entries(bytesOf(object, isSecret)).map(([key, bytes]) => [key, decodeUtf8(bytes)] as const);
  return Object.fromEntries(texts);
}

/** The data of a ConfigMap or Secret, one character a byte. */
export function bytesOf(object: Readonly<Record<string, unknown>>, isSecret: boolean): Readonly<Record<string, string>> {
  const data = (object['data'] ?? {}) as Readonly<Record<string, string>>;
  const binary = (object['binaryData'] ?? {}) as Readonly<Record<string, string>>;
  const plain = isSecret ? {} : data;
  const encoded = isSecret ? data : binary;
  return {
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, encodeUtf8(value)])),
    ...Object.fromEntries(Object.entries(encoded).map(([key, value]) => [key, atob(value)])),
  };
}
