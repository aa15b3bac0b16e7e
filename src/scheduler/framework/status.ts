/**
 * What a plugin answers. Success is `undefined`, so that the common case costs nothing.
 * Counterpart: k8s.io/kube-scheduler/framework.Status.
 */
export type Code =
  /** Nothing to do for this Pod: PreFilter and PreScore are told so, and Filter and Score of the plugin are not called. */
  | 'Skip'
  /** The Pod does not fit now; it might if lower Pods were removed. */
  | 'Unschedulable'
  /** The Pod does not fit, and removing Pods would not help. */
  | 'UnschedulableAndUnresolvable'
  /** PreEnqueue: the Pod is not ready to be scheduled. */
  | 'Gated'
  | 'Error';

export interface Status {
  readonly code: Code;
  readonly reasons: readonly string[];
  /** Which plugin said so; set by the framework. */
  readonly plugin?: string;
}

export const SKIP: Status = { code: 'Skip', reasons: [] };

export function unschedulable(...reasons: readonly string[]): Status {
  return { code: 'Unschedulable', reasons };
}

export function unresolvable(...reasons: readonly string[]): Status {
  return { code: 'UnschedulableAndUnresolvable', reasons };
}
