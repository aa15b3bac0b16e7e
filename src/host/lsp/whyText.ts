/** Why an object is as it is, in words: the causes of its last write that says something, and of its making. */
import type { ChangeModel, StepModel } from '../panels/object/model.ts';
import type { Why } from '../panels/object/source.ts';

/** @param nameOf what a reader calls a file */
export function whyText({ steps, origin }: Why, nameOf: (uri: string) => string): string {
  if (steps.length === 0) return 'Nothing is known of how it came to be.\n';
  const chain = (title: string, of: readonly StepModel[]): readonly string[] =>
    of.length === 0 ? [] : [title, ...of.flatMap((step) => stepLines(step, nameOf)), ''];
  return `${[...chain('Why it is as it is', steps), ...chain('Why it is there at all', origin)].join('\n').trimEnd()}\n`;
}

function stepLines(
  { at, actor, act, ref, changes, more, source, forgotten }: StepModel,
  nameOf: (uri: string) => string,
): readonly string[] {
  const place = source === undefined ? '' : ` (${nameOf(source.uri)}:${source.line + 1}${source.same ? '' : ', edited since'})`;
  const time = new Date(at).toISOString().slice(11, 23);
  return [
    ...(forgotten ? ['  (what led to the next is not in the history any more)'] : []),
    `  ${time} ${actor} ${act} ${ref.kind}/${ref.name}${place}`,
    ...changes.map((change) => `      ${changeText(change)}`),
    ...(more === 0 ? [] : [`      and ${more} more`]),
  ];
}

function changeText({ key, from, to }: ChangeModel): string {
  if (from === undefined) return `${key}: ${to ?? ''}`;
  return to === undefined ? `${key}: ${from}, taken away` : `${key}: ${from} → ${to}`;
}
