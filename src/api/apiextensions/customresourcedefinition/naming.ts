/**
 * Which of its names a definition gets: those that no other definition of its group has.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go.
 */
import { quote } from '../../../apimachinery/field/quote.ts';
import { jsonEqual } from '../../../base/json.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../../schema/types/apiextensions/v1.ts';

export interface Naming {
  readonly accepted: CustomResourceDefinitionNames;
  /** Undefined: there is none. */
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

/** @param others all definitions; those of other groups do not matter */
export function acceptNames(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): Naming {
  const used = namesInUse(definition, others);
  const { names } = definition.spec;
  const current = definition.status?.acceptedNames;
  const accepted: Record<string, unknown> = { plural: '', kind: '', ...current };
  let conflict: Naming['conflict'];
  const take = (field: 'plural' | 'singular' | 'kind' | 'listKind', taken: ReadonlySet<string>, reason: string): void => {
    const name = names[field] ?? '';
    if (name !== (current?.[field] ?? '') && taken.has(name)) conflict = { reason, message: `${quote(name)} is already in use` };
    else if (name !== '') accepted[field] = name;
  };
  take('plural', used.resources, 'PluralConflict');
  take('singular', used.resources, 'SingularConflict');
  const shortNames = names.shortNames ?? [];
  const held = current?.shortNames ?? [];
  const taken = shortNames.filter((name) => !held.includes(name) && used.resources.has(name));
  if (!jsonEqual(shortNames, held) && taken.length > 0) {
    const texts = [...new Set(taken.map((name) => `${quote(name)} is already in use`))];
    conflict = { reason: 'ShortNamesConflict', message: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]` };
  } else if (shortNames.length > 0) accepted['shortNames'] = shortNames;
  else delete accepted['shortNames'];
  take('kind', used.kinds, 'KindConflict');
  take('listKind', used.kinds, 'ListKindConflict');
  if (names.categories === undefined) delete accepted['categories'];
  else accepted['categories'] = names.categories;
  return { accepted: accepted as unknown as CustomResourceDefinitionNames, conflict };
}

function namesInUse(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): { readonly resources: ReadonlySet<string>; readonly kinds: ReadonlySet<string> } {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { spec, status, metadata } of others) {
    const accepted = status?.acceptedNames;
    if (metadata.name === definition.metadata.name || spec.group !== definition.spec.group || accepted === undefined) continue;
    for (const name of [accepted.plural, accepted.singular, ...(accepted.shortNames ?? [])])
      if ((name ?? '') !== '') resources.add(name ?? '');
    for (const name of [accepted.kind, accepted.listKind]) if ((name ?? '') !== '') kinds.add(name ?? '');
  }
  return { resources, kinds };
}

/** Whether the resource can be served already, or once the API server has written its conditions. */
export function isNameable(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): boolean {
  return (definition.status?.conditions ?? []).length === 0 && acceptNames(definition, others).conflict === undefined;
}
