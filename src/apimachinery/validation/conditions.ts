/** What is asked of the conditions in a status. Counterpart: k8s.io/apimachinery/pkg/apis/meta/v1/validation.ValidateConditions. */
import { duplicate, invalid, notSupported, required, tooLong, type ErrorList, type FieldError } from '../field/error.ts';
import type { Path } from '../field/path.ts';
import { validateLabelName } from '../labels/validation.ts';
import type { Condition } from '../meta/types.ts';
import { byteLength, regexError } from './text.ts';

export function validateConditions(conditions: readonly Condition[], path: Path): ErrorList {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  for (const [index, condition] of (conditions as readonly Partial<Condition>[]).entries()) {
    const at = path.index(index);
    const { type = '' } = condition;
    if (types.has(type)) errors.push(duplicate(at.child('type'), type));
    types.add(type);
    validateCondition(errors, condition, at);
  }
  return errors;
}

function validateCondition(errors: FieldError[], condition: Partial<Condition>, path: Path): void {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime = '', reason = '', message = '' } = condition;
  errors.push(...validateLabelName(type, path.child('type')));
  if (!STATUSES.includes(status)) errors.push(notSupported(path.child('status'), status, STATUSES));
  if (observedGeneration < 0) {
    errors.push(invalid(path.child('observedGeneration'), observedGeneration, 'must be greater than or equal to zero'));
  }
  if (lastTransitionTime === '') errors.push(required(path.child('lastTransitionTime'), 'must be set'));
  const at = path.child('reason');
  if (reason === '') errors.push(required(at, 'must be set'));
  else {
    if (!REASON_RE.test(reason)) errors.push(invalid(at, reason, regexError(REASON_TEXT, REASON, ...REASON_EXAMPLES)));
    if (byteLength(reason) > MAX_REASON) errors.push(tooLong(at, MAX_REASON));
  }
  if (byteLength(message) > MAX_MESSAGE) errors.push(tooLong(path.child('message'), MAX_MESSAGE));
}

const STATUSES: readonly string[] = ['False', 'True', 'Unknown'];
const REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const REASON_RE = new RegExp(`^(?:${REASON})$`);
const REASON_TEXT =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
const REASON_EXAMPLES = ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'];
const MAX_REASON = 1024;
const MAX_MESSAGE = 32 * 1024;
