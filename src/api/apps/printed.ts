/** Values as messages print them: members in the order of the Go types, map keys sorted. */
import type { LabelSelector, ObjectMeta } from '../../apimachinery/meta/types.ts';
import { wasEmpty } from '../../apimachinery/scheme/emptyCollections.ts';

export function printedLabels(metadata: ObjectMeta | undefined): unknown {
  return metadata === undefined ? null : printedMap(metadata, 'labels');
}

/** A map that may not be there: `null` then, and `{}` where it was given empty. */
export function printedMap<T extends object>(holder: T, field: keyof T & string): unknown {
  const map = holder[field] as Readonly<Record<string, string>> | undefined;
  if (map === undefined) return wasEmpty(holder, field) ? {} : null;
  return sortedMap(map);
}

function sortedMap(map: Readonly<Record<string, string>>): unknown {
  return Object.fromEntries(Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function printedSelector(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels === undefined || Object.keys(matchLabels).length === 0 ? {} : { matchLabels: sortedMap(matchLabels) }),
    ...(matchExpressions === undefined || matchExpressions.length === 0
      ? {}
      : {
          matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({
            key,
            operator,
            ...(values.length === 0 ? {} : { values }),
          })),
        }),
  };
}

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/** A list that may not be there: `null` then, and `[]` where it was given empty. */
export function printedList<T extends object, Key extends keyof T & string>(
  holder: T,
  field: Key,
  print: (item: ItemOf<NonNullable<T[Key]>>) => unknown,
): unknown {
  const list = holder[field] as readonly ItemOf<NonNullable<T[Key]>>[] | undefined;
  if (list === undefined || list.length === 0) return wasEmpty(holder, field) ? [] : null;
  return list.map(print);
}

/** A selector as Go's `%v` prints it: `&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}`. */
export function goLabelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
