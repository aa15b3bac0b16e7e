import type { Pod } from '../../api/schema/types/core/v1.ts';

/** Why Fargate does not run a Pod; undefined: it does. */
export function unsupported({ metadata, spec }: Pod): string | undefined {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const fields = [
    ...(spec?.hostNetwork === true ? ['HostNetwork'] : []),
    ...(spec?.hostPID === true ? ['HostPID'] : []),
    ...(spec?.hostIPC === true ? ['HostIPC'] : []),
    ...(containers.some(({ ports }) => (ports ?? []).some(({ hostPort = 0 }) => hostPort !== 0)) ? ['HostPort'] : []),
  ];
  const problem = (text: string): string => `Pod not supported on Fargate: ${text}`;
  if (fields.length > 0) return problem(`fields not supported: ${fields.join(', ')}`);
  if (containers.some(({ securityContext }) => securityContext?.privileged === true))
    return problem('invalid SecurityContext fields: Privileged');
  const volumes = (spec?.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  if (volumes.length > 0)
    return problem(`volumes not supported: ${volumes.map((name) => `${name} is of an unsupported volume Type`).join(', ')}`);
  const isDaemon = (metadata.ownerReferences ?? []).some(({ kind, controller }) => kind === 'DaemonSet' && controller === true);
  return isDaemon ? problem('DaemonSet not supported') : undefined;
}
