/**
 * The file that the worker thread starts with: loads the program, out of what Node kept compiled of it where it can.
 * Invariant: without a folder for that, or where the host's Node cannot keep it, the program is loaded all the same.
 * Counterpart: none in Kubernetes; src/host/cli/main.ts does the same for the headless program.
 */
import * as nodeModule from 'node:module';
import { workerData } from 'node:worker_threads';
import type { WorkerOptions } from '../protocol/protocol.ts';

/** By then a first use has compiled what a start needs; milliseconds. */
const KEEP_AFTER_MS = 1_500;

const { compileCache } = workerData as WorkerOptions;
if (compileCache !== undefined) {
  nodeModule.enableCompileCache(compileCache);
  // A worker is terminated rather than left to end, and only at its end would Node write what it compiled.
  setTimeout(() => nodeModule.flushCompileCache(), KEEP_AFTER_MS).unref();
}
await import('./main.ts');
