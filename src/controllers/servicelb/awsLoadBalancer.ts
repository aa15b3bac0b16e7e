import { fnv1a } from '../../base/fnv.ts';
import type { Service } from '../../api/schema/types/core/v1.ts';

const TYPE = 'service.beta.kubernetes.io/aws-load-balancer-type';
const INTERNAL = 'service.beta.kubernetes.io/aws-load-balancer-internal';
/** A balancer's name may not be longer. */
const MAX_NAME = 32;

/** Whether another controller (the AWS Load Balancer Controller) is to make the balancer; this cloud then does nothing. */
export function isImplementedElsewhere({ metadata }: Service): boolean {
  const type = metadata.annotations?.[TYPE] ?? '';
  return type === 'external' || type === 'nlb-ip';
}

/** Why AWS makes no balancer for the Service, in the words of its cloud provider. */
export function awsRefusal({ metadata, spec = {} }: Service): string | undefined {
  const { sessionAffinity = 'None', ports = [], loadBalancerIP = '' } = spec;
  const isNetwork = metadata.annotations?.[TYPE] === 'nlb';
  if (sessionAffinity !== 'None') return `unsupported load balancer affinity: ${sessionAffinity}`;
  if (ports.length === 0) return 'requested load balancer with no ports';
  for (const { protocol = 'TCP' } of ports) {
    if (protocol !== 'TCP' && !(isNetwork && protocol === 'UDP')) return `protocol ${protocol} not supported by load balancer`;
  }
  return loadBalancerIP === '' ? undefined : 'LoadBalancerIP cannot be specified for AWS ELB';
}

/** Classic: `a3f…-1234567890.us-east-1.elb.amazonaws.com`; network: `a3f…-0123456789abcdef.elb.us-east-1.amazonaws.com`. */
export function awsHostname({ metadata }: Service, region: string): string {
  const { uid = '', annotations = {} } = metadata;
  const name = `a${uid.replaceAll('-', '')}`.slice(0, MAX_NAME);
  if (annotations[TYPE] === 'nlb') {
    const digits = (text: string): string => fnv1a(text).toString(16).padStart(8, '0');
    return `${name}-${digits(uid)}${digits(name)}.elb.${region}.amazonaws.com`;
  }
  const internal = annotations[INTERNAL] ?? '';
  const scope = internal === '' || internal === 'false' ? '' : 'internal-';
  return `${scope}${name}-${String(fnv1a(uid)).padStart(10, '0')}.${region}.elb.amazonaws.com`;
}
