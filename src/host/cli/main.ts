#!/usr/bin/env node
/**
 * The headless program: a cluster with its REST API, and checks of manifests, without an editor.
 * Invariant: what is for other programs goes to stdout, what is for people to stderr.
 */
import { createRequire, enableCompileCache } from 'node:module';

// The program is loaded by a second file, so that Node keeps what it compiled of it: a check of a few files is mostly start-up.
enableCompileCache();
createRequire(import.meta.url)(import.meta.filename.endsWith('.ts') ? './program.ts' : './kubepadProgram.cjs');
