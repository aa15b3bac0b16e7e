import { fromValue } from '../../../../apimachinery/quantity/quantity.ts';
import type { Service } from '../../../schema/types/core/v1.ts';
import type { Evaluator } from './evaluator.ts';

const NAMES: ReadonlySet<string> = new Set(['services', 'count/services', 'services.nodeports', 'services.loadbalancers']);

/** Node ports are counted before they are allocated: one a port where they will be, else those that are asked for. */
export const serviceEvaluator: Evaluator = {
  handles: (operation, subresource) => operation !== 'DELETE' && subresource === '',
  counts: (name) => NAMES.has(name),
  usage(object) {
    const { spec } = object as Service;
    const ports = spec?.ports ?? [];
    const isBalanced = spec?.type === 'LoadBalancer';
    const asked = ports.filter(({ nodePort }) => (nodePort ?? 0) !== 0).length;
    const balancedPorts = spec?.allocateLoadBalancerNodePorts === false ? asked : ports.length;
    return new Map([
      ['count/services', fromValue(1)],
      ['services', fromValue(1)],
      ['services.nodeports', fromValue(spec?.type === 'NodePort' ? ports.length : isBalanced ? balancedPorts : 0)],
      ['services.loadbalancers', fromValue(isBalanced ? 1 : 0)],
    ]);
  },
};
