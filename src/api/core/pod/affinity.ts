/** Where a Pod would like to run: by labels of nodes, and by the Pods that run there. */
import { forbidden, invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import { validateLabelName, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import type { LabelSelector } from '../../../apimachinery/meta/types.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../../schema/types/core/v1.ts';
import { invalidEach, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

export function validateAffinity(sink: Sink, affinity: Affinity, path: Path, options: PodValidationOptions): void {
  const node = affinity.nodeAffinity;
  if (node) {
    const at = path.child('nodeAffinity');
    const needed = node.requiredDuringSchedulingIgnoredDuringExecution;
    if (needed)
      validateNodeSelector(
        sink,
        needed,
        at.child('requiredDuringSchedulingIgnoredDuringExecution'),
        options.allowInvalidLabelValueInRequiredNodeAffinity,
      );
    for (const [index, term] of (node.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const termPath = at.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
      validateWeight(sink, term.weight, termPath);
      // A wish with an impossible value does no harm, so the server lets it pass.
      validateNodeSelectorTerm(sink, term.preference ?? {}, termPath.child('preference'), true);
    }
  }
  if (affinity.podAffinity) validatePodAffinity(sink, affinity.podAffinity, path.child('podAffinity'), options);
  if (affinity.podAntiAffinity) validatePodAffinity(sink, affinity.podAntiAffinity, path.child('podAntiAffinity'), options);
}

/** Shared with PersistentVolumes. */
export function validateNodeSelector(sink: Sink, selector: Partial<NodeSelector>, path: Path, allowInvalidValues: boolean): void {
  const terms = selector.nodeSelectorTerms ?? [];
  const at = path.child('nodeSelectorTerms');
  if (terms.length === 0) sink.push(required(at, 'must have at least one node selector term'));
  for (const [index, term] of terms.entries()) validateNodeSelectorTerm(sink, term, at.index(index), allowInvalidValues);
}

function validateNodeSelectorTerm(sink: Sink, term: NodeSelectorTerm, path: Path, allowInvalidValues: boolean): void {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries())
    validateExpression(sink, requirement, path.child('matchExpressions').index(index), allowInvalidValues);
  for (const [index, requirement] of (term.matchFields ?? []).entries())
    validateField(sink, requirement, path.child('matchFields').index(index));
}

function validateExpression(sink: Sink, requirement: Partial<NodeSelectorRequirement>, path: Path, allowInvalidValues: boolean): void {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) sink.push(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        sink.push(forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) sink.push(required(path.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      sink.push(invalid(path.child('operator'), requirement.operator ?? '', 'not a valid selector operator'));
  }
  const key = requirement.key ?? '';
  invalidEach(sink, path.child('key'), key, isQualifiedName(key));
  if (allowInvalidValues) return;
  for (const [index, value] of values.entries()) invalidEach(sink, path.child('values').index(index), value, isValidLabelValue(value));
}

function validateField(sink: Sink, requirement: Partial<NodeSelectorRequirement>, path: Path): void {
  const values = requirement.values ?? [];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn')
    sink.push(invalid(path.child('operator'), requirement.operator ?? '', 'not a valid selector operator'));
  else if (values.length !== 1)
    sink.push(required(path.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (requirement.key !== 'metadata.name') {
    sink.push(invalid(path.child('key'), requirement.key ?? '', 'not a valid field selector key'));
    return;
  }
  for (const [index, value] of values.entries()) invalidEach(sink, path.child('values').index(index), value, isDNS1123Subdomain(value));
}

function validatePodAffinity(sink: Sink, affinity: PodAffinity, path: Path, options: PodValidationOptions): void {
  for (const [index, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    validatePodAffinityTerm(sink, term, path.child('requiredDuringSchedulingIgnoredDuringExecution').index(index), options);
  for (const [index, weighted] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const at = path.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
    validateWeight(sink, weighted.weight, at);
    validatePodAffinityTerm(sink, weighted.podAffinityTerm ?? {}, at.child('podAffinityTerm'), options);
  }
}

function validateWeight(sink: Sink, weight: number | undefined, path: Path): void {
  const value = weight ?? 0;
  if (value <= 0 || value > 100) sink.push(invalid(path.child('weight'), value, 'must be in the range 1-100'));
}

function validatePodAffinityTerm(sink: Sink, term: Partial<PodAffinityTerm>, path: Path, options: PodValidationOptions): void {
  const selectorOptions = { allowInvalidValues: options.allowInvalidLabelValueInSelector };
  sink.push(...validateLabelSelector(term.labelSelector, path.child('labelSelector'), selectorOptions));
  sink.push(...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector'), selectorOptions));
  for (const namespace of term.namespaces ?? []) invalidEach(sink, path.child('namespace'), namespace, isDNS1123Label(namespace));
  validateMatchLabelKeys(sink, term, path);
  const key = term.topologyKey ?? '';
  if (key === '') sink.push(required(path.child('topologyKey'), 'can not be empty'));
  invalidEach(sink, path.child('topologyKey'), key, isQualifiedName(key));
}

export interface LabelKeys {
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/**
 * Keys whose values are taken from the Pod itself. When this runs on a Pod, the requirements made of these keys are in
 * the selector already; a key that occurs there before its own requirement is one that the user wrote twice.
 */
export function validateMatchLabelKeys(sink: Sink, term: LabelKeys, path: Path): void {
  const keys = term.matchLabelKeys ?? [];
  const mismatch = term.mismatchLabelKeys ?? [];
  const selector = term.labelSelector;
  for (const field of ['matchLabelKeys', 'mismatchLabelKeys'] as const) {
    const list = term[field] ?? [];
    if (list.length === 0) continue;
    const at = path.child(field);
    if (!selector) sink.push(forbidden(at, 'must not be specified when labelSelector is not set'));
    else for (const [index, key] of list.entries()) sink.push(...validateLabelName(key, at.index(index)));
  }
  if (selector && keys.length > 0) {
    const selected = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      if (keys.includes(key) && selected.has(key))
        sink.push(invalid(path.index(keys.lastIndexOf(key)), key, 'exists in both matchLabelKeys and labelSelector'));
      selected.add(key);
    }
  }
  for (const [index, key] of keys.entries())
    if (mismatch.includes(key))
      sink.push(invalid(path.child('matchLabelKeys').index(index), key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
}
