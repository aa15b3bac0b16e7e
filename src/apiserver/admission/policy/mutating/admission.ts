/**
 * MutatingAdmissionPolicy: changes requests as the policies say that are bound.
 * Invariant: mutations come in the order of the policies' names; one that fails leaves the object as it was.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/policy/mutating.
 */
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../../../../api/schema/types/admissionregistration/v1.ts';
import { decodeValue } from '../../../../api/decodeBody.ts';
import { fieldTypeOf } from '../../../../api/fieldTypes.ts';
import { toJson } from '../../../../apimachinery/cel/json.ts';
import { checkTypeNames, JSON_PATCH_TYPE, OBJECT_TYPE } from '../../../../apimachinery/cel/mutation.ts';
import { listOf } from '../../../../apimachinery/cel/types.ts';
import { CelError, isList, MapLike, type Value } from '../../../../apimachinery/cel/values.ts';
import { forbidden, internalError, type Status, type StatusReason } from '../../../../apimachinery/errors/status.ts';
import { mergeValues } from '../../../../apimachinery/managedfields/typedValue.ts';
import { typeProblem } from '../../../../apimachinery/managedfields/validate.ts';
import { applyJsonPatch } from '../../../../apimachinery/patch/jsonPatch.ts';
import { become } from '../../become.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../../plugin.ts';
import { invocationsOf, type Invocation } from '../generic/dispatch.ts';
import { OutOfBudget, RUNTIME_BUDGET, valueOf, type Bindings } from '../generic/evaluation.ts';
import { requestBindings, shown } from '../generic/request.ts';
import { atomicsIn } from './atomics.ts';

const POLICIES = 'mutatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io';
const PATCHES = listOf(JSON_PATCH_TYPE);

export const mutatingAdmissionPolicy: AdmissionPlugin = { name: 'MutatingAdmissionPolicy', admit };

type Run = Invocation<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>;

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const found = invocationsOf<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>(POLICIES, BINDINGS, attributes, world);
  const problems: { readonly message: string; readonly reason?: StatusReason }[] = [];
  for (const one of found) {
    const { policy, binding } = one;
    const name = policy.metadata.name ?? '';
    const bound =
      binding === undefined ? `policy ${JSON.stringify(name)}` : `policy '${name}' with binding '${binding.metadata.name ?? ''}'`;
    const fail = (text: string, reason?: StatusReason): void => {
      if (policy.spec?.failurePolicy !== 'Ignore')
        problems.push({ message: `${bound} denied request: ${text}`, ...(reason === undefined ? {} : { reason }) });
    };
    if ('error' in one) {
      fail(one.error);
      continue;
    }
    for (const params of one.params) {
      const fatal = mutate(
        one,
        attributes,
        () => ({ ...requestBindings(attributes, world), params: valueOf(params) }),
        (text) => fail(text, 'Invalid'),
      );
      if (fatal !== undefined) return fatal;
    }
  }
  const [first] = problems;
  if (first === undefined) return undefined;
  const status = forbidden(attributes.strategy.resource, attributes.name, 'admission request denied by policy');
  const causes = problems.map(({ message }) => ({ message }));
  return {
    ...status,
    message: first.message,
    ...(first.reason === undefined ? {} : { reason: first.reason }),
    details: { ...status.details, causes },
  };
}

/** @returns what ends the request whatever the policy says of failures */
function mutate(
  { policy, compiled }: Run,
  attributes: AdmissionAttributes,
  bindings: () => Bindings,
  fail: (text: string) => void,
): Status | undefined {
  const meets = compiled.meets(bindings());
  if (typeof meets === 'object') fail(meets.error);
  if (meets !== true) return undefined;
  for (const mutation of policy.spec?.mutations ?? []) {
    if (attributes.object === undefined) continue;
    const isPatch = mutation.patchType === 'JSONPatch';
    const expression = compiled.expression(sourceOf(mutation), [isPatch ? PATCHES : OBJECT_TYPE], { mutation: true });
    try {
      const result = compiled.evaluation(bindings(), RUNTIME_BUDGET).run(expression);
      if ('error' in result) fail(expression.expression.ok ? result.error : expression.expression.error);
      else {
        const outcome = isPatch ? patch(attributes, result.value) : apply(attributes, result.value);
        if (typeof outcome === 'string') fail(outcome);
        else if (outcome !== undefined) return outcome;
      }
    } catch (error) {
      if (!(error instanceof OutOfBudget) && !(error instanceof CelError)) throw error;
      fail(error.message);
    }
  }
  return undefined;
}

function sourceOf({ patchType, jsonPatch, applyConfiguration }: Mutation): string {
  return (patchType === 'JSONPatch' ? jsonPatch : applyConfiguration)?.expression ?? '';
}

/** Lays an object over that of the request, as server-side apply would, but for the owners. */
function apply(attributes: AdmissionAttributes, value: Value): Status | string | undefined {
  const { strategy, object } = attributes;
  const misnamed = checkTypeNames(value);
  if (misnamed.length > 0) return `type mismatch: ${misnamed.join('\n')}`;
  const wanted = toJson(value) as object;
  const type = fieldTypeOf(strategy);
  const problem = typeProblem(type, wanted);
  if (problem !== undefined) return `error applying patch: failed to convert patch object to typed object: ${problem}`;
  const atomics = atomicsIn(type, wanted);
  if (atomics.length > 0)
    return `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`;
  return replace(attributes, mergeValues(type, shown(strategy, '', object), wanted));
}

function patch(attributes: AdmissionAttributes, value: Value): Status | string | undefined {
  if (!isList(value)) return 'type mismatch: JSONPatchType.expression should evaluate to array';
  const operations: object[] = [];
  for (const item of value) {
    if (!(item instanceof MapLike)) continue;
    const given = item.find('value');
    const misnamed =
      given === undefined || !(given instanceof MapLike && given.typeName !== 'map') ? [] : checkTypeNames(given, [given.typeName]);
    if (misnamed.length > 0) return `type mismatch: ${misnamed.join('\n')}`;
    const from = item.find('from');
    operations.push({
      op: item.find('op'),
      path: item.find('path'),
      ...(from === '' ? {} : { from }),
      ...(given === undefined ? {} : { value: toJson(given) }),
    });
  }
  const { strategy, object } = attributes;
  const result = applyJsonPatch(shown(strategy, '', object), operations);
  if ('value' in result) return replace(attributes, result.value);
  const problem = 'badRequest' in result ? result.badRequest : result.unprocessable;
  // A test that fails means that nothing is to be done.
  return problem.startsWith('testing ') ? undefined : `JSON Patch: ${problem}`;
}

function replace({ strategy, object }: AdmissionAttributes, wanted: unknown): Status | undefined {
  const decoded = decodeValue(strategy.resource, wanted, 'Strict');
  if (!decoded.ok) return internalError(decoded.status.message ?? '');
  if (object !== undefined) become(object, decoded.object);
  return undefined;
}
