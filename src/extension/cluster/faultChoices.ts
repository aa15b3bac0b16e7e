/**
 * What can go wrong with an object, and the Fault that makes it so.
 * Invariant: pure; every choice is a spec that the API server takes.
 */
import type { FaultSpec, FaultType } from '../../host/protocol/view.ts';

export interface FaultChoice {
  readonly label: string;
  readonly detail: string;
  readonly spec: FaultSpec;
}

/** What of the object decides about its choices. */
export interface Aim {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly zone?: string | undefined;
  /** One of the Pod's; undefined: all. */
  readonly container?: string | undefined;
  /** What its containers are made of. */
  readonly images?: readonly string[];
  /** The part of the cluster that it runs. */
  readonly component?: string | undefined;
  /** Of a workload: which Pods are its own. */
  readonly selector?: NonNullable<NonNullable<FaultSpec['target']>['pods']>['selector'];
}

export function faultChoices(aim: Aim): readonly FaultChoice[] {
  const { kind, namespace, name, zone, container, images = [], component, selector } = aim;
  if (kind === 'Component') return [stopped(name)];
  if (kind === 'Zone') return [zoneDown(name)];
  if (kind === 'Node') {
    return [
      choice('Machine Off', 'Nothing runs on it; its Pods are missed a minute later', 'NodeDown', { node: name }),
      choice('Shut Down', 'Its Pods are ended in order first, then it is off', 'NodeShutdown', { node: name }),
      choice('Cut Off', 'It reaches no other machine, and none reaches it; containers go on', 'Partition', { node: name }),
      choice('Stop the Kubelet', 'Containers go on, nobody looks after them', 'ComponentDown', { component: 'kubelet', node: name }),
      choice('Stop the Proxy', 'Services lead from it to the Pods of before', 'ComponentDown', { component: 'kube-proxy', node: name }),
      choice('Fill the Disk', 'DiskPressure: images are deleted, Pods evicted', 'DiskPressure', { node: name }),
      choice('Break Image Pulls', 'The registry cannot be reached from it', 'ImagePullError', { node: name }),
      ...(zone === undefined ? [] : [zoneDown(zone)]),
    ];
  }
  const pods =
    kind === 'Pod'
      ? { namespace, name, ...(container === undefined ? {} : { container }) }
      : kind === 'Namespace'
        ? { namespace: name }
        : { namespace, ...(selector === undefined ? {} : { selector }) };
  return [
    choice('Crash Loop', 'Containers end with 1 a second after their start', 'CrashLoop', { pods }),
    choice('Fail Readiness', 'Probes say that it is not ready: Services leave it out', 'ProbeFailure', { pods }, { probes: ['readiness'] }),
    choice('Fail Liveness', 'Probes say that it hangs: containers are restarted', 'ProbeFailure', { pods }, { probes: ['liveness'] }),
    choice('Leak Memory', '64Mi more each minute, up to the limit or until the node is short', 'MemoryLeak', { pods }),
    choice('Start Slowly', 'Containers answer no probe in their first 30 seconds', 'SlowStart', { pods }),
    choice('Break Image Pulls', 'The registry cannot be reached for it', 'ImagePullError', { pods }),
    ...images.map((image) =>
      choice(`Lose ${image}`, 'The registry does not have it any more, for nobody', 'ImagePullError', { image }, { error: 'missing' }),
    ),
    ...(component === undefined ? [] : [{ ...stopped(component), label: `Stop ${component}` }]),
  ];
}

function stopped(component: string): FaultChoice {
  return choice('Stop', 'Its work is left undone until it is back', 'ComponentDown', { component });
}

function zoneDown(zone: string): FaultChoice {
  return choice(`Zone ${zone} Down`, 'All machines of its zone are off', 'ZoneDown', { zone });
}

/** Undefined: until it is ended by hand. */
export const DURATIONS: readonly { readonly label: string; readonly duration: string | undefined }[] = [
  { label: 'Until I End It', duration: undefined },
  { label: '1 Minute', duration: '1m' },
  { label: '5 Minutes', duration: '5m' },
  { label: '30 Minutes', duration: '30m' },
];

/** `crash-loop-web-`: the API server adds the end. */
export function generateName({ type }: FaultSpec, name: string): string {
  const kebab = type.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
  return `${kebab}-${name}-`;
}

function choice(
  label: string,
  detail: string,
  type: FaultType,
  target: NonNullable<FaultSpec['target']>,
  more: Partial<FaultSpec> = {},
): FaultChoice {
  return { label, detail, spec: { type, target, ...more } };
}
