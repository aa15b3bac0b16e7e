import { age, AGE, NAME, text } from '../../columns.ts';
import type { Ingress, IngressRule } from '../../schema/types/networking/v1.ts';
import type { Table } from '../../table.ts';

export const INGRESS_TABLE: Table<Ingress> = {
  columns: [NAME, text('Class'), text('Hosts'), text('Address'), text('Ports'), AGE],
  cells: (ingress, nowMs) => [
    ingress.metadata.name ?? '',
    ingress.spec?.ingressClassName ?? '<none>',
    hosts(ingress.spec?.rules ?? []),
    addresses(ingress),
    (ingress.spec?.tls ?? []).length > 0 ? '80, 443' : '80',
    age(ingress, nowMs),
  ],
};

const MOST_HOSTS = 3;

/** Rules after the last shown host are counted by how many rules there are, hosts or not. */
function hosts(rules: readonly IngressRule[]): string {
  const shown: string[] = [];
  for (const { host = '' } of rules) {
    if (shown.length === MOST_HOSTS) return `${shown.join(',')} + ${rules.length - MOST_HOSTS} more...`;
    if (host !== '') shown.push(host);
  }
  return shown.length === 0 ? '*' : shown.join(',');
}

function addresses({ status }: Ingress): string {
  const all = (status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => (ip === '' ? hostname : ip));
  return [...new Set(all.filter((address) => address !== ''))].sort().join(',');
}
