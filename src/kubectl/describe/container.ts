/**
 * The containers of a Pod or of a Pod's template, as `kubectl describe` shows them.
 * Invariant: values of Secrets and ConfigMaps are not looked up, only where they come from.
 */
import type {
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  EnvFromSource,
  EnvVar,
  Pod,
  Probe,
  VolumeMount,
} from '../../api/schema/types/core/v1.ts';
import { value } from '../../apimachinery/quantity/quantity.ts';
import { indent } from './text.ts';
import { longTime } from './tabs.ts';

/** @param statuses undefined: of a template, which kubectl indents less */
export function describeContainers(
  title: string,
  list: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
  pod?: Pod,
): readonly string[] {
  if (list === undefined || list.length === 0) return [];
  const [nameBy, fieldsBy] = statuses === undefined ? [1, 2] : [2, 4];
  return [
    `${title}:`,
    ...list.flatMap((container) => {
      const status = statuses?.find(({ name }) => name === container.name);
      return [...indent([`${container.name}:`], nameBy), ...indent(describeContainer(container, status, pod), fieldsBy)];
    }),
  ];
}

/** @param pod whose fields variables are set from; of a template nobody knows them yet */
function describeContainer(container: Container, status: ContainerStatus | undefined, pod: Pod | undefined): readonly string[] {
  const { image = '', command, args, resources, env = [], envFrom = [], volumeMounts = [], volumeDevices = [] } = container;
  return [
    ...(status === undefined ? [] : [`Container ID:\t${status.containerID ?? ''}`]),
    `Image:\t${image}`,
    ...(status === undefined ? [] : [`Image ID:\t${status.imageID ?? ''}`]),
    ...portLines(container.ports ?? []),
    ...block(
      'Command',
      command?.flatMap((text) => text.split('\n')),
    ),
    ...block(
      'Args',
      args?.flatMap((text) => text.split('\n')),
    ),
    ...(status === undefined ? [] : statusLines(status)),
    ...block('Limits', amounts(resources?.limits)),
    ...block('Requests', amounts(resources?.requests)),
    ...probeLine('Liveness', container.livenessProbe),
    ...probeLine('Readiness', container.readinessProbe),
    ...probeLine('Startup', container.startupProbe),
    ...block('Environment Variables from', envFrom.length === 0 ? undefined : envFrom.map((source) => fromLine(source))),
    ...list(
      'Environment',
      env.map((variable) => variableLine(variable, container, pod)),
    ),
    ...list('Mounts', volumeMounts.toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1)).map(mountLine)),
    ...block('Devices', volumeDevices.length === 0 ? undefined : volumeDevices.map(({ devicePath, name }) => `${devicePath} from ${name}`)),
  ];
}

function portLines(ports: readonly ContainerPort[]): readonly string[] {
  const plural = ports.length > 1 ? 's' : '';
  const inside = ports.map(
    ({ containerPort, protocol = 'TCP', name = '' }) => `${containerPort}/${protocol}${name === '' ? '' : ` (${name})`}`,
  );
  const outside = ports.map(({ hostPort = 0, protocol = 'TCP', name = '' }) => `${hostPort}/${protocol}${name === '' ? '' : ` (${name})`}`);
  return [`Port${plural}:\t${inside.join(', ') || '<none>'}`, `Host Port${plural}:\t${outside.join(', ') || '<none>'}`];
}

function statusLines({ state, lastState, ready, restartCount }: ContainerStatus): readonly string[] {
  return [
    ...stateLines('State', state ?? {}),
    ...(lastState?.terminated === undefined ? [] : stateLines('Last State', lastState)),
    `Ready:\t${ready ? 'True' : 'False'}`,
    `Restart Count:\t${restartCount}`,
  ];
}

function stateLines(name: string, { running, waiting, terminated }: ContainerState): readonly string[] {
  const some = (key: string, value: string | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`  ${key}:\t${value}`];
  const time = (value: string | null | undefined): string | undefined =>
    value === undefined || value === null ? undefined : longTime(value);
  if (running !== undefined) return [`${name}:\tRunning`, ...some('Started', time(running.startedAt))];
  if (terminated !== undefined) {
    const { reason, message, exitCode, signal = 0, startedAt, finishedAt } = terminated;
    return [
      `${name}:\tTerminated`,
      ...some('Reason', reason),
      ...some('Message', message?.trimEnd()),
      ...some('Exit Code', String(exitCode)),
      ...some('Signal', signal === 0 ? undefined : String(signal)),
      ...some('Started', time(startedAt)),
      ...some('Finished', time(finishedAt)),
    ];
  }
  return [`${name}:\tWaiting`, ...some('Reason', waiting?.reason), ...some('Message', waiting?.message)];
}

