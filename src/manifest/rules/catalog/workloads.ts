/** Rules for replicas, rollouts, placing and names of workloads. */
import { matches, fromLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { hitsOf, textAt, valueAt } from '../../references/fieldPattern.ts';
import { isRecord } from '../../recognise.ts';
import { labelsOf } from '../../references/facts.ts';
import { isClusterScoped } from '../../references/fields.ts';
import { finding, kindRule, podRule, REPLICATED, rule } from '../build.ts';
import type { Rule, Subject } from '../rule.ts';

/** As many as there will be at least, whoever decides that. */
function replicasOf({ value, around }: Subject): number {
  const scaled = around?.scaledTo;
  if (scaled !== undefined) return scaled;
  const replicas = valueAt(value, 'spec.replicas');
  if (replicas === undefined || replicas === null) return 1;
  // What is no number is refused; nothing is known of how many there would be.
  return typeof replicas === 'number' ? replicas : 0;
}

/** Helm and Argo CD delete what they ran beside a release, if they are told to. */
function isDeletedByHook(value: unknown): boolean {
  const { 'helm.sh/hook-delete-policy': helm = '', 'argocd.argoproj.io/hook-delete-policy': argo = '' } = labelsOf(
    valueAt(value, 'metadata.annotations'),
  );
  return helm.includes('hook-succeeded') || argo.includes('HookSucceeded');
}

const GRACE_LIMIT = 600;
const LABELS = ['name', 'instance', 'version', 'component', 'part-of', 'managed-by'].map((each) => `app.kubernetes.io/${each}`);
/** Kinds that people write down and look for later. */
const LABELLED: readonly string[] = [...REPLICATED, 'apps/v1/DaemonSet', 'batch/v1/CronJob', 'v1/Service', 'networking.k8s.io/v1/Ingress'];

export const WORKLOAD_RULES: readonly Rule[] = [
  kindRule(
    { id: 'single-replica', severity: 'information', reason: 'One Pod is none while it moves to another node.' },
    REPLICATED,
    (subject) => (replicasOf(subject) !== 1 ? [] : [finding(subject.at().child('spec', 'replicas'), 'there is one replica only')]),
  ),
  kindRule(
    {
      id: 'disruption-budget',
      severity: 'information',
      reason: 'Without a PodDisruptionBudget a drain of nodes may end all Pods at once.',
    },
    REPLICATED,
    (subject) =>
      replicasOf(subject) < 2 || subject.around?.hasBudget !== false
        ? []
        : [finding(subject.at().child('kind'), 'no PodDisruptionBudget covers these Pods')],
  ),
  kindRule(
    { id: 'spread', severity: 'information', reason: 'Replicas on one node or in one zone fail together.' },
    REPLICATED,
    (subject) => {
      const { pod } = subject;
      if (pod === undefined || replicasOf(subject) < 2) return [];
      if (hitsOf(pod.spec, 'topologySpreadConstraints[]').length > 0 || valueAt(pod.spec, 'affinity.podAntiAffinity') !== undefined)
        return [];
      const spreads = {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: pod.labels },
      };
      const path = pod.at().child('topologySpreadConstraints');
      return [
        finding(path, 'nothing spreads the replicas over nodes or zones', { title: 'Spread the replicas over nodes', value: [spreads] }),
      ];
    },
  ),
  podRule(
    { id: 'spread-selector', reason: 'A constraint that does not select the own Pods counts others, and spreads nothing.' },
    ({ spec, labels, at }) => {
      const wrong = hitsOf(spec, 'topologySpreadConstraints[].labelSelector', at).find(({ value }) => {
        const wanted = isRecord(value) ? labelsOf(value['matchLabels']) : {};
        return !matches(fromLabelSelector({ matchLabels: wanted }), labels);
      });
      return wrong === undefined ? undefined : finding(wrong.path(), 'the constraint does not select the own Pods');
    },
  ),
  kindRule(
    {
      id: 'rolling-update-readiness',
      reason: 'A rolling update waits for Pods to be ready; without a probe they are at once, working or not.',
    },
    ['apps/v1/Deployment'],
    (subject) => {
      const { pod } = subject;
      if (pod === undefined || textAt(subject.value, 'spec.strategy.type') === 'Recreate' || replicasOf(subject) < 2) return [];
      const working = pod.containers.filter(({ init }) => !init);
      if (working.length === 0 || working.some(({ value }) => value['readinessProbe'] !== undefined)) return [];
      return [finding(subject.at().child('spec', 'strategy'), 'the rolling update has no readiness to wait for')];
    },
  ),
  kindRule(
    { id: 'unavailable-rollout', reason: 'A rollout may end that many old Pods before new ones work.' },
    ['apps/v1/Deployment'],
    (subject) =>
      valueAt(subject.value, 'spec.strategy.rollingUpdate.maxUnavailable') !== '100%'
        ? []
        : [finding(subject.at().child('spec', 'strategy', 'rollingUpdate', 'maxUnavailable'), 'a rollout may end all Pods at once')],
  ),
  kindRule({ id: 'naked-pod', reason: 'Nobody makes a Pod anew that has no owner when its node is lost.' }, ['v1/Pod'], ({ value, at }) =>
    hitsOf(value, 'metadata.ownerReferences[]').length > 0 ? [] : [finding(at().child('kind'), 'the Pod belongs to no workload')],
  ),
  kindRule(
    { id: 'job-clean-up', severity: 'hint', reason: 'Finished Jobs and their Pods stay until someone deletes them.' },
    ['batch/v1/Job'],
    ({ value, at }) =>
      valueAt(value, 'spec.ttlSecondsAfterFinished') !== undefined || isDeletedByHook(value)
        ? []
        : [
            finding(at().child('spec', 'ttlSecondsAfterFinished'), 'the Job stays when it has finished', {
              title: 'Delete it a day after',
              value: 86_400,
            }),
          ],
  ),
  kindRule(
    { id: 'cron-concurrency', severity: 'information', reason: 'A run that takes longer than the interval meets the next one.' },
    ['batch/v1/CronJob'],
    ({ value, at }) =>
      valueAt(value, 'spec.concurrencyPolicy') !== undefined
        ? []
        : [
            finding(at().child('spec', 'concurrencyPolicy'), 'runs may overlap', {
              title: 'Set "concurrencyPolicy: Forbid"',
              value: 'Forbid',
            }),
          ],
  ),
  podRule(
    {
      id: 'grace-period',
      severity: 'information',
      reason: 'A Pod without time to end loses what it is doing; one with too much holds up every drain.',
    },
    ({ spec, at }) => {
      const grace = spec['terminationGracePeriodSeconds'];
      if (typeof grace !== 'number' || (grace > 0 && grace <= GRACE_LIMIT)) return undefined;
      return finding(
        at().child('terminationGracePeriodSeconds'),
        grace > 0 ? `the Pod may take ${grace} s to end` : 'the Pod is killed at once',
      );
    },
  ),
  podRule({ id: 'fixed-node', reason: 'A Pod that names its node goes past the scheduler and is lost with the node.' }, ({ spec, at }) =>
    spec['nodeName'] === undefined
      ? undefined
      : finding(at().child('nodeName'), `the Pod is fixed to the node ${String(spec['nodeName'])}`),
  ),
  kindRule(
    { id: 'standard-labels', severity: 'hint', reason: 'Tools and people find what belongs together by the labels app.kubernetes.io/*.' },
    LABELLED,
    ({ value, at }) => {
      const labels = labelsOf(valueAt(value, 'metadata.labels'));
      const missing = LABELS.slice(0, 2).filter((label) => labels[label] === undefined);
      return missing.length === 0 ? [] : [finding(at().child('metadata', 'labels'), `there is no label ${missing.join(' and no ')}`)];
    },
  ),
  rule(
    {
      id: 'default-namespace',
      severity: 'information',
      reason: 'In the namespace "default" nobody knows what belongs to whom, and quotas and policies are seldom set.',
    },
    ({ kind, value, at }) =>
      isClusterScoped(kind) || textAt(value, 'metadata.namespace') !== 'default'
        ? []
        : [finding(at().child('metadata', 'namespace'), 'the object lies in the namespace "default"')],
  ),
];
