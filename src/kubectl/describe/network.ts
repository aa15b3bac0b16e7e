/** What leads to Pods: Services with the endpoints that they have now, and the rules of an Ingress. */
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { formatLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import type { Service, ServicePort } from '../../api/schema/types/core/v1.ts';
import type { Ingress, IngressBackend } from '../../api/schema/types/networking/v1.ts';
import { send, type Rest } from '../rest.ts';
import { aligned, entries } from './tabs.ts';

const SHOWN = 3;

export async function describeService(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as Service;
  const slices = await slicesOf(rest, metadata.namespace ?? '', metadata.name ?? '');
  const some = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined || value === '' || value === 0 ? [] : [`${name}:\t${value}`];
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname = '', ipMode }) =>
    ip === undefined ? hostname : `${ip}${ipMode === undefined ? '' : ` (${ipMode})`}`,
  );
  const affinity = spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    `Selector:\t${spec?.selector === undefined ? '<none>' : formatLabelSelector({ matchLabels: spec.selector })}`,
    `Type:\t${spec?.type ?? ''}`,
    ...some('IP Family Policy', spec?.ipFamilyPolicy),
    `IP Families:\t${spec?.ipFamilies?.join(',') ?? '<none>'}`,
    `IP:\t${spec?.clusterIP ?? ''}`,
    `IPs:\t${spec?.clusterIPs?.join(',') ?? '<none>'}`,
    ...some('External IPs', spec?.externalIPs?.join(',')),
    ...some('Desired LoadBalancer IP', spec?.loadBalancerIP),
    ...some('External Name', spec?.externalName),
    ...some('LoadBalancer Ingress', ingress.join(', ')),
    ...(spec?.ports ?? []).flatMap((port) => portLines(port, slices)),
    `Session Affinity:\t${spec?.sessionAffinity ?? ''}`,
    ...some('  Timeout Seconds', spec?.sessionAffinity === 'ClientIP' ? affinity : undefined),
    ...some('External Traffic Policy', spec?.externalTrafficPolicy),
    ...some('Internal Traffic Policy', spec?.internalTrafficPolicy),
    ...some('Traffic Distribution', spec?.trafficDistribution),
    ...some('HealthCheck NodePort', spec?.healthCheckNodePort),
    ...some('LoadBalancer Source Ranges', spec?.loadBalancerSourceRanges?.join(',')),
  ]);
}

function portLines({ name = '', port, protocol = 'TCP', targetPort = port, nodePort = 0 }: ServicePort, slices: readonly EndpointSlice[]) {
  const shown = name === '' ? '<unset>' : name;
  return [
    `Port:\t${shown}\t${port}/${protocol}`,
    `TargetPort:\t${targetPort}/${protocol}`,
    ...(nodePort === 0 ? [] : [`NodePort:\t${shown}\t${nodePort}/${protocol}`]),
    `Endpoints:\t${endpoints(slices, name)}`,
  ];
}

/** `10.244.1.2:80,10.244.3.2:80 + 2 more...`, of the ready ones. */
function endpoints(slices: readonly EndpointSlice[], portName: string): string {
  const all = slices.flatMap(({ endpoints: list, ports, addressType }) => {
    const port = ports?.find(({ name = '' }) => name === portName)?.port;
    const ready = (list ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return ready.map(({ addresses: [address = ''] }) => {
      const host = addressType === 'IPv6' ? `[${address}]` : address;
      return port === undefined ? host : `${host}:${port}`;
    });
  });
  const more = all.length - SHOWN;
  return `${all.slice(0, SHOWN).join(',')}${more > 0 ? ` + ${more} more...` : ''}`;
}

export async function describeIngress(rest: Rest, object: UnknownObject): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as Ingress;
  const { namespace = '' } = metadata;
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  const rules: string[] = [];
  for (const { host, http } of spec?.rules ?? []) {
    rules.push(`  ${host === undefined || host === '' ? '*' : host}\t`);
    for (const { path = '', backend } of http?.paths ?? []) rules.push(`  \t${path} \t${await backendText(rest, namespace, backend)}`);
  }
  const all = spec?.defaultBackend;
  if (rules.length === 0) rules.push(`  *\t*\t${all === undefined ? '<default>' : await backendText(rest, namespace, all)}`);
  const tls = (spec?.tls ?? []).map(({ secretName, hosts = [] }) =>
    secretName === undefined ? `  SNI routes ${hosts.join(',')}` : `  ${secretName} terminates ${hosts.join(',')}`,
  );
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    ...entries('Labels', metadata.labels),
    `Namespace:\t${namespace}`,
    `Address:\t${addresses.join(',')}`,
    `Ingress Class:\t${spec?.ingressClassName ?? '<none>'}`,
    `Default backend:\t${all === undefined ? '<default>' : await backendText(rest, namespace, all)}`,
    ...(tls.length === 0 ? [] : ['TLS:', ...tls]),
    'Rules:',
    '  Host\tPath\tBackends',
    '  ----\t----\t--------',
    ...rules,
    ...entries('Annotations', metadata.annotations, ': '),
  ]);
}

/** `web:80 (10.244.1.2:80,10.244.3.2:80)` */
async function backendText(rest: Rest, namespace: string, { service, resource }: IngressBackend): Promise<string> {
  if (service === undefined)
    return resource === undefined ? '' : `APIGroup: ${resource.apiGroup ?? ''}, Kind: ${resource.kind}, Name: ${resource.name}`;
  const { name, port } = service;
  const wanted = port?.name ?? String(port?.number ?? '');
  const answer = await send(rest, {
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`,
  });
  if (!answer.ok) return `${name}:${wanted} (<error: services "${name}" not found>)`;
  const ports = (answer.value as unknown as Service).spec?.ports ?? [];
  const found = ports.find((one) => (port?.name === undefined ? one.port === port?.number : one.name === port.name));
  return `${name}:${wanted} (${endpoints(await slicesOf(rest, namespace, name), found?.name ?? '')})`;
}

async function slicesOf(rest: Rest, namespace: string, service: string): Promise<readonly EndpointSlice[]> {
  const answer = await send(rest, {
    method: 'GET',
    path: `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`,
    query: { labelSelector: `kubernetes.io/service-name=${service}` },
  });
  return answer.ok ? ((answer.value['items'] ?? []) as readonly EndpointSlice[]) : [];
}
