/**
 * LimitRanges: what one object of a namespace may ask for, and what it gets if it asks for nothing.
 * Invariant: every minimum is at most its maximum, and defaults lie between.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/limitrange.
 */
import type { Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { LIMITRANGES } from '../../schema/resources.ts';
import type { LimitRange, LimitRangeItem } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateLimitRange } from './validation.ts';

export const LIMITRANGE_STRATEGY: Strategy<LimitRange> = {
  resource: LIMITRANGES,
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(range) {
    for (const item of range.spec?.limits ?? []) if (item.type === 'Container') defaultContainerLimits(item);
  },
  // One without a name gets one that is like no other: the server takes a UUID.
  prepareForCreate({ metadata }) {
    if ((metadata.name ?? '') === '' && (metadata.generateName ?? '') === '') metadata.name = metadata.uid ?? NO_UID;
  },
  validate: validateLimitRange,
  validateUpdate: validateLimitRange,
  defaultPropagation: 'Background',
};

const NO_UID = '00000000-0000-0000-0000-000000000000';

/** An upper bound is a default limit, that is a default request, and what is left takes the lower bound. */
function defaultContainerLimits(item: Draft<LimitRangeItem>): void {
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(limits).length > 0) item.default = limits;
  if (Object.keys(requests).length > 0) item.defaultRequest = requests;
}
