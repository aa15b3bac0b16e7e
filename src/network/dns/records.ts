import type { Endpoint, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { familyOf } from '../../apimachinery/net/ip.ts';
import type { DnsRecord, RecordType } from '../../runtime/network.ts';

/** What a zone has for a name and type. `exists` without answers: the name is there, but nothing of this type. */
export interface Found {
  readonly exists: boolean;
  readonly answers: readonly DnsRecord[];
  readonly additional?: readonly DnsRecord[];
}

export const NOTHING: Found = { exists: false, answers: [] };
export const NODATA: Found = { exists: true, answers: [] };

/** A or AAAA records of the addresses of that family; nothing for other types. */
export function addressesIn(name: string, addresses: readonly string[], type: RecordType, ttlSeconds = 30): readonly DnsRecord[] {
  const family = type === 'A' ? 'IPv4' : type === 'AAAA' ? 'IPv6' : undefined;
  if (family === undefined) return [];
  return addresses.filter((address) => familyOf(address) === family).map((data) => ({ name: `${name}.`, type, ttlSeconds, data }));
}

/** `10.1.2.3` is 10-1-2-3 in a name, `fd00::1` is fd00--1. */
export function dashed(address: string): string {
  return address.replaceAll(/[.:]/g, '-');
}

/** The address that a label with dashes means. */
export function addressOfDashes(label: string): string | undefined {
  const four = label.replaceAll('-', '.');
  if (familyOf(four) === 'IPv4') return four;
  const six = label.replaceAll('-', ':');
  return familyOf(six) === 'IPv6' ? six : undefined;
}

const FOUR = '.in-addr.arpa';
const SIX = '.ip6.arpa';

export function isReverse(name: string): boolean {
  return name.endsWith(FOUR) || name.endsWith(SIX);
}

/** The address of a name for the way back: `3.2.1.10.in-addr.arpa` is 10.1.2.3; of IPv6 in full, `fd00:0000:…`. */
export function addressOfReverse(name: string): string | undefined {
  if (name.endsWith(FOUR)) {
    const address = name.slice(0, -FOUR.length).split('.').toReversed().join('.');
    return familyOf(address) === 'IPv4' ? address : undefined;
  }
  const digits = name.slice(0, -SIX.length).split('.').toReversed().join('');
  return /^[0-9a-f]{32}$/.test(digits) ? (digits.match(/.{4}/g) ?? []).join(':') : undefined;
}

/** The name under which the way back from an address is found. */
export function reverseName(address: string): string {
  return `${address.split('.').toReversed().join('.')}${FOUR}`;
}

export function readyEndpoints({ endpoints, addressType }: EndpointSlice): readonly Endpoint[] {
  return addressType === 'FQDN' ? [] : (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
}

/** The name of an endpoint within its Service: what its Pod is called there, else its address with dashes. */
export function hostOf({ hostname, addresses }: Endpoint): string {
  return hostname ?? dashed(addresses[0] ?? '');
}
