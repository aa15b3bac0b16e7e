/**
 * Load: requests that clients send, as an object. Deleting it, or the end of its duration, ends them.
 * Invariant: what is sent follows from the object and the time; what becomes of it, from the network and the Pods.
 * Counterpart: none in Kubernetes; load generators run beside a cluster.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { LOADS, type Load, type LoadRate, type LoadTarget } from './types.ts';
import { validateLoad } from './validation.ts';

export const LOAD_STRATEGY: Strategy<Load> = {
  resource: LOADS,
  singular: 'load',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(load) {
    delete load.status;
  },
  validate: validateLoad,
  validateUpdate: validateLoad,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Target'), text('Rate'), text('Phase'), integer('Sent'), integer('Failed'), text('P90'), AGE],
    cells: (load, nowMs) => [
      load.metadata.name ?? '',
      targetText(load.spec?.target),
      rateText(load.spec?.rate),
      load.status?.phase ?? 'Pending',
      load.status?.sent ?? 0,
      load.status?.failed ?? 0,
      load.status?.latency?.p90 ?? '<none>',
      age(load, nowMs),
    ],
  },
};

/** `service default/web:80/cart`, or the URL. */
export function targetText({ service, url }: LoadTarget = {}): string {
  if (service === undefined) return url ?? '';
  const { namespace = 'default', name, port, path = '' } = service;
  return `service ${namespace}/${name}${port === undefined ? '' : `:${port}`}${path === '/' ? '' : path}`;
}

/** `100/s`, `Ramp 100-400/s`. */
function rateText(rate: LoadRate | undefined): string {
  if (rate === undefined) return '';
  const { shape = 'Constant', requestsPerSecond, peak } = rate;
  return shape === 'Constant' ? `${requestsPerSecond}/s` : `${shape} ${requestsPerSecond}-${peak ?? requestsPerSecond}/s`;
}
