/**
 * Namespaces: the scope of names, with a phase that goes from Active to Terminating and never back.
 * Invariant: spec.finalizers is set by the server and changed by the `finalize` subresource only.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/namespace.
 */
import { invalid, type ErrorList } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSLabel } from '../../../apimachinery/validation/objectNames.ts';
import { jsonEqual, type Draft } from '../../../base/json.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { NAMESPACES } from '../../schema/resources.ts';
import type { Namespace } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { podSecurityLabelErrors } from './podSecurityLabels.ts';

export const NAMESPACE_STRATEGY: Strategy<Namespace> = {
  resource: NAMESPACES,
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSLabel,
  defaults: defaultNamespace,
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec?.finalizers ?? [];
    namespace.spec = { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] };
  },
  prepareForUpdate(namespace, old) {
    namespace.spec = { ...namespace.spec };
    if (old.spec?.finalizers === undefined) delete namespace.spec.finalizers;
    else namespace.spec.finalizers = [...old.spec.finalizers];
  },
  validate: (namespace) => [...finalizerErrors(namespace), ...labelErrors(namespace)],
  // Labels that cannot be read may stay as they were.
  validateUpdate: (namespace, old) => {
    const errors = labelErrors(namespace);
    return jsonEqual(errors.map(bodyOf), labelErrors(old).map(bodyOf)) ? [] : errors;
  },
  status: { validateUpdate: validateStatusUpdate },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Status'), AGE],
    cells: (namespace, nowMs) => [namespace.metadata.name ?? '', namespace.status?.phase ?? '', age(namespace, nowMs)],
  },
};

/** Selectors for a namespace by name rest on this label; it always has the name. */
function defaultNamespace(namespace: Draft<Namespace>): void {
  const name = namespace.metadata.name ?? '';
  if (name === '') return;
  namespace.metadata.labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': name };
}

/** Admission looks at these after validation, so only where the labels are otherwise well formed. */
function labelErrors(namespace: Namespace): ErrorList {
  const labels = namespace.metadata.labels;
  const errors = podSecurityLabelErrors(labels);
  return errors.length === 0 || validateLabels(labels, Path.root).length > 0 ? [] : errors;
}

function finalizerErrors(namespace: Namespace): ErrorList {
  const path = Path.of('spec', 'finalizers');
  return (namespace.spec?.finalizers ?? []).flatMap((name) => {
    const problems = isQualifiedName(name);
    if (problems.length > 0) return problems.map((text) => invalid(path, name, text));
    if (name.includes('/') || STANDARD_FINALIZERS.has(name)) return [];
    return [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
  });
}

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function bodyOf(error: ErrorList[number]): string {
  return error.body;
}

function validateStatusUpdate(namespace: Namespace): ErrorList {
  const phase = namespace.status?.phase ?? '';
  const path = Path.of('status', 'phase');
  if (namespace.metadata.deletionTimestamp === undefined) {
    return phase === 'Active' ? [] : [invalid(path, phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  }
  return phase === 'Terminating' ? [] : [invalid(path, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
}
