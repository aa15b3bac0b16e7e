/**
 * The admission chain: which plugins run, in which order.
 * Invariant: the order is that of a real API server's recommended plugins; those missing here are not built yet.
 * Counterpart: k8s.io/kubernetes/pkg/kubeapiserver/options.AllOrderedPlugins.
 */
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates/admission.ts';
import { defaultIngressClass } from './defaultingressclass/admission.ts';
import { defaultTolerationSeconds } from './defaulttolerationseconds/admission.ts';
import { namespaceLifecycle } from './lifecycle/admission.ts';
import { limitRanger } from './limitranger/admission.ts';
import { taintNodesByCondition } from './nodetaint/admission.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { podResize } from './podresize/admission.ts';
import { podSecurity } from './podsecurity/admission.ts';
import { podTopologyLabels } from './podtopologylabels/admission.ts';
import { mutatingAdmissionPolicy } from './policy/mutating/admission.ts';
import { validatingAdmissionPolicy } from './policy/validating/admission.ts';
import { priority } from './priority/admission.ts';
import { persistentVolumeClaimResize } from './resize/admission.ts';
import { resourceQuota } from './resourcequota/admission.ts';
import { runtimeClass } from './runtimeclass/admission.ts';
import { serviceAccount } from './serviceaccount/admission.ts';
import { defaultStorageClass } from './setdefault/admission.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhook/admission.ts';
import { storageObjectInUseProtection } from './storageobjectinuseprotection/admission.ts';

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  defaultStorageClass,
  podTopologyLabels,
  podResize,
  mutatingAdmissionPolicy,
  mutatingWebhooks,
  validatingAdmissionPolicy,
  validatingWebhooks,
  resourceQuota,
];
