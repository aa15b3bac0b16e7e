#!/usr/bin/env node
/**
 * The headless program: a cluster with its REST API, and checks of manifests, without an editor.
 * Invariant: what is for other programs goes to stdout, what is for people to stderr.
 */
import { Command } from 'commander';
import { addServeCommand } from './serve.ts';
import { addValidateCommand } from './validate.ts';

const program = new Command('kubepad').description('A Kubernetes cluster, simulated faithfully.').version('0.1.0');
addServeCommand(program);
addValidateCommand(program);
// Not awaited: the bundle is CommonJS, which has no await at its top.
void program.parseAsync();
