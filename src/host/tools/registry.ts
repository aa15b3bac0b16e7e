/**
 * The only list of tools; package.json contributes the same ones to VS Code's language models (a test compares them).
 */
import { discard, fork, reset, status } from './clusterTools.ts';
import { fault } from './faults.ts';
import { apply, forecast, validateManifest } from './manifests.ts';
import { describe, events, get, logs, remove } from './objects.ts';
import { runUntil } from './time.ts';
import type { Tool } from './tool.ts';

export const TOOLS: readonly Tool[] = [
  validateManifest,
  apply,
  forecast,
  get,
  describe,
  events,
  logs,
  remove,
  runUntil,
  fault,
  fork,
  discard,
  reset,
  status,
];

export function toolOf(name: string): Tool | undefined {
  return TOOLS.find((tool) => tool.name === name);
}
