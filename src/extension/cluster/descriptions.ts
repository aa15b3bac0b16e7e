/**
 * Descriptions as documents that are told anew while an editor shows them and their object changes.
 * Invariant: of an object that is gone the last description stays, and says so. Counterpart: kubectl describe.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { liveObjectPath } from '../documents/liveUri.ts';
import type { Services } from '../services.ts';
import { folderOf } from '../targets/folder.ts';
import { tellRefusal } from './refusal.ts';

export interface Descriptions extends vscode.Disposable {
  show(ref: ObjectRef): Promise<void>;
}

interface Open {
  readonly path: string;
  readonly ref: ObjectRef;
  readonly watching: vscode.Disposable;
  text: string;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A busy object changes many times a second; a text is read more slowly. */
const pauseMs = 300;

export function createDescriptions({ host, texts, objects }: Services): Descriptions {
  /** By the cluster and the object's address: while another one is shown, nothing changes. */
  const open = new Map<string, Open>();
  const keyOf = (ref: ObjectRef): string => `${host.real?.context ?? ''} ${liveObjectPath(ref)}`;
  const refresh = async (entry: Open): Promise<void> => {
    entry.timer = undefined;
    const answer = await host.request(requests.objectDescribe, entry.ref).catch(() => undefined);
    if (answer === undefined || open.get(keyOf(entry.ref)) !== entry) return;
    if (answer.ok) entry.text = answer.value;
    const gone = host.clock?.past === undefined ? 'The object is not in the cluster any more.' : 'The object was not there at that moment.';
    texts.put(entry.path, answer.ok ? entry.text : `${gone} Its last description:\n\n${entry.text}`);
  };
  const subscriptions = vscode.Disposable.from(
    objects.onDidChange(({ ref }) => {
      const entry = open.get(keyOf(ref));
      if (entry !== undefined) entry.timer ??= setTimeout(() => void refresh(entry), pauseMs);
    }),
    texts.onDidClose((path) => {
      for (const [key, entry] of open) {
        if (entry.path !== path) continue;
        open.delete(key);
        clearTimeout(entry.timer);
        entry.watching.dispose();
      }
    }),
  );
  return {
    async show(ref) {
      const answer = await host.request(requests.objectDescribe, ref);
      if (!answer.ok) return tellRefusal(answer);
      const path = `${folderOf(ref, host)}/${ref.kind.toLowerCase()}.${ref.name}.txt`;
      const key = keyOf(ref);
      const known = open.get(key);
      if (known === undefined) open.set(key, { path, ref, watching: objects.watch(ref), text: answer.value, timer: undefined });
      else known.text = answer.value;
      await texts.show(path, answer.value);
    },
    dispose() {
      subscriptions.dispose();
      for (const { timer } of open.values()) clearTimeout(timer);
    },
  };
}
