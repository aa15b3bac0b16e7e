/** What can be done with an event, in the order of its menu; the first entry is what Enter and a double click do. Pure. */
import type { EventRow, ObjectRef } from '../../host/protocol/view.ts';
import type { EventCommand } from './protocol.ts';
import { objectText } from './rowText.ts';

export type EventAction = { readonly label: string; /** Begins a new group of entries. */ readonly separated: boolean } & (
  | { readonly type: 'command'; readonly command: EventCommand; readonly ref: ObjectRef }
  | { readonly type: 'filter'; readonly filter: string }
);

/** @param isReal of a real cluster nobody has recorded causes */
export function eventActions(row: EventRow, isReal: boolean): readonly EventAction[] {
  const { about, ref, reason, from } = row;
  const object = objectText(about);
  return [
    ...(isReal ? [] : [command('Why?', 'why', ref)]),
    command(`Describe ${about.kind}`, 'describe', about),
    command(`Open ${about.kind}`, 'openObject', about),
    command('Show in Cluster', 'revealInTree', about),
    command('YAML of the Event', 'yaml', ref),
    filter(`Only ${object}`, `object:${object}`, true),
    filter(`Only ${reason}`, `reason:${reason.toLowerCase()}`),
    ...(from === '' ? [] : [filter(`Only from ${from}`, `actor:${from.toLowerCase()}`)]),
  ];
}

function command(label: string, name: EventCommand, ref: ObjectRef): EventAction {
  return { type: 'command', label, command: name, ref, separated: false };
}

function filter(label: string, text: string, separated = false): EventAction {
  return { type: 'filter', label, filter: text, separated };
}
