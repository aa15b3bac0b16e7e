/**
 * The flags of the autoscaler as a person sets them: in the command of its Deployment in kube-system, as in a real cluster.
 * Invariant: a flag that is not given, or that cannot be read, has its default; flags that decide nothing here are left alone.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/config/flags.
 */
import { parseDuration } from '../../api/kubepad/duration.ts';
import { DEPLOYMENTS } from '../../api/schema/resources.ts';
import type { Deployment } from '../../api/schema/types/apps/v1.ts';
import type { Client } from '../../client/client.ts';
import { EXPANDERS, type AutoscalerOptions, type Expander } from './options.ts';

/** The value of an option, or undefined for a text that is none. */
type Read = (text: string) => AutoscalerOptions[keyof AutoscalerOptions];

const duration: Read = parseDuration;
const whole: Read = (text) => (/^-?\d+$/.test(text) ? Number(text) : undefined);
const share: Read = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);
const choice: Read = (text) => SWITCHES[text];
const expanders: Read = (text) => {
  const names = text.split(',').map((name) => EXPANDERS.find((expander) => expander === name));
  return names.includes(undefined) ? undefined : (names as readonly Expander[]);
};
const SWITCHES: Readonly<Record<string, boolean>> = { true: true, '1': true, t: true, false: false, '0': false, f: false };

const FLAGS: Readonly<Record<string, readonly [option: keyof AutoscalerOptions, read: Read]>> = {
  'balance-similar-node-groups': ['balanceSimilarNodeGroups', choice],
  expander: ['expander', expanders],
  'expendable-pods-priority-cutoff': ['expendablePodsPriorityCutoff', whole],
  'ignore-daemonsets-utilization': ['ignoreDaemonSetsUtilization', choice],
  'initial-node-group-backoff-duration': ['initialNodeGroupBackoffDurationMs', duration],
  'max-drain-parallelism': ['maxDrainParallelism', whole],
  'max-graceful-termination-sec': ['maxGracefulTerminationSec', whole],
  'max-node-group-backoff-duration': ['maxNodeGroupBackoffDurationMs', duration],
  'max-node-provision-time': ['maxNodeProvisionTimeMs', duration],
  'max-nodes-total': ['maxNodesTotal', whole],
  'max-pod-eviction-time': ['maxPodEvictionTimeMs', duration],
  'max-scale-down-parallelism': ['maxScaleDownParallelism', whole],
  'max-total-unready-percentage': ['maxTotalUnreadyPercentage', share],
  'new-pod-scale-up-delay': ['newPodScaleUpDelayMs', duration],
  'node-group-backoff-reset-timeout': ['nodeGroupBackoffResetTimeoutMs', duration],
  'ok-total-unready-count': ['okTotalUnreadyCount', whole],
  'scale-down-delay-after-add': ['scaleDownDelayAfterAddMs', duration],
  'scale-down-delay-after-delete': ['scaleDownDelayAfterDeleteMs', duration],
  'scale-down-delay-after-failure': ['scaleDownDelayAfterFailureMs', duration],
  'scale-down-enabled': ['scaleDownEnabled', choice],
  'scale-down-unneeded-time': ['scaleDownUnneededTimeMs', duration],
  'scale-down-unready-time': ['scaleDownUnreadyTimeMs', duration],
  'scale-down-utilization-threshold': ['scaleDownUtilizationThreshold', share],
  'skip-nodes-with-custom-controller-pods': ['skipNodesWithCustomControllerPods', choice],
  'skip-nodes-with-local-storage': ['skipNodesWithLocalStorage', choice],
  'skip-nodes-with-system-pods': ['skipNodesWithSystemPods', choice],
  'unremovable-node-recheck-timeout': ['unremovableNodeRecheckTimeoutMs', duration],
};
/** May be given several times. */
const IGNORED_LABEL = 'balancing-ignore-label';
export const NAMESPACE = 'kube-system';

export interface Flags {
  readonly options: AutoscalerOptions;
  /** What the program says of each flag that it cannot read. */
  readonly problems: readonly string[];
}

/** The Deployment of somebody who has installed the program; the first by name. */
export function autoscalerDeployment(client: Client): Deployment | undefined {
  return client.list(DEPLOYMENTS, NAMESPACE).find((deployment) => commandOf(deployment) !== undefined);
}

/** A pure memo: objects of the store are replaced, never changed. */
const memo = new WeakMap<Deployment, Flags>();

export function flagsOf(deployment: Deployment): Flags {
  let flags = memo.get(deployment);
  if (flags === undefined) memo.set(deployment, (flags = readFlags(commandOf(deployment) ?? [])));
  return flags;
}

/** `--name=value`, `--name value`; a switch needs no value. */
export function readFlags(words: readonly string[]): Flags {
  const options: Record<string, AutoscalerOptions[keyof AutoscalerOptions]> = {};
  const problems: string[] = [];
  const labels: string[] = [];
  for (const [index, word] of words.entries()) {
    const [, name = '', given] = /^--?([a-z-]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === IGNORED_LABEL) labels.push(given ?? words[index + 1] ?? '');
    const [option, read] = FLAGS[name] ?? [];
    if (option === undefined || read === undefined) continue;
    const text = given ?? (read === choice ? 'true' : (words[index + 1] ?? ''));
    const value = read(text);
    if (value === undefined) problems.push(`invalid argument "${text}" for "--${name}" flag: its default counts`);
    else options[option] = value;
  }
  return { options: { ...options, ...(labels.length === 0 ? {} : { balancingIgnoreLabels: labels }) }, problems };
}

/** The words of the container whose image is the program; undefined: there is none. */
function commandOf({ spec }: Deployment): readonly string[] | undefined {
  const container = spec?.template.spec?.containers.find(({ image = '' }) => /(?:^|\/)cluster-autoscaler(?:[-:@]|$)/.test(image));
  return container === undefined ? undefined : [...(container.command ?? []), ...(container.args ?? [])];
}
