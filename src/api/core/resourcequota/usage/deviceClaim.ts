import { fromValue } from '../../../../apimachinery/quantity/quantity.ts';
import type { ResourceClaim } from '../../../schema/types/resource/v1.ts';
import type { Evaluator } from './evaluator.ts';

const CLASS_SUFFIX = '.deviceclass.resource.k8s.io/devices';
const COUNT = 'count/resourceclaims.resource.k8s.io';
/** So many devices one claim can get; who asks for all is charged with them. */
const MAX_DEVICES = 32;

/** Claims of devices count by number and by the devices of each class that they can come to. */
export const deviceClaimEvaluator: Evaluator = {
  handles: (operation, subresource) => operation === 'CREATE' && subresource === '',
  counts: (name) => name === COUNT || name.endsWith(CLASS_SUFFIX),
  usage(object) {
    const devices = new Map<string, number>();
    for (const { exactly, firstAvailable } of (object as ResourceClaim).spec.devices?.requests ?? []) {
      const most = new Map<string, number>();
      for (const { deviceClassName, allocationMode, count } of [...(exactly === undefined ? [] : [exactly]), ...(firstAvailable ?? [])]) {
        const wanted = allocationMode === 'All' ? MAX_DEVICES : (count ?? 1);
        most.set(deviceClassName, Math.max(most.get(deviceClassName) ?? 0, wanted));
      }
      for (const [name, wanted] of most) devices.set(name, (devices.get(name) ?? 0) + wanted);
    }
    return new Map([
      [COUNT, fromValue(1)],
      ...[...devices].map(([name, wanted]) => [`${name}${CLASS_SUFFIX}`, fromValue(wanted)] as const),
    ]);
  },
};
