/**
 * The cluster of a command that makes one for itself: its flags, and what they come to.
 * Invariant: the same flags give the same cluster, on any day; but for the flags it is the one of the editor.
 */
import { type Command, Option } from 'commander';
import type { ClusterPlan } from '../../api/kubepad/clusterconfig/read.ts';
import { ADDONS, plannedOptions, PRESET_NAMES, type ClusterOptions, type Preset } from '../../cluster/options.ts';
import { clusterConfig, wholeNumber } from './flags.ts';

export interface ClusterFlags {
  readonly preset: Preset;
  readonly config?: ClusterPlan;
  readonly nodes?: number;
  readonly seed: string;
}

const START = Date.UTC(2026, 0, 1);

export function addClusterFlags(command: Command, presetHelp = 'what the cluster consists of, as for serve'): Command {
  return command
    .addOption(new Option('--preset <preset>', presetHelp).choices(PRESET_NAMES).default('default'))
    .option('--config <file>', 'machines as a ClusterConfig of eksctl or a Cluster of kind says, with the preset of that', clusterConfig)
    .option('--nodes <count>', 'worker nodes, instead of those of the preset', wholeNumber)
    .option('--seed <text>', 'decides what is left to chance', 'kubepad');
}

export function ownCluster({ preset, config, nodes, seed }: Partial<ClusterFlags> & Pick<ClusterFlags, 'preset' | 'seed'>): ClusterOptions {
  return {
    seed,
    startTime: START,
    ...ADDONS,
    preset,
    ...(nodes === undefined ? {} : { nodes }),
    ...(config === undefined ? {} : plannedOptions(config)),
  };
}
