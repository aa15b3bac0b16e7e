/**
 * DefaultTolerationSeconds: a Pod that says nothing about it stays 300 s on a node that is not ready or unreachable.
 * Invariant: only adds tolerations, at the end of the list.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/defaulttolerationseconds.
 */
import type { Toleration } from '../../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { podOf } from '../pods.ts';

const DEFAULT_SECONDS = 300;
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

export const defaultTolerationSeconds: AdmissionPlugin = { name: 'DefaultTolerationSeconds', admit };

function admit(attributes: AdmissionAttributes): undefined {
  const pod = podOf(attributes);
  if (pod === undefined) return undefined;
  const tolerations = pod.spec.tolerations ?? [];
  const missing = [NOT_READY, UNREACHABLE].filter((key) => !tolerations.some((toleration) => tolerates(toleration, key)));
  if (missing.length === 0) return undefined;
  pod.spec.tolerations = [
    ...tolerations,
    ...missing.map((key) => ({ key, operator: 'Exists' as const, effect: 'NoExecute' as const, tolerationSeconds: DEFAULT_SECONDS })),
  ];
  return undefined;
}

/** The key must be named or left out; a toleration without an effect is for all effects. */
function tolerates(toleration: Toleration, key: string): boolean {
  const { key: own = '', effect = '' } = toleration;
  return (own === key || own === '') && (effect === 'NoExecute' || effect === '');
}
