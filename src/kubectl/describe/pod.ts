import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { formatLabelSelector } from '../../apimachinery/labels/selector.ts';
import { translateTimestampSince } from '../../api/duration.ts';
import type { Container, Pod, PodSpec } from '../../api/schema/types/core/v1.ts';
import { describeContainers } from './container.ts';
import { aligned, below, entries, longTime } from './tabs.ts';
import { indent, table } from './text.ts';
import { describeVolumes } from './volumes.ts';

export function describePod(object: UnknownObject, nowMs: number): readonly string[] {
  const pod = object as unknown as Pod;
  const { metadata, spec, status } = pod;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const some = (name: string, value: string | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`${name}:\t${value}`];
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `Priority:\t${spec?.priority ?? 0}`,
    ...some('Priority Class Name', spec?.priorityClassName),
    ...some('Runtime Class Name', spec?.runtimeClassName),
    ...some('Service Account', spec?.serviceAccountName),
    `Node:\t${spec?.nodeName === undefined ? '<none>' : `${spec.nodeName}/${status?.hostIP ?? ''}`}`,
    ...(status?.startTime === undefined ? [] : [`Start Time:\t${longTime(status.startTime)}`]),
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    ...(metadata.deletionTimestamp === undefined
      ? [`Status:\t${status?.phase ?? ''}`]
      : [
          `Status:\tTerminating (lasts ${translateTimestampSince(metadata.deletionTimestamp, nowMs)})`,
          `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`,
        ]),
    ...some('Reason', status?.reason),
    ...some('Message', status?.message),
    `IP:\t${status?.podIP ?? ''}`,
    ...(status?.podIPs === undefined ? ['IPs:\t<none>'] : ['IPs:', ...status.podIPs.map(({ ip }) => `  IP:\t${ip}`)]),
    ...(owner === undefined ? [] : [`Controlled By:\t${owner.kind}/${owner.name}`]),
    ...some('NominatedNodeName', status?.nominatedNodeName),
    ...describeContainers('Init Containers', spec?.initContainers, status?.initContainerStatuses ?? [], pod),
    ...describeContainers('Containers', spec?.containers, status?.containerStatuses ?? [], pod),
    ...describeContainers(
      'Ephemeral Containers',
      spec?.ephemeralContainers as readonly Container[] | undefined,
      status?.ephemeralContainerStatuses ?? [],
      pod,
    ),
    ...readinessGates(pod),
    ...conditions(pod),
    ...describeVolumes(spec?.volumes),
    ...some('QoS Class', status?.qosClass),
    ...entries('Node-Selectors', spec?.nodeSelector),
    ...tolerations(spec),
    ...spreading(spec),
  ]);
}

function readinessGates({ spec, status }: Pod): readonly string[] {
  if (spec?.readinessGates === undefined || spec.readinessGates.length === 0) return [];
  const states = spec.readinessGates.map(({ conditionType }) => {
    const found = status?.conditions?.find(({ type }) => type === conditionType);
    return `  ${conditionType}\t${found?.status ?? '<none>'}`;
  });
  return ['Readiness Gates:', '  Type\tStatus', ...states];
}

/** With reasons and messages, which kubectl keeps to itself. */
function conditions({ status }: Pod): readonly string[] {
  if (status?.conditions === undefined) return [];
  const rows = status.conditions.map((condition) => [condition.type, condition.status, condition.reason ?? '', condition.message ?? '']);
  return ['Conditions:', ...table([['Type', 'Status', 'Reason', 'Message'], ...rows], 2)];
}

function tolerations(spec: PodSpec | undefined): readonly string[] {
  const sorted = (spec?.tolerations ?? []).toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  const texts = sorted.map(({ key = '', value = '', effect = '', operator, tolerationSeconds }) => {
    const left = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
    return `${left}${operator === 'Exists' ? `${left === '' ? '' : ' '}op=Exists` : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
  });
  return below('Tolerations', texts);
}

function spreading(spec: PodSpec | undefined): readonly string[] {
  const list = spec?.topologySpreadConstraints ?? [];
  if (list.length === 0) return [];
  const texts = list.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) =>
    [
      `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded`,
      ...(labelSelector === undefined ? [] : [` for selector ${formatLabelSelector(labelSelector)}`]),
    ].join(''),
  );
  return below('Topology Spread Constraints', texts.toSorted());
}

/** What a controller makes Pods of. */
export function describeTemplate(
  template: { readonly metadata?: Pod['metadata']; readonly spec?: PodSpec } | undefined,
): readonly string[] {
  const { metadata, spec } = template ?? {};
  const account = spec?.serviceAccountName;
  return [
    'Pod Template:',
    ...indent(
      [
        ...entries('Labels', metadata?.labels),
        ...(metadata?.annotations === undefined ? [] : entries('Annotations', metadata.annotations, ': ')),
        ...(account === undefined || account === '' ? [] : [`Service Account:\t${account}`]),
        ...describeContainers('Init Containers', spec?.initContainers, undefined),
        ...describeContainers('Containers', spec?.containers, undefined),
        ...describeVolumes(spec?.volumes),
        ...spreading(spec),
        ...(spec?.priorityClassName === undefined ? [] : [`Priority Class Name:\t${spec.priorityClassName}`]),
        ...entries('Node-Selectors', spec?.nodeSelector),
        ...tolerations(spec),
      ],
      2,
    ),
  ];
}
