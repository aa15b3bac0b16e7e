import type { PluginArgs } from '../../apis/config/types.ts';
import type { Plugin } from '../interface.ts';
import { createDefaultPreemption } from './defaultpreemption/defaultPreemption.ts';
import { createDynamicResources } from './dynamicresources/dynamicResources.ts';
import { imageLocality } from './imagelocality/imageLocality.ts';
import { createInterPodAffinity } from './interpodaffinity/interPodAffinity.ts';
import { createNodeAffinity } from './nodeaffinity/nodeAffinity.ts';
import { nodeDeclaredFeatures } from './nodedeclaredfeatures/nodeDeclaredFeatures.ts';
import { nodeName } from './nodename/nodeName.ts';
import { nodePorts } from './nodeports/nodePorts.ts';
import { createBalancedAllocation } from './noderesources/balancedAllocation.ts';
import { createFit } from './noderesources/fit.ts';
import { nodeVolumeLimits } from './nodevolumelimits/nodeVolumeLimits.ts';
import { nodeUnschedulable } from './nodeunschedulable/nodeUnschedulable.ts';
import { createPodTopologySpread } from './podtopologyspread/podTopologySpread.ts';
import { schedulingGates } from './schedulinggates/schedulingGates.ts';
import { taintToleration } from './tainttoleration/taintToleration.ts';
import { createVolumeBinding } from './volumebinding/volumeBinding.ts';
import { volumeRestrictions } from './volumerestrictions/volumeRestrictions.ts';
import { volumeZone } from './volumezone/volumeZone.ts';

/**
 * The plugins of the default profile in the order in which every extension point calls them. The order is behaviour:
 * the first filter that refuses a node gives the reason that people read.
 */
export function defaultPlugins(args: PluginArgs = {}): readonly Plugin[] {
  return [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration,
    createNodeAffinity(args.NodeAffinity),
    nodePorts,
    createFit(args.NodeResourcesFit),
    volumeRestrictions,
    nodeVolumeLimits,
    createVolumeBinding(args.VolumeBinding),
    volumeZone,
    createPodTopologySpread(args.PodTopologySpread),
    createInterPodAffinity(args.InterPodAffinity),
    createDynamicResources(args.DynamicResources),
    nodeDeclaredFeatures,
    createDefaultPreemption(args.DefaultPreemption),
    createBalancedAllocation(args.NodeResourcesBalancedAllocation),
    imageLocality,
  ];
}
