/** Counterpart: ValidateCSIDriver of k8s.io/kubernetes/pkg/apis/storage/validation. */
import { duplicate, invalid, notSupported, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import type { CSIDriver, TokenRequest } from '../../schema/types/storage/v1.ts';

export function validateCSIDriver({ spec }: CSIDriver): ErrorList {
  const errors: FieldError[] = [];
  const policy = spec.fsGroupPolicy ?? '';
  if (!POLICIES.includes(policy)) errors.push(notSupported(SPEC.child('fsGroupPolicy'), policy, POLICIES));
  validateTokenRequests(errors, spec.tokenRequests ?? [], SPEC.child('tokenRequests'));
  const modes: readonly string[] = spec.volumeLifecycleModes ?? [];
  for (const mode of modes) if (!MODES.includes(mode)) errors.push(notSupported(SPEC.child('volumeLifecycleModes'), mode, MODES));
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < MIN_PERIOD_SECONDS) {
    const text = `must be greater than or equal to ${MIN_PERIOD_SECONDS} seconds`;
    errors.push(invalid(SPEC.child('nodeAllocatableUpdatePeriodSeconds'), period, text));
  }
  if (spec.serviceAccountTokenInSecrets !== undefined && (spec.tokenRequests ?? []).length === 0) {
    const text = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.push(invalid(SPEC.child('serviceAccountTokenInSecrets'), spec.serviceAccountTokenInSecrets, text));
  }
  return errors;
}

export function validateCSIDriverUpdate(driver: CSIDriver, old: CSIDriver): ErrorList {
  return [
    ...validateCSIDriver(driver),
    // The path is the server's own.
    ...validateImmutable(driver.spec.attachRequired, old.spec.attachRequired, SPEC.child('attachedRequired')),
    ...validateImmutable(driver.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, SPEC.child('volumeLifecycleModes')),
  ];
}

function validateTokenRequests(errors: FieldError[], requests: readonly TokenRequest[], path: Path): void {
  const audiences = new Set<string>();
  for (const [index, { audience = '', expirationSeconds: seconds }] of requests.entries()) {
    const at = path.index(index);
    if (audiences.has(audience)) {
      errors.push(duplicate(at.child('audience'), audience));
      continue;
    }
    audiences.add(audience);
    if (seconds === undefined) continue;
    if (seconds < MIN_TOKEN_SECONDS)
      errors.push(invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
    if (seconds > 2 ** 32)
      errors.push(invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  }
}

const SPEC = Path.of('spec');
const POLICIES: readonly string[] = ['File', 'None', 'ReadWriteOnceWithFSType'];
const MODES: readonly string[] = ['Persistent', 'Ephemeral'];
const MIN_PERIOD_SECONDS = 10;
const MIN_TOKEN_SECONDS = 600;
