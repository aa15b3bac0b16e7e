import type { Job, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from '../../api/schema/types/batch/v1.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../api/schema/types/core/v1.ts';

/** What spec.podFailurePolicy says of a failed Pod. */
export interface FailureVerdict {
  /** Undefined: no rule means the Pod; it is counted as without a policy. */
  readonly action: PodFailurePolicyRule['action'] | undefined;
  /** Counts towards backoffLimit. */
  readonly counts: boolean;
  /** Why the Job fails; with the action FailJob only. */
  readonly message?: string;
}

/**
 * The first rule that means the Pod decides.
 * Counterpart: matchPodFailurePolicy of k8s.io/kubernetes/pkg/controller/job/pod_failure_policy.go.
 */
export function judgeFailure(job: Job, pod: Pod): FailureVerdict {
  const rules = job.spec?.podFailurePolicy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const reason = rule.onExitCodes === undefined ? conditionReason(pod, rule) : exitReason(pod, rule.onExitCodes);
    if (reason === undefined) continue;
    const { action } = rule;
    if (action !== 'FailJob') return { action, counts: action !== 'Ignore' };
    return { action, counts: true, message: `${reason} matching FailJob rule at index ${index}` };
  }
  return { action: undefined, counts: true };
}

/** The message of the first Pod that makes the whole Job fail. */
export function jobFailureMessage(job: Job, failed: readonly Pod[]): string | undefined {
  if (job.spec?.podFailurePolicy === undefined) return undefined;
  for (const pod of failed) {
    const { message } = judgeFailure(job, pod);
    if (message !== undefined) return message;
  }
  return undefined;
}

function exitReason(pod: Pod, requirement: PodFailurePolicyOnExitCodesRequirement): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const container = [...containerStatuses, ...initContainerStatuses].find((status) => matchesExit(status, requirement));
  if (container === undefined) return undefined;
  const { namespace, name } = pod.metadata;
  return `Container ${container.name} for pod ${namespace ?? ''}/${name ?? ''} failed with exit code ${container.state?.terminated?.exitCode ?? 0}`;
}

function matchesExit(
  { name, state }: ContainerStatus,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return operator === 'In' ? values.includes(code) : !values.includes(code);
}

function conditionReason(pod: Pod, { onPodConditions = [] }: PodFailurePolicyRule): string | undefined {
  const matches = (condition: PodCondition): boolean =>
    onPodConditions.some(({ type, status = 'True' }) => type === condition.type && status === condition.status);
  const condition = pod.status?.conditions?.find(matches);
  if (condition === undefined) return undefined;
  return `Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} has condition ${condition.type}`;
}
