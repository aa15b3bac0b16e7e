import { readFileSync } from 'node:fs';
import type { ClusterOptions } from '../../cluster/options.ts';
import { readSchedulerConfiguration } from '../../cluster/schedulerConfiguration.ts';

/** The profiles of the file that the setting names; a file that cannot be used leaves the default profile, and says why. */
export function schedulerConfiguration(
  file: string | undefined,
  onProblem: (text: string) => void,
): Pick<ClusterOptions, 'schedulerConfiguration'> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    onProblem(`kubepad.schedulerConfig: ${error instanceof Error ? error.message : String(error)}. The default profile is used.`);
    return {};
  }
  const read = readSchedulerConfiguration(text);
  if ('configuration' in read) return { schedulerConfiguration: read.configuration };
  onProblem(`kubepad.schedulerConfig: ${file}: ${read.error}. The default profile is used.`);
  return {};
}
