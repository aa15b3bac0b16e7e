/**
 * Which objects somebody in the extension follows.
 * Invariant: the worker observes an object while at least one watcher is there, and a fresh worker is told again.
 * Counterpart: a watch with the field selector metadata.name.
 */
import * as vscode from 'vscode';
import { type ObjectChanged, requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { liveObjectPath } from './liveUri.ts';

export interface ObjectWatch extends vscode.Disposable {
  /** Until the answer is disposed, every write of the object is told by `onDidChange`. */
  watch(ref: ObjectRef): vscode.Disposable;
  /** Of any object that somebody watches. */
  readonly onDidChange: vscode.Event<ObjectChanged>;
}

export function createObjectWatch(host: WorkerHost): ObjectWatch {
  const watched = new Map<string, { readonly ref: ObjectRef; count: number }>();
  const observe = async (ref: ObjectRef, wanted: boolean): Promise<void> => {
    // Without a worker there is nothing to follow; the next reading starts one.
    await host.request(requests.objectObserve, { ref, observe: wanted }).catch(() => null);
  };
  const subscription = host.onDidStart(() => {
    for (const { ref } of watched.values()) void observe(ref, true);
  });
  return {
    onDidChange: host.onObjectChanged,
    watch(ref) {
      const path = liveObjectPath(ref);
      const entry = watched.get(path) ?? { ref, count: 0 };
      watched.set(path, entry);
      if (entry.count++ === 0) void observe(ref, true);
      let done = false;
      return new vscode.Disposable(() => {
        if (done) return;
        done = true;
        if (--entry.count > 0) return;
        watched.delete(path);
        if (host.state.state === 'running') void observe(ref, false);
      });
    },
    dispose: () => subscription.dispose(),
  };
}
