/**
 * What may change in a Pod once it exists: little. Images, an earlier deadline, more tolerations, fewer gates; while a
 * gate holds the Pod back, its wishes for nodes may still be narrowed.
 * Counterpart: k8s.io/kubernetes/pkg/apis/core/validation, ValidatePodUpdate.
 */
import { jsonEqual } from '../../../base/json.ts';
import { forbidden, invalid, required, type ErrorList } from '../../../apimachinery/field/error.ts';
import { unifiedDiff } from '../../../apimachinery/diff/unified.ts';
import { carryEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { validateObjectMetaUpdate } from '../../../apimachinery/validation/objectMeta.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { Affinity, Container, NodeAffinity, NodeSelectorTerm, Pod, PodSpec, Toleration } from '../../schema/types/core/v1.ts';
import { validateKubeFinalizers } from '../finalizers.ts';
import { validatePodAnnotationsUpdate } from './annotations.ts';
import { internalPodSpec, internalValue } from './internal.ts';
import { validateTolerations } from './tolerations.ts';
import { EMPTY_SPEC, validatePodMetadataAndSpec } from './validation.ts';
import { inclusiveRange, type Sink } from './sink.ts';
import { optionsForUpdate, STRICT_POD, type PodValidationOptions } from './options.ts';

const METADATA = Path.of('metadata');
const SPEC = Path.of('spec');
const MAX_INT32 = 2 ** 31 - 1;

const UPDATABLE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(pod: Pod, old: Pod): ErrorList {
  const sink: Sink = [];
  validateUpdateOfAnyKind(sink, pod, old);
  validateSpecUpdate(sink, pod.spec ?? EMPTY_SPEC, old.spec ?? EMPTY_SPEC);
  return sink;
}

/** What holds for updates of the Pod itself and of its subresources that change the spec. */
export function validateUpdateOfAnyKind(sink: Sink, pod: Pod, old: Pod): void {
  sink.push(...validateObjectMetaUpdate(pod.metadata, old.metadata));
  validateKubeFinalizers(sink, pod.metadata, METADATA);
  // Nearly all updates pass the strict rules; only where one does not, the stored Pod is asked.
  const strict = errorsUnder(STRICT_POD, pod);
  const options = strict.length === 0 ? STRICT_POD : updateOptions(old);
  sink.push(...(options === STRICT_POD ? strict : errorsUnder(options, pod)));
  validatePodAnnotationsUpdate(sink, pod, old, METADATA.child('annotations'), options);
}

/** Rules that the stored Pod breaks already are not asked of its successor. */
export function updateOptions(old: Pod): PodValidationOptions {
  return optionsForUpdate(STRICT_POD, (options) => errorsUnder(options, old).length);
}

function errorsUnder(options: PodValidationOptions, pod: Pod): ErrorList {
  const sink: Sink = [];
  validatePodMetadataAndSpec(sink, pod, options);
  return sink;
}

function validateSpecUpdate(sink: Sink, spec: PodSpec, old: PodSpec): void {
  for (const list of ['containers', 'initContainers'] as const)
    if (!validateContainerList(sink, spec[list] ?? [], old[list] ?? [], SPEC.child(list))) return;
  if (!validateDeadline(sink, spec.activeDeadlineSeconds, old.activeDeadlineSeconds)) return;
  validateAddedTolerations(sink, spec.tolerations ?? [], old.tolerations ?? []);
  validateDeletedGates(sink, spec, old);
  if (semanticallyEqual(spec, old)) return;
  let masked: PodSpec = carryEmpty(spec, {
    ...spec,
    containers: withImagesOf(spec.containers ?? [], old.containers ?? []),
    ...(spec.initContainers && { initContainers: withImagesOf(spec.initContainers, old.initContainers ?? []) }),
  });
  masked = copyFields(masked, old, ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1)
    masked = copyFields(masked, old, ['terminationGracePeriodSeconds']);
  if (old.schedulingGates?.length) masked = maskGated(sink, masked, old);
  if (semanticallyEqual(masked, old)) return;
  const diff = unifiedDiff(internalPodSpec(old), internalPodSpec(masked));
  sink.push(forbidden(SPEC, `pod updates may not change fields other than ${UPDATABLE}\n${diff}`));
}

/** Returns whether the two lists can be compared further. */
function validateContainerList(sink: Sink, containers: readonly Container[], old: readonly Container[], path: Path): boolean {
  if (containers.length !== old.length) {
    sink.push(forbidden(path, 'pod updates may not add or remove containers'));
    return false;
  }
  for (const [index, { image = '' }] of containers.entries()) {
    if (image === '') sink.push(required(path.index(index).child('image'), ''));
    if (image.trim() !== image) sink.push(invalid(path.index(index).child('image'), image, 'must not have leading or trailing whitespace'));
  }
  return true;
}

/** It may be set, and come nearer. Returns whether validation goes on. */
function validateDeadline(sink: Sink, deadline: number | undefined, old: number | undefined): boolean {
  const path = SPEC.child('activeDeadlineSeconds');
  if (deadline === undefined) {
    if (old !== undefined) sink.push(invalid(path, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (deadline < 0 || deadline > MAX_INT32) {
    sink.push(invalid(path, deadline, inclusiveRange(0, MAX_INT32)));
    return false;
  }
  if (old !== undefined && old < deadline) {
    sink.push(invalid(path, deadline, 'must be less than or equal to previous value'));
    return false;
  }
  return true;
}

/** Each old toleration is still there, but for its seconds. */
function validateAddedTolerations(sink: Sink, tolerations: readonly Toleration[], old: readonly Toleration[]): void {
  const path = SPEC.child('tolerations');
  const kept = old.every((before) => tolerations.some((now) => jsonEqual(withoutSeconds(before), withoutSeconds(now))));
  if (!kept) {
    sink.push(forbidden(path, 'existing toleration can not be modified except its tolerationSeconds'));
    return;
  }
  validateTolerations(sink, tolerations, path);
}

function withoutSeconds(toleration: Toleration): Toleration {
  const { tolerationSeconds: _, ...rest } = toleration;
  return rest;
}

function validateDeletedGates(sink: Sink, spec: PodSpec, old: PodSpec): void {
  for (const [index, gate] of (spec.schedulingGates ?? []).entries()) {
    if (old.schedulingGates?.some((before) => before.name === gate.name)) continue;
    const text = `only deletion is allowed, but found new scheduling gate '${gate.name}'`;
    sink.push(forbidden(SPEC.child('schedulingGates').index(index).child('name'), text));
  }
}

function withImagesOf(containers: readonly Container[], old: readonly Container[]): readonly Container[] {
  return containers.map((container, index) => copyFields(container, old[index] ?? container, ['image']));
}

/** The first object with some of its fields as they are in the second; what is not set there is taken away. */
function copyFields<T extends object>(target: T, source: T, names: readonly (keyof T)[]): T {
  const result = carryEmpty(target, { ...target });
  for (const name of names) {
    if (source[name] === undefined) delete result[name];
    else result[name] = source[name];
  }
  return result;
}

/** While gates hold a Pod back, its node selector may grow and its node affinity become stricter. */
function maskGated(sink: Sink, spec: PodSpec, old: PodSpec): PodSpec {
  let masked = spec;
  const selector = spec.nodeSelector ?? {};
  const oldSelector = old.nodeSelector ?? {};
  if (!jsonEqual(selector, oldSelector)) {
    if (Object.keys(oldSelector).some((key) => selector[key] !== oldSelector[key])) {
      const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
      sink.push(invalid(SPEC.child('nodeSelector'), spec.nodeSelector ?? null, text));
    }
    masked = copyFields(masked, old, ['nodeSelector']);
  }
  const affinity = spec.affinity?.nodeAffinity;
  const oldAffinity = old.affinity?.nodeAffinity;
  if (jsonEqual(affinity, oldAffinity)) return masked;
  validateNodeAffinityNarrowed(sink, affinity, oldAffinity);
  const { affinity: _, ...rest } = masked;
  const restored = withNodeAffinity(spec.affinity, oldAffinity, old.affinity);
  return restored === undefined ? rest : { ...rest, affinity: restored };
}

function withNodeAffinity(affinity: Affinity | undefined, node: NodeAffinity | undefined, old: Affinity | undefined): Affinity | undefined {
  if (!affinity) return node && { nodeAffinity: node };
  if (!old && !affinity.podAffinity && !affinity.podAntiAffinity) return undefined;
  const { nodeAffinity: _, ...rest } = affinity;
  return node ? { ...rest, nodeAffinity: node } : rest;
}

/** Terms are alternatives, so none may be added; requirements within a term all count, so any may. */
function validateNodeAffinityNarrowed(sink: Sink, affinity: NodeAffinity | undefined, old: NodeAffinity | undefined): void {
  const oldTerms = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const path = SPEC.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  if (terms?.length !== oldTerms.length) {
    const printed = terms?.map((term) => internalValue('NodeSelectorTerm', term)) ?? null;
    sink.push(invalid(path, printed, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'));
    return;
  }
  for (const [index, term] of terms.entries())
    if (!onlyAdds(term, oldTerms[index] ?? {})) {
      const printed = internalValue('NodeSelectorTerm', term);
      sink.push(invalid(path.index(index), printed, 'only additions are allowed (no mutations or deletions)'));
    }
}

function onlyAdds(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const empty = !old.matchExpressions?.length && !old.matchFields?.length;
  if (empty) return !term.matchExpressions?.length && !term.matchFields?.length;
  return (['matchExpressions', 'matchFields'] as const).every((field) => {
    const before = old[field] ?? [];
    return jsonEqual((term[field] ?? []).slice(0, before.length), before);
  });
}

/** Lists and maps without members are as good as missing ones, as the server compares them. */
export function semanticallyEqual(left: unknown, right: unknown): boolean {
  return jsonEqual(left, right) || jsonEqual(prune(left), prune(right));
}

function prune(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(prune);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (Array.isArray(item) && item.length === 0) continue;
    result[key] = prune(item);
  }
  return result;
}
