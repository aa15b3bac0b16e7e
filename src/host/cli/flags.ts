import { readClusterConfig, type ClusterPlan } from '../../api/kubepad/clusterconfig/read.ts';
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../api/kubepad/duration.ts';
import { parseSpeed } from '../../api/kubepad/clock/strategy.ts';
import type { ClusterOptions } from '../../cluster/options.ts';
import { readSchedulerConfiguration } from '../../cluster/schedulerConfiguration.ts';

/** Readers of command line values; they throw what commander prints as a usage error. */

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Not a whole number.');
  return Number(text);
}

/** Milliseconds of a text such as `50s`. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Not a duration such as 50s or 1m30s.');
  return ms;
}

export function speed(text: string): number | 'max' {
  const value = parseSpeed(text);
  if (value === undefined) throw new InvalidArgumentError("Not a number greater than 0 and not 'max'.");
  return value;
}

/** `true`, `false`, or nothing for true, as the flags of Go programs have it. */
export function flag(text: string): boolean {
  if (!/^(true|false|1|0)$/.test(text)) throw new InvalidArgumentError('Neither true nor false.');
  return text === 'true' || text === '1';
}

export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A file with a ClusterConfig of eksctl or a Cluster of kind. */
export function clusterConfig(file: string): ClusterPlan {
  const read = readClusterConfig(contentOf(file));
  if ('error' in read) throw new InvalidArgumentError(read.error);
  return read;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** A file with a KubeSchedulerConfiguration. */
export function schedulerConfiguration(file: string): NonNullable<ClusterOptions['schedulerConfiguration']> {
  const read = readSchedulerConfiguration(contentOf(file));
  if ('error' in read) throw new InvalidArgumentError(read.error);
  return read.configuration;
}
