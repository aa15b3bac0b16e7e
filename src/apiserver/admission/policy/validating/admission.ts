/**
 * ValidatingAdmissionPolicy: refuses, warns of or notes what breaks the rules of a policy that is bound.
 * Invariant: all policies are asked; the first that refuses gives the answer.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/policy/validating.
 */
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../../../../api/schema/types/admissionregistration/v1.ts';
import { BOOL, NULL, STRING } from '../../../../apimachinery/cel/types.ts';
import { forbidden, type Status, type StatusReason } from '../../../../apimachinery/errors/status.ts';
import { byteLength } from '../../../../apimachinery/validation/text.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../../plugin.ts';
import { invocationsOf, type Invocation } from '../generic/dispatch.ts';
import { OutOfBudget, RUNTIME_BUDGET, valueOf, type Bindings, type Evaluation } from '../generic/evaluation.ts';
import { requestBindings } from '../generic/request.ts';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';

export const validatingAdmissionPolicy: AdmissionPlugin = { name: 'ValidatingAdmissionPolicy', validate };

type Run = Invocation<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding>;

interface Denial {
  readonly message: string;
  readonly reason: StatusReason;
}

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const found = invocationsOf<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding>(POLICIES, BINDINGS, attributes, world);
  if (found.length === 0) return undefined;
  const bindings = requestBindings(attributes, world);
  const denials: Denial[] = [];
  for (const one of found) {
    const name = one.policy.metadata.name ?? '';
    const bound = one.binding === undefined ? '' : ` with binding '${one.binding.metadata.name ?? ''}'`;
    const deny = ({ message, reason }: Denial): void => {
      denials.push({ message: `ValidatingAdmissionPolicy '${name}'${bound} denied request: ${message}`, reason });
    };
    if ('error' in one) {
      if (one.policy.spec?.failurePolicy !== 'Ignore') deny({ message: one.error, reason: INVALID });
      continue;
    }
    const actions = one.binding.spec.validationActions;
    for (const params of one.params) {
      const verdict = judge(one, { ...bindings, params: valueOf(params) });
      for (const failure of verdict.failures) {
        if (actions.includes('Deny')) deny(failure);
        if (actions.includes('Warn'))
          attributes.warn(`Validation failed for ValidatingAdmissionPolicy '${name}'${bound}: ${failure.message}`);
      }
      for (const message of verdict.annotationErrors) deny({ message, reason: INVALID });
    }
  }
  return denials[0] === undefined ? undefined : refusal(attributes, denials[0]);
}

interface Verdict {
  readonly failures: readonly Denial[];
  /** What keeps a note in the audit log from being made. */
  readonly annotationErrors: readonly string[];
}

const INVALID = 'Invalid';
const NOTHING: Verdict = { failures: [], annotationErrors: [] };

/** Errors count as failures where the policy does not ignore them. */
function judge({ policy, compiled }: Run, bindings: Bindings): Verdict {
  const { failurePolicy, validations = [], auditAnnotations = [] } = policy.spec ?? {};
  const ignores = failurePolicy === 'Ignore';
  const broken = (message: string): Verdict => (ignores ? NOTHING : { failures: [{ message, reason: INVALID }], annotationErrors: [] });
  const meets = compiled.meets(bindings);
  if (typeof meets === 'object') return broken(meets.error);
  if (!meets) return NOTHING;
  const failures: Denial[] = [];
  try {
    const evaluation = compiled.evaluation(bindings, RUNTIME_BUDGET);
    const results = validations.map(({ expression }) => evaluation.run(compiled.expression(expression, [BOOL])));
    for (const [index, result] of results.entries()) {
      const validation = validations[index] as Validation;
      if ('error' in result) {
        if (!ignores) failures.push({ message: result.error, reason: INVALID });
      } else if (result.value !== true) {
        failures.push({
          message: messageOf(validation, compiled, evaluation),
          reason: (validation.reason as StatusReason | undefined) ?? INVALID,
        });
      }
    }
    const annotationErrors: string[] = [];
    const notes = compiled.evaluation(bindings, RUNTIME_BUDGET);
    for (const { valueExpression } of auditAnnotations) {
      const result = notes.run(compiled.expression(valueExpression.trim(), [STRING, NULL]));
      if ('error' in result && !ignores) annotationErrors.push(result.error);
    }
    return { failures, annotationErrors };
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    return broken(error.message);
  }
}

const MAX_MESSAGE_BYTES = 5 * 1024;

function messageOf(
  { message = '', messageExpression = '', expression }: Validation,
  compiled: Run['compiled'],
  evaluation: Evaluation,
): string {
  if (messageExpression !== '') {
    const result = evaluation.run(compiled.expression(messageExpression, [STRING], { authorizer: false }));
    const text = 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
    if (text !== '' && !text.includes('\n') && byteLength(text) <= MAX_MESSAGE_BYTES) return text;
  }
  return message === '' ? `failed expression: ${expression.trim()}` : message.trim();
}

const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };
const UNPROCESSABLE = 422;

function refusal({ strategy, name }: AdmissionAttributes, { message, reason }: Denial): Status {
  const status = forbidden(strategy.resource, name, message);
  return { ...status, reason, code: CODES[reason] ?? UNPROCESSABLE, details: { ...status.details, causes: [{ message }] } };
}
