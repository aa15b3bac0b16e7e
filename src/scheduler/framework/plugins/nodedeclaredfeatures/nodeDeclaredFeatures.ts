/**
 * A Pod that needs something which not every kubelet can do goes only where the node declares it.
 * Counterpart: plugins/nodedeclaredfeatures and k8s.io/component-helpers/nodedeclaredfeatures.
 */
import { jsonEqual } from '../../../../base/json.ts';
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Plugin } from '../../interface.ts';
import { SKIP, unresolvable } from '../../status.ts';

const NONE: readonly string[] = [];

export const nodeDeclaredFeatures = {
  name: 'NodeDeclaredFeatures',
  events: [
    {
      resource: 'nodes',
      helps: (_pod, { object, previous }) => {
        const [before, after] = [previous as Node | undefined, object as Node];
        return before === undefined || !jsonEqual(before.status?.declaredFeatures, after.status?.declaredFeatures);
      },
    },
    { resource: 'pods', helps: (pod, { object }) => object.metadata.uid === pod.metadata.uid },
  ],
  sign: (pod) => neededFeatures(pod),
  preFilter: (_state, pod) => (neededFeatures(pod).length === 0 ? SKIP : undefined),
  filter: (_state, pod, { node }) => {
    const declared = node.status?.declaredFeatures ?? NONE;
    const missing = neededFeatures(pod).filter((feature) => !declared.includes(feature));
    if (missing.length === 0) return undefined;
    return unresolvable(`node declared features check failed - unsatisfied requirements: ${missing.join(', ')}`);
  },
} satisfies Plugin;

/** Sorted by name. Others are needed by changes of Pods only, which the API server looks at. */
function neededFeatures({ spec }: Pod): readonly string[] {
  if (spec === undefined) return NONE;
  const restartsAll = [spec.containers, spec.initContainers ?? NO_CONTAINERS].some((list) =>
    list.some(({ restartPolicyRules }) => restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') === true),
  );
  return restartsAll ? RESTART_ALL : NONE;
}

const NO_CONTAINERS: readonly never[] = [];
const RESTART_ALL = ['RestartAllContainersOnContainerExits'] as const;
