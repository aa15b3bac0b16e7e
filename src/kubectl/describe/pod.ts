import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { podSummary } from '../../api/core/pod/columns.ts';
import type { Container, ContainerState, ContainerStatus, Pod } from '../../api/schema/types/core/v1.ts';
import { indent, label, mapLines, table } from './text.ts';

const COLUMN = 16;

export function describePod(object: UnknownObject, _nowMs: number): readonly string[] {
  const pod = object as unknown as Pod;
  const { metadata, spec, status } = pod;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const put = (name: string, value: string | number): string => label(name, value, COLUMN);
  return [
    put('Name', metadata.name ?? ''),
    put('Namespace', metadata.namespace ?? ''),
    put('Priority', spec?.priority ?? 0),
    put('Service Account', spec?.serviceAccountName ?? 'default'),
    put('Node', spec?.nodeName === undefined ? '<none>' : `${spec.nodeName}/${status?.hostIP ?? ''}`),
    ...(status?.startTime === undefined ? [] : [put('Start Time', status.startTime)]),
    ...mapLines('Labels', metadata.labels, undefined, COLUMN),
    ...mapLines('Annotations', metadata.annotations, undefined, COLUMN),
    ...(metadata.deletionTimestamp === undefined
      ? [put('Status', podSummary(pod).status || (status?.phase ?? ''))]
      : [
          put('Status', `Terminating (deleted at ${metadata.deletionTimestamp})`),
          put('Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`),
        ]),
    ...(status?.reason === undefined ? [] : [put('Reason', status.reason)]),
    ...(status?.message === undefined ? [] : [put('Message', status.message)]),
    put('IP', status?.podIP ?? ''),
    ...(owner === undefined ? [] : [put('Controlled By', `${owner.kind}/${owner.name}`)]),
    ...containers('Init Containers', spec?.initContainers, status?.initContainerStatuses),
    ...containers('Containers', spec?.containers, status?.containerStatuses),
    ...conditions(pod),
    put('QoS Class', status?.qosClass ?? ''),
    ...mapLines('Node-Selectors', spec?.nodeSelector, undefined, COLUMN),
    ...tolerations(pod),
  ];
}

function containers(
  title: string,
  list: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
): readonly string[] {
  if (list === undefined || list.length === 0) return [];
  return [
    `${title}:`,
    ...list.flatMap((container) =>
      describeContainer(
        container,
        statuses?.find(({ name }) => name === container.name),
      ),
    ),
  ];
}

export function describeContainer(container: Container, status: ContainerStatus | undefined): readonly string[] {
  const put = (name: string, value: string): string => label(name, value, COLUMN);
  const ports = (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`).join(', ');
  const resources = (name: string, amounts: Readonly<Record<string, string>> | undefined): readonly string[] =>
    amounts === undefined
      ? []
      : [
          `${name}:`,
          ...indent(
            Object.entries(amounts).map(([key, value]) => label(key, value, 12)),
            2,
          ),
        ];
  const env = (container.env ?? []).map(({ name, value, valueFrom }) =>
    label(name, valueFrom === undefined ? (value ?? '') : '<set from elsewhere>', 12),
  );
  const mounts = (container.volumeMounts ?? []).map(
    ({ mountPath, name, readOnly }) => `${mountPath} from ${name} (${readOnly === true ? 'ro' : 'rw'})`,
  );
  return [
    `  ${container.name}:`,
    ...indent(
      [
        ...(status?.containerID === undefined ? [] : [put('Container ID', status.containerID)]),
        put('Image', container.image ?? ''),
        put('Port', ports === '' ? '<none>' : ports),
        ...(container.command === undefined ? [] : ['Command:', ...indent(container.command, 2)]),
        ...(container.args === undefined ? [] : ['Args:', ...indent(container.args, 2)]),
        ...(status === undefined
          ? []
          : [...state('State', status.state), ...(status.lastState === undefined ? [] : state('Last State', status.lastState))]),
        ...(status === undefined ? [] : [put('Ready', status.ready ? 'True' : 'False'), put('Restart Count', String(status.restartCount))]),
        ...resources('Limits', container.resources?.limits),
        ...resources('Requests', container.resources?.requests),
        ...(env.length === 0 ? [put('Environment', '<none>')] : ['Environment:', ...indent(env, 2)]),
        ...(mounts.length === 0 ? [put('Mounts', '<none>')] : ['Mounts:', ...indent(mounts, 2)]),
      ],
      4,
    ),
  ];
}

function state(name: string, { running, waiting, terminated }: ContainerState = {}): readonly string[] {
  const put = (text: string): string => label(name, text, COLUMN);
  const more = (entries: readonly (readonly [string, string | number | undefined])[]): readonly string[] =>
    indent(
      entries.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [label(key, value, COLUMN - 2)])),
      2,
    );
  if (running !== undefined) return [put('Running'), ...more([['Started', running.startedAt]])];
  if (terminated !== undefined) {
    const { reason, message, exitCode, startedAt, finishedAt } = terminated;
    return [
      put('Terminated'),
      ...more([
        ['Reason', reason],
        ['Message', message],
        ['Exit Code', exitCode],
        ['Started', startedAt],
        ['Finished', finishedAt],
      ]),
    ];
  }
  if (waiting === undefined) return name === 'State' ? [put('Waiting')] : [];
  return [
    put('Waiting'),
    ...more([
      ['Reason', waiting.reason],
      ['Message', waiting.message],
    ]),
  ];
}

function conditions({ status }: Pod): readonly string[] {
  if (status?.conditions === undefined) return [];
  const rows = status.conditions.map((condition) => [condition.type, condition.status, condition.reason ?? '', condition.message ?? '']);
  return ['Conditions:', ...table([['Type', 'Status', 'Reason', 'Message'], ...rows], 2)];
}

function tolerations({ spec }: Pod): readonly string[] {
  const texts = (spec?.tolerations ?? []).map(({ key = '', value = '', effect = '', operator, tolerationSeconds }) => {
    const left = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
    return `${left}${operator === 'Exists' ? ' op=Exists' : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
  });
  if (texts.length === 0) return [label('Tolerations', '<none>', COLUMN)];
  return texts.map((text, index) => (index === 0 ? label('Tolerations', text, COLUMN) : `${' '.repeat(COLUMN + 2)}${text}`));
}
