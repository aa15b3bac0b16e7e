/**
 * All that is told of the text of manifests: the verdict on it, what the cluster would answer, and what it did answer.
 * Invariant: nothing is told twice; who comes first is said here. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import type { WorkerHost } from '../host/workerHost.ts';
import type { Output } from '../output.ts';
import { createAdmissionDiagnostics } from './admissionDiagnostics.ts';
import { createAppliedDiagnostics, type AppliedDiagnostics } from './appliedDiagnostics.ts';
import type { DocumentSync } from './documentSync.ts';
import { createLiveDiagnostics, type LiveDiagnostics } from './liveDiagnostics.ts';

export interface Diagnostics extends vscode.Disposable {
  readonly live: LiveDiagnostics;
  readonly applied: AppliedDiagnostics;
  /** Judges the documents that are open now; later ones come by themselves. */
  start(): void;
}

export function createDiagnostics(host: WorkerHost, sync: DocumentSync, output: Output): Diagnostics {
  const live = createLiveDiagnostics(host, sync, output);
  const admission = createAdmissionDiagnostics({ host, sync, output });
  const applied = createAppliedDiagnostics([live, admission]);
  const all = vscode.Disposable.from(live, admission, applied);
  return {
    live,
    applied,
    start() {
      live.start();
      admission.start();
    },
    dispose: () => void all.dispose(),
  };
}
