import { age, AGE, formatLabels, NAME, text, wide } from '../../columns.ts';
import type { Service } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';
import { specOf } from './traits.ts';

export const SERVICE_TABLE: Table<Service> = {
  columns: [NAME, text('Type'), text('Cluster-IP'), text('External-IP'), text('Port(s)'), AGE, wide('Selector')],
  cells(service, nowMs) {
    const spec = specOf(service);
    const clusterIP = spec.clusterIPs?.[0] ?? '';
    return [
      service.metadata.name ?? '',
      spec.type ?? '',
      clusterIP === '' ? '<none>' : clusterIP,
      externalIP(service),
      formatPorts(service),
      age(service, nowMs),
      formatLabels(spec.selector),
    ];
  },
};

/** Where it can be reached from outside; `<pending>` for a load balancer that has no address yet. */
function externalIP(service: Service): string {
  const spec = specOf(service);
  const fixed = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return fixed.length > 0 ? fixed.join(',') : '<none>';
    case 'LoadBalancer': {
      const given = (service.status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => (ip === '' ? hostname : ip));
      const status = given.filter((address) => address !== '').join(',');
      if (fixed.length > 0) return status === '' ? fixed.join(',') : `${status},${fixed.join(',')}`;
      return status === '' ? '<pending>' : status;
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

/** `80:30080/TCP,443/TCP` */
function formatPorts(service: Service): string {
  const ports = specOf(service).ports ?? [];
  if (ports.length === 0) return '<none>';
  return ports
    .map(({ port, nodePort = 0, protocol = '' }) => (nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`))
    .join(',');
}
