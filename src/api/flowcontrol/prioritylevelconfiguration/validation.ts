/** Counterpart: ValidatePriorityLevelConfiguration of k8s.io/kubernetes/pkg/apis/flowcontrol/validation. */
import { jsonEqual } from '../../../base/json.ts';
import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { internalValue } from '../../core/pod/internal.ts';
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '../../schema/types/flowcontrol/v1.ts';
import { validateStatusConditions } from '../conditions.ts';
import { MANDATORY_PRIORITY_LEVELS } from '../mandatory.ts';

export function validatePriorityLevel(level: PriorityLevelConfiguration): ErrorList {
  const errors: FieldError[] = [];
  const spec: Partial<PriorityLevelConfigurationSpec> = level.spec ?? {};
  const name = level.metadata.name ?? '';
  validateSpec(errors, spec, name);
  validateFixed(errors, spec, name);
  return [...errors, ...validateStatusConditions(level.status?.conditions)];
}

/** Of the exempt level only its shares may be changed, of the one for all the rest nothing. */
function validateFixed(errors: FieldError[], spec: Partial<PriorityLevelConfigurationSpec>, name: string): void {
  const fixed = MANDATORY_PRIORITY_LEVELS[name];
  if (fixed === undefined) return;
  const isExempt = name === 'exempt';
  if (jsonEqual(spec, isExempt && spec.exempt !== undefined ? { ...fixed, exempt: spec.exempt } : fixed)) return;
  const but = isExempt ? " except the 'spec.exempt' field" : '';
  errors.push(invalid(SPEC, internalValue('PriorityLevelConfigurationSpec', spec), `spec of '${name}'${but} must equal the fixed value`));
}

function validateSpec(errors: FieldError[], spec: Partial<PriorityLevelConfigurationSpec>, name: string): void {
  const { type = '', limited, exempt } = spec;
  if ((name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalid(SPEC.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  switch (type) {
    case 'Exempt':
      if (limited !== undefined) errors.push(forbidden(SPEC.child('limited'), 'must be nil if the type is not Limited'));
      if (exempt !== undefined) validateShares(errors, exempt, SPEC.child('exempt'));
      return;
    case 'Limited':
      if (exempt !== undefined) errors.push(forbidden(SPEC.child('exempt'), 'must be nil if the type is Limited'));
      if (limited === undefined) errors.push(required(SPEC.child('limited'), 'must not be empty when type is Limited'));
      else validateLimited(errors, limited, SPEC.child('limited'));
      return;
    case '':
      errors.push(required(SPEC.child('type'), ''));
      return;
    default:
      errors.push(notSupported(SPEC.child('type'), type, ['Exempt', 'Limited']));
  }
}

interface Shares {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
}

function validateShares(
  errors: FieldError[],
  { nominalConcurrencyShares: shares = 0, lendablePercent: percent = 0 }: Shares,
  path: Path,
): void {
  if (shares < 0) errors.push(invalid(path.child('nominalConcurrencyShares'), shares, NON_NEGATIVE));
  validateLendable(errors, percent, path);
}

function validateLendable(errors: FieldError[], percent: number, path: Path): void {
  if (percent < 0 || percent > 100) errors.push(invalid(path.child('lendablePercent'), percent, 'must be between 0 and 100, inclusive'));
}

function validateLimited(errors: FieldError[], limited: LimitedPriorityLevelConfiguration, path: Path): void {
  const { nominalConcurrencyShares: shares = 0, lendablePercent = 0, borrowingLimitPercent: borrowing = 0 } = limited;
  if (shares < 0) errors.push(invalid(path.child('nominalConcurrencyShares'), shares, NON_NEGATIVE));
  validateResponse(errors, limited.limitResponse ?? {}, path.child('limitResponse'));
  validateLendable(errors, lendablePercent, path);
  if (borrowing < 0) errors.push(invalid(path.child('borrowingLimitPercent'), borrowing, `if specified, ${NON_NEGATIVE}`));
}

function validateResponse(errors: FieldError[], response: Partial<LimitResponse>, path: Path): void {
  const { type = '', queuing } = response;
  const at = path.child('queuing');
  switch (type) {
    case 'Reject':
      if (queuing !== undefined) errors.push(forbidden(at, 'must be nil if limited.limitResponse.type is not Limited'));
      return;
    case 'Queue':
      if (queuing === undefined) errors.push(required(at, 'must not be empty if limited.limitResponse.type is Limited'));
      else validateQueuing(errors, queuing, at);
      return;
    case '':
      errors.push(required(path.child('type'), ''));
      return;
    default:
      errors.push(notSupported(path.child('type'), type, ['Queue', 'Reject']));
  }
}

/**
 * Each flow is dealt a hand of queues, which takes as many bits of a hash as there are hands. Example: of 64 queues, hands
 * of 8 take 6 bits a queue, 48 together; hands of 11 would take 66.
 */
function validateQueuing(errors: FieldError[], queuing: QueuingConfiguration, path: Path): void {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing;
  const positive = 'must be positive';
  if (queueLengthLimit <= 0) errors.push(invalid(path.child('queueLengthLimit'), queueLengthLimit, positive));
  if (queues <= 0) errors.push(invalid(path.child('queues'), queues, positive));
  else if (queues > MAX_QUEUES) errors.push(invalid(path.child('queues'), queues, `must not be greater than ${MAX_QUEUES}`));
  const at = path.child('handSize');
  if (handSize <= 0) errors.push(invalid(at, handSize, positive));
  else if (handSize > queues) errors.push(invalid(at, handSize, `should not be greater than queues (${queues})`));
  else if (Math.ceil(Math.log2(queues) * handSize) > MAX_HASH_BITS) {
    const text = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`;
    errors.push(invalid(at, handSize, text));
  }
}

const SPEC = Path.of('spec');
const NON_NEGATIVE = 'must be a non-negative integer';
const MAX_QUEUES = 10_000_000;
const MAX_HASH_BITS = 60;
