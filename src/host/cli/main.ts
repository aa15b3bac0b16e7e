#!/usr/bin/env node
/**
 * The headless program: a cluster with its REST API, and checks of manifests, without an editor.
 * Invariant: what is for other programs goes to stdout, what is for people to stderr.
 */
import * as nodeModule from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** `node:sqlite` without a flag, and the module's compile cache. */
const NEEDED_MAJOR = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major < NEEDED_MAJOR) {
  console.error(`kubepad needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  // Each part of the program lies in a file of its own: a check of a few files is mostly start-up, which Node then spends on
  // what it needs, out of what it kept compiled.
  nodeModule.enableCompileCache();
  if (!isMainThread) {
    const { checkShare } = await import('./judge.ts');
    checkShare();
  } else if (process.argv[2] === 'validate') await import('./validateProgram.ts');
  else if (process.argv[2] === 'lsp') await import('./lspProgram.ts');
  else await import('./program.ts');
}
