/** Why something is so, as a text. Counterpart: the panel of an object. */
import type { ObjectRef } from '../../protocol/view.ts';
import type { ChangeModel, StepModel } from './model.ts';
import type { Why } from './source.ts';

/** @param start virtual milliseconds since 1970 when the cluster began */
export function whyText(ref: ObjectRef, { steps, origin }: Why, start: number): string {
  const name = ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
  return [
    `Why ${ref.kind} ${name} is as it is, from the first cause to the last write:`,
    '',
    ...linesOf(steps, start),
    '',
    ...(origin.length === 0 ? [] : ['Why it is there:', '', ...linesOf(origin, start), '']),
  ].join('\n');
}

function linesOf(steps: readonly StepModel[], start: number): readonly string[] {
  return steps.flatMap((step, index) => [
    ...(step.forgotten ? ['       … what led to it is not in the history any more'] : []),
    `${secondsText(step.at - start)}  ${step.actor} ${step.act} ${step.ref.kind} ${step.ref.name}${sourceText(step)}`,
    ...(step.reason === '' ? [] : [`         ${step.reason}`]),
    ...step.changes.map((change) => `         ${changeText(change)}`),
    ...(step.more > 0 ? [`         and ${step.more} more`] : []),
    ...(index < steps.length - 1 ? ['     ↓'] : []),
  ]);
}

function changeText({ key, from, to }: ChangeModel): string {
  if (from === undefined) return `${key}: ${to ?? ''}`;
  return to === undefined ? `${key}: ${from} → nothing` : `${key}: ${from} → ${to}`;
}

function sourceText({ source }: StepModel): string {
  if (source === undefined) return '';
  const file = decodeURIComponent(source.uri.slice(source.uri.lastIndexOf('/') + 1));
  return ` (${file}, line ${source.line + 1}${source.same ? '' : ', edited since'})`;
}

/** `   10.005 s` */
function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`.padStart(12);
}
