import { forbidden, invalid, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { DURATION_TEXT, parseDuration } from './duration.ts';
import type { ShutdownGracePeriod } from './types.ts';

export const SHUTDOWN_PERIODS = ['shutdownGracePeriod', 'shutdownGracePeriodCriticalPods'] as const;

/** How long a machine that shuts down waits for its Pods, as a kubelet is configured. */
export interface ShutdownPeriods {
  readonly shutdownGracePeriod?: string;
  readonly shutdownGracePeriodCriticalPods?: string;
  readonly shutdownGracePeriodByPodPriority?: readonly ShutdownGracePeriod[];
}

/** The kubelet's own rules. Counterpart: ValidateKubeletConfiguration of pkg/kubelet/apis/config/validation. */
export function validateShutdown(errors: FieldError[], periods: ShutdownPeriods, at: Path): void {
  const { shutdownGracePeriodByPodPriority: byPriority = [] } = periods;
  for (const field of SHUTDOWN_PERIODS) {
    const text = periods[field];
    if (text === undefined) continue;
    const ms = parseDuration(text);
    if (ms === undefined) errors.push(invalid(at.child(field), text, DURATION_TEXT));
    // Zero is no period at all, anything else a whole second at least.
    else if (ms !== 0 && ms < 1000) errors.push(invalid(at.child(field), text, 'must be either zero or otherwise >= 1 sec'));
    if (byPriority.length > 0) errors.push(forbidden(at.child(field), 'may not be set together with `shutdownGracePeriodByPodPriority`'));
  }
  const [total, critical] = SHUTDOWN_PERIODS.map((field) => parseDuration(periods[field] ?? ''));
  if (total !== undefined && critical !== undefined && critical > total) {
    const field = 'shutdownGracePeriodCriticalPods';
    errors.push(invalid(at.child(field), periods[field] ?? '', 'must be less than or equal to `shutdownGracePeriod`'));
  }
  byPriority.forEach(({ shutdownGracePeriodSeconds: seconds = 0 }, index) => {
    const path = at.child('shutdownGracePeriodByPodPriority').index(index).child('shutdownGracePeriodSeconds');
    if (seconds < 0) errors.push(invalid(path, seconds, 'must be greater than or equal to 0'));
  });
}
