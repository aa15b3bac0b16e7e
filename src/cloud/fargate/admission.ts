import type { FargateProfile } from '../../api/kubepad/clusterconfig/fargate.ts';
import { createdPod, isMirrorPod } from '../../apiserver/admission/pods.ts';
import type { AdmissionPlugin } from '../../apiserver/admission/plugin.ts';
import { PROFILE_LABEL, profileOf } from './profiles.ts';

export const FARGATE_SCHEDULER = 'fargate-scheduler';

/** Gives the Pods of a profile to Fargate's scheduler, as the webhook of EKS does; who names a node or another scheduler is let be. */
export function fargateMutation(profiles: readonly FargateProfile[]): AdmissionPlugin {
  return {
    name: '0500-amazon-eks-fargate-mutation.amazonaws.com',
    admit(attributes) {
      const pod = createdPod(attributes);
      if (pod === undefined || isMirrorPod(pod) || (pod.spec.nodeName ?? '') !== '') return undefined;
      if ((pod.spec.schedulerName ?? 'default-scheduler') !== 'default-scheduler') return undefined;
      const profile = profileOf(profiles, attributes.namespace, pod.metadata.labels);
      if (profile === undefined) return undefined;
      (pod.metadata.labels ??= {})[PROFILE_LABEL] = profile;
      pod.spec.schedulerName = FARGATE_SCHEDULER;
      pod.spec.priorityClassName = 'system-node-critical';
      pod.spec.priority = 2_000_001_000;
      return undefined;
    },
  };
}
