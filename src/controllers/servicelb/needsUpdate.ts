import { jsonEqual } from '../../base/json.ts';
import type { Service } from '../../api/schema/types/core/v1.ts';

export const CLEANUP_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

/** Whether the cloud is to make a balancer: a class names somebody else. */
export function wantsLoadBalancer({ spec }: Service): boolean {
  return spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
}

/** Whether the cloud may still have a balancer that the Service wants no more. */
export function needsCleanup(service: Service): boolean {
  if (service.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true) return false;
  return service.metadata.deletionTimestamp !== undefined || !wantsLoadBalancer(service);
}

/** What a change means for the balancer; some changes are told by an event of their own. */
export interface Update {
  readonly event?: { readonly reason: string; readonly message: string };
}

/** Undefined: the balancer is right as it is. */
export function needsUpdate(before: Service, after: Service): Update | undefined {
  const [wanted, wants] = [wantsLoadBalancer(before), wantsLoadBalancer(after)];
  if (!wanted && !wants) return undefined;
  const [old, now] = [before.spec ?? {}, after.spec ?? {}];
  if (wanted !== wants) return told('Type', old.type, now.type);
  const ranges = (list: readonly string[] = []): string => `[${list.join(' ')}]`;
  if (!jsonEqual(old.loadBalancerSourceRanges ?? [], now.loadBalancerSourceRanges ?? []))
    return told('LoadBalancerSourceRanges', ranges(old.loadBalancerSourceRanges), ranges(now.loadBalancerSourceRanges));
  if (!jsonEqual(portsOf(before), portsOf(after)) || old.sessionAffinity !== now.sessionAffinity) return {};
  if (!jsonEqual(old.sessionAffinityConfig ?? {}, now.sessionAffinityConfig ?? {})) return {};
  if (old.loadBalancerIP !== now.loadBalancerIP) return told('LoadbalancerIP', old.loadBalancerIP, now.loadBalancerIP);
  const [oldIPs, nowIPs] = [old.externalIPs ?? [], now.externalIPs ?? []];
  if (oldIPs.length !== nowIPs.length) return told('ExternalIP', `Count: ${oldIPs.length}`, String(nowIPs.length));
  const added = nowIPs.find((ip, index) => ip !== oldIPs[index]);
  if (added !== undefined) return { event: { reason: 'ExternalIP', message: `Added: ${added}` } };
  if (!jsonEqual(before.metadata.annotations ?? {}, after.metadata.annotations ?? {})) return {};
  if (before.metadata.uid !== after.metadata.uid) return told('UID', before.metadata.uid, after.metadata.uid);
  if (old.externalTrafficPolicy !== now.externalTrafficPolicy)
    return told('ExternalTrafficPolicy', old.externalTrafficPolicy, now.externalTrafficPolicy);
  if (old.healthCheckNodePort !== now.healthCheckNodePort)
    return told('HealthCheckNodePort', String(old.healthCheckNodePort ?? 0), String(now.healthCheckNodePort ?? 0));
  return undefined;
}

function told(reason: string, before = '', after = ''): Update {
  return { event: { reason, message: `${before} -> ${after}` } };
}

/** What of the ports a balancer has to do with; where Pods listen is not its business. */
function portsOf({ spec }: Service): readonly Record<string, string | number>[] {
  return (spec?.ports ?? []).map(({ name = '', protocol = '', port, nodePort = 0 }) => ({ name, protocol, port, nodePort }));
}
