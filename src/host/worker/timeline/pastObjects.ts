/**
 * Objects while the past is shown: read as they were then, said to be so, and not to be changed.
 * Invariant: while the present is shown nothing is added and nothing refused. Counterpart: none.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import { failure } from '../../../apimachinery/errors/status.ts';
import type { Answer, LogsParams, Refusal } from '../../protocol/protocol.ts';
import type { ObjectRef } from '../../protocol/view.ts';
import { defaultContainer, printLog } from '../logFollowers.ts';
import * as objects from '../objects.ts';
import type { Session } from '../session.ts';

export function refusedInPast({ shown }: Pick<Session, 'shown'>): Refusal | undefined {
  if (shown.revision === undefined) return undefined;
  return {
    ok: false,
    status: failure(405, 'MethodNotAllowed', 'the past is shown, which cannot be changed: go back to now, or fork from here'),
  };
}

/** `as of day 1, 00:05:12`; undefined while the present is shown. */
export function momentText({ shown, looked }: Pick<Session, 'shown' | 'looked'>): string | undefined {
  return shown.revision === undefined ? undefined : `as of ${dayText(looked.simulation.now() - looked.options.startTime)}`;
}

function pastText(session: Pick<Session, 'shown' | 'looked'>): string | undefined {
  const moment = momentText(session);
  return moment === undefined ? undefined : `The past, ${moment}, revision ${session.shown.revision ?? 0}.`;
}

export async function shownYaml(session: Session, ref: ObjectRef): Promise<Answer<string>> {
  const answer = await objects.yamlOf(session.reads, ref);
  const past = pastText(session);
  return past === undefined || !answer.ok ? answer : { ...answer, value: `# ${past} Read-only.\n${answer.value}` };
}

export async function shownDescription(session: Session, ref: ObjectRef): Promise<Answer<string>> {
  const { looked, reads, inside } = session;
  const answer = await objects.describe(reads, ref, looked.simulation.now(), inside);
  const past = pastText(session);
  return past === undefined || !answer.ok ? answer : { ...answer, value: `${past}\n\n${answer.value}` };
}

/** What a container had written by the moment that is shown. */
export function pastLogs(session: Session, { ref, previous, tailLines, ...wanted }: LogsParams): Answer<string> {
  const { looked, inside } = session;
  const { namespace, name } = ref;
  const pod = looked.api.store.get('pods', `${namespace}/${name}`) as Pod | undefined;
  const container = wanted.container ?? (pod === undefined ? '' : defaultContainer(pod));
  const request = { namespace, pod: name, container, previous, ...(tailLines === undefined ? {} : { tailLines }) };
  const entries = inside?.kubelets.readLogs(request);
  if (inside === undefined || entries === undefined) {
    const why = inside === undefined ? 'what ran in containers then is not known any more' : 'it had not been started';
    return { ok: false, status: failure(404, 'NotFound', `there is no log of container "${container}" of that moment: ${why}`) };
  }
  return { ok: true, value: `# ${pastText(session) ?? ''}\n${printLog(entries)}`, warnings: [] };
}

/** `day 1, 00:05:12` */
function dayText(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `day ${Math.floor(seconds / 86_400) + 1}, ${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
