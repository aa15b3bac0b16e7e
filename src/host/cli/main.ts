#!/usr/bin/env node
/**
 * The headless program: a cluster with its REST API, and checks of manifests, without an editor.
 * Invariant: what is for other programs goes to stdout, what is for people to stderr.
 */
import * as nodeModule from 'node:module';

/** `node:sqlite` without a flag, and the module's compile cache. */
const NEEDED_MAJOR = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major < NEEDED_MAJOR) {
  console.error(`kubepad needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  // The program is loaded by a second file, so that Node keeps what it compiled of it: a check of a few files is mostly start-up.
  nodeModule.enableCompileCache();
  nodeModule.createRequire(import.meta.url)(import.meta.filename.endsWith('.ts') ? './program.ts' : './kubepadProgram.cjs');
}
