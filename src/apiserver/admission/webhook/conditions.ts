/**
 * The conditions in CEL that a request has to meet before a webhook is asked about it.
 * Invariant: one that is false is enough not to ask; if others fail, the failurePolicy says what that means.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions.
 */
import type { MatchCondition } from '../../../api/schema/types/admissionregistration/v1.ts';
import { forbidden, type Status } from '../../../apimachinery/errors/status.ts';
import type { AdmissionAttributes, AdmissionWorld } from '../plugin.ts';
import { CompiledPolicy } from '../policy/generic/compiled.ts';
import { requestBindings } from '../policy/generic/request.ts';

export interface Conditional {
  readonly matchConditions?: readonly MatchCondition[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
}

/** Whether the webhook is to be asked, or why the request ends before. */
export function meetsConditions(webhook: Conditional, attributes: AdmissionAttributes, world: AdmissionWorld): boolean | Status {
  const { matchConditions = [], failurePolicy = 'Fail' } = webhook;
  if (matchConditions.length === 0) return true;
  const meets = compiledConditions(webhook, matchConditions).meets(requestBindings(attributes, world));
  if (typeof meets === 'boolean') return meets;
  return failurePolicy === 'Ignore' ? false : forbidden(attributes.strategy.resource, attributes.name, meets.error);
}

/** By the stored webhook, which never changes. */
const known = new WeakMap<Conditional, CompiledPolicy>();

function compiledConditions(webhook: Conditional, matchConditions: readonly MatchCondition[]): CompiledPolicy {
  let compiled = known.get(webhook);
  if (compiled === undefined) known.set(webhook, (compiled = new CompiledPolicy({ metadata: {}, spec: { matchConditions } })));
  return compiled;
}