function amounts(list: Readonly<Record<string, string>> | undefined): readonly string[] | undefined {
  if (list === undefined) return undefined;
  return Object.entries(list)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}:\t${amount}`);
}

function probeLine(name: string, probe: Probe | undefined): readonly string[] {
  if (probe === undefined) return [];
  const { initialDelaySeconds = 0, timeoutSeconds = 1, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  const numbers = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  return [`${name}:\t${handler(probe)} ${numbers}`];
}

function handler({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec !== undefined) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet !== undefined) {
    const { scheme = 'HTTP', host = '', port, path = '' } = httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
  }
  if (tcpSocket !== undefined) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  if (grpc !== undefined) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`;
  return 'unknown';
}

function fromLine({ prefix = '', configMapRef, secretRef }: EnvFromSource): string {
  const source = configMapRef ?? secretRef;
  const kind = configMapRef === undefined ? 'Secret' : 'ConfigMap';
  return `${source?.name ?? ''}\t${kind}${prefix === '' ? '' : ` with prefix '${prefix}'`}\tOptional: ${source?.optional === true}`;
}

function variableLine({ name, value: text = '', valueFrom }: EnvVar, container: Container, pod: Pod | undefined): string {
  if (valueFrom === undefined) {
    const [first = '', ...more] = text.split('\n');
    return [`${name}:\t${first}`, ...more.map((line) => `\t${line}`)].join('\n');
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef, fileKeyRef } = valueFrom;
  if (fieldRef !== undefined) return `${name}:\t${fieldOf(pod, fieldRef.fieldPath)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`;
  if (resourceFieldRef !== undefined) {
    const [group = '', ...rest] = resourceFieldRef.resource.split('.');
    const own = (group === 'limits' ? container.resources?.limits : container.resources?.requests)?.[rest.join('.')];
    const divisor = value(resourceFieldRef.divisor ?? '1') || 1;
    const shown = own === undefined ? undefined : Math.ceil(value(own) / divisor);
    return `${name}:\t${shown ?? (group === 'limits' ? 'node allocatable' : '0')} (${resourceFieldRef.resource})`;
  }
  if (secretKeyRef !== undefined)
    return `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'>\tOptional: ${secretKeyRef.optional === true}`;
  if (configMapKeyRef !== undefined)
    return `${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'>\tOptional: ${configMapKeyRef.optional === true}`;
  if (fileKeyRef !== undefined)
    return `${name}:\t<set to the key '${fileKeyRef.key}' of file '${fileKeyRef.path}' in volume '${fileKeyRef.volumeName}'>`;
  return `${name}:`;
}

/** What a variable from a field of the Pod is; empty where it is not known. */
function fieldOf(pod: Pod | undefined, path: string): string {
  const { metadata, spec, status } = pod ?? {};
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed !== null) return metadata?.[keyed[1] === 'labels' ? 'labels' : 'annotations']?.[keyed[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata?.name ?? '';
    case 'metadata.namespace':
      return metadata?.namespace ?? '';
    case 'metadata.uid':
      return metadata?.uid ?? '';
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
      return status?.hostIP ?? '';
    case 'status.podIP':
      return status?.podIP ?? '';
    case 'status.podIPs':
      return (status?.podIPs ?? []).map(({ ip }) => ip).join(',');
    case 'status.hostIPs':
      return (status?.hostIPs ?? []).map(({ ip }) => ip).join(',');
    default:
      return '';
  }
}

function mountLine({ mountPath, name, readOnly, subPath = '' }: VolumeMount): string {
  const flags = [readOnly === true ? 'ro' : 'rw', ...(subPath === '' ? [] : [`path="${subPath}"`])];
  return `${mountPath} from ${name} (${flags.join(',')})`;
}

/** A name with lines of its own below it; nothing where there are none. */
function block(name: string, texts: readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : [`${name}:`, ...indent(texts, 2)];
}

/** The same, but `<none>` where there are none. */
function list(name: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [`${name}:\t<none>`];
  return block(
    name,
    texts.flatMap((text) => text.split('\n')),
  );
}
