/** Values as messages print them: members in the order of the Go types, map keys sorted. */
import type { LabelSelector } from '../../apimachinery/meta/types.ts';

export function printedLabels(labels: Readonly<Record<string, string>> | undefined): unknown {
  if (labels === undefined) return null;
  return Object.fromEntries(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function printedSelector(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels === undefined || Object.keys(matchLabels).length === 0 ? {} : { matchLabels: printedLabels(matchLabels) }),
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
