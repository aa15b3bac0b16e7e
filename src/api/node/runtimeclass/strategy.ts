/**
 * RuntimeClasses: ways in which a node can run containers.
 * Invariant: the handler never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/node/runtimeclass.
 */
import { duplicate, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { DEPRECATED_NODE_LABELS } from '../../core/node/labelWarnings.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { STRICT } from '../../core/pod/options.ts';
import { validateOverhead } from '../../core/pod/resources.ts';
import { validateTolerations } from '../../core/pod/tolerations.ts';
import { RUNTIMECLASSES } from '../../schema/resources.ts';
import type { Toleration } from '../../schema/types/core/v1.ts';
import type { RuntimeClass } from '../../schema/types/node/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const RUNTIMECLASS_STRATEGY: Strategy<RuntimeClass> = {
  resource: RUNTIMECLASSES,
  singular: 'runtimeclass',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: validateRuntimeClass,
  validateUpdate: (runtimeClass, old) => [
    ...validateRuntimeClass(runtimeClass),
    ...validateImmutable(runtimeClass.handler ?? '', old.handler, HANDLER),
  ],
  warnings: labelWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Handler'), AGE],
    cells: (one, nowMs) => [one.metadata.name ?? '', one.handler, age(one, nowMs)],
  },
};

function validateRuntimeClass(runtimeClass: RuntimeClass): ErrorList {
  const errors: FieldError[] = [];
  const handler = (runtimeClass.handler as string | undefined) ?? '';
  if (handler === '') errors.push(required(HANDLER, ''));
  else for (const problem of isDNS1123Label(handler)) errors.push(invalid(HANDLER, handler, problem));
  const { overhead, scheduling } = runtimeClass;
  if (overhead) validateOverhead(errors, overhead.podFixed ?? {}, Path.of('overhead'), STRICT);
  if (!scheduling) return errors;
  errors.push(...validateLabels(scheduling.nodeSelector, Path.of('scheduling', 'nodeSelector')));
  validateDistinctTolerations(errors, scheduling.tolerations ?? [], Path.of('scheduling', 'tolerations'));
  return errors;
}

function validateDistinctTolerations(errors: FieldError[], tolerations: readonly Toleration[], path: Path): void {
  validateTolerations(errors, tolerations, path);
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    // For how long a taint is put up with makes no difference.
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const same = JSON.stringify([key, operator, value, effect]);
    if (seen.has(same)) errors.push(duplicate(path.index(index), internalValue('Toleration', toleration)));
    seen.add(same);
  }
}

function labelWarnings(runtimeClass: RuntimeClass): readonly string[] {
  return Object.keys(runtimeClass.scheduling?.nodeSelector ?? {})
    .sort()
    .flatMap((key) => DEPRECATED_NODE_LABELS[key] ?? [])
    .map((said) => `scheduling.nodeSelector: ${said}`);
}

const HANDLER = Path.of('handler');
