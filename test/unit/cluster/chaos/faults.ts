import { COMPONENTS } from '../../../../src/api/kubepad/fault/components.ts';
import { FAULT_TYPES, type FaultSpec } from '../../../../src/api/kubepad/types.ts';
import type { Dice } from './dice.ts';
import { NAMES } from './workloads.ts';

export const ZONES = ['zone-a', 'zone-b', 'zone-c'];
/** Workers that there can be. */
export const WORKERS = 6;

export function worker(dice: Dice): string {
  return `worker-${dice.between(1, WORKERS)}`;
}

/** A fault of any type, with what it may say beside its target. Most end by themselves. */
export function fault(dice: Dice): object {
  const spec = {
    ...trouble(dice),
    ...(dice.once(8) ? {} : { duration: `${dice.between(20, 900)}s` }),
    ...(dice.once(6) ? { from: `${dice.between(1, 300)}s` } : {}),
  };
  return { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { generateName: 'f-' }, spec };
}

function trouble(dice: Dice): FaultSpec {
  const type = dice.pick(FAULT_TYPES);
  const node = worker(dice);
  const place = dice.once(4) ? { zone: dice.pick(ZONES) } : { node };
  const app = `${dice.pick(['deployment', 'statefulset', 'daemonset', 'job', 'pod'])}-${dice.int(NAMES)}`;
  const pods = dice.once(5) ? { namespace: 'default' } : { namespace: 'default', selector: { matchLabels: { app } } };
  switch (type) {
    case 'NodeDown':
      return { type, target: { node } };
    case 'NodeShutdown':
      return { type, target: place, ...(dice.once(2) ? { shutdownGracePeriod: '60s', shutdownGracePeriodCriticalPods: '10s' } : {}) };
    case 'ZoneDown':
      return { type, target: { zone: dice.pick(ZONES) } };
    case 'Partition':
      return { type, target: place };
    case 'DiskPressure':
      return { type, target: place, available: dice.pick(['1%', '5%', '8%']) };
    case 'ImagePullError':
      return { type, target: dice.once(2) ? { image: '*:1' } : place, error: dice.pick(['denied', 'missing', 'refused']) };
    case 'SlowStart':
      return { type, target: { pods }, latency: `${dice.between(1, 90)}s` };
    case 'CrashLoop':
      return { type, target: { pods }, after: `${dice.between(0, 20)}s`, exitCode: dice.pick([1, 137]) };
    case 'MemoryLeak':
      return { type, target: { pods }, rate: dice.pick(['16Mi', '64Mi', '256Mi']) };
    case 'ProbeFailure':
      return { type, target: { pods }, probes: ['readiness'] };
    case 'ComponentDown': {
      const component = dice.pick(COMPONENTS);
      return { type, target: component === 'kubelet' || component === 'kube-proxy' ? { component, node } : { component } };
    }
  }
}
