/**
 * Logs as documents: those of a running container grow while an editor shows them.
 * Invariant: the worker tells what was written, nothing is polled; a closed document is followed no more.
 * Counterpart: kubectl logs -f.
 */
import * as vscode from 'vscode';
import { requests, tellWorker } from '../../host/protocol/protocol.ts';
import type { Services } from '../services.ts';
import { folderOf } from '../targets/folder.ts';
import { pickContainer } from './pick.ts';
import { tellRefusal } from './refusal.ts';
import type { Target } from './target.ts';

export interface Logs extends vscode.Disposable {
  /** @param previous of the container's start before the newest one; these grow no more */
  show(target: Target, previous: boolean): Promise<void>;
}

export function createLogs(services: Services): Logs {
  const { host, texts } = services;
  /** What each open document shows, by its path, which is also the name under which it is followed. */
  const followed = new Map<string, Target>();
  const ask = (path: string, { ref, container }: Target, previous: boolean) =>
    host.request(requests.objectLogs, { ref, container, previous, tailLines: undefined, follow: previous ? undefined : path });
  const subscriptions = vscode.Disposable.from(
    host.onLogsAppended(({ follow, text }) => texts.append(follow, text)),
    texts.onDidClose((path) => {
      if (followed.delete(path)) host.notify(tellWorker.logsUnfollow, { follow: path });
    }),
    // A fresh worker follows nothing: ask again for what is still open.
    host.onDidStart(() => {
      for (const [path, target] of followed) {
        void ask(path, target, false).then(
          (answer) => answer.ok && texts.put(path, answer.value),
          () => undefined,
        );
      }
    }),
  );
  return {
    async show(wanted, previous) {
      const choice =
        wanted.container === undefined
          ? await pickContainer(services, wanted.ref, `Logs of ${wanted.ref.name}`)
          : { container: wanted.container };
      if (choice === undefined) return;
      const target: Target = { ref: wanted.ref, container: choice.container };
      const parts = [target.ref.name, target.container, previous ? 'previous' : undefined].filter((part) => part !== undefined);
      const path = `${folderOf(target.ref, host)}/${parts.join('.')}.log`;
      const answer = await ask(path, target, previous);
      if (!answer.ok) return tellRefusal(answer);
      if (!previous) followed.set(path, target);
      await texts.show(path, answer.value, { end: true });
    },
    dispose: () => void subscriptions.dispose(),
  };
}
