/**
 * Names outside of the cluster, as the servers of the internet would know them. There is no internet in the simulation: every name that
 * could be one of it has an address of the block for benchmarks (198.18.0.0/15), and names that are reserved have none.
 * Invariant: the same name has the same address. Counterpart: public DNS, and what external-dns writes into it.
 */
import { fnv1a } from '../../base/fnv.ts';
import type { DnsMessage, RecordType } from '../../runtime/network.ts';
import { addressesIn } from './records.ts';

/** The block in which names outside have their addresses. */
export const OUTSIDE_BLOCK = '198.18.0.0/15';
const TTL_SECONDS = 300;

/** Ends of names that are sold; a Service's name with a wrong namespace must not look like one. */
const DOMAINS: ReadonlySet<string> = new Set(
  (
    'ai app at au be biz blog br ca cc ch cloud cn co com cz de dev dk edu es eu fi fr gov ie il in info int io it jp kr me mil mx net ' +
    'nl no nz online org page pl pt ru se sg sh shop site store tech tv uk us xyz za'
  ).split(' '),
);

/** `a3f-12.us-east-1.elb.amazonaws.com` has 198.18.x.y or 198.19.x.y. */
export function outsideAddress(name: string): string {
  const hash = fnv1a(name);
  const host = ((hash ^ (hash >>> 15)) >>> 0) % (1 << 17);
  return `198.${18 + (host >>> 16)}.${(host >>> 8) & 255}.${host & 255}`;
}

/** What the cluster has given names outside to: hosts of Ingresses, once they have an address. Undefined: the name is nobody's here. */
export type PublicNames = (name: string) => readonly string[] | undefined;

/** @param name in lower case, without the dot at the end */
export function answerOutside(published: PublicNames, name: string, type: RecordType): DnsMessage {
  const question = { name: `${name}.`, type };
  const message = { authoritative: false, question, authority: [], additional: [] } as const;
  const addresses = addressesOf(published, name);
  if (addresses === undefined || addresses.length === 0) return { ...message, status: 'NXDOMAIN', answers: [] };
  return { ...message, status: 'NOERROR', answers: addressesIn(name, addresses, type, TTL_SECONDS) };
}

function addressesOf(published: PublicNames, name: string): readonly string[] | undefined {
  const given = published(name);
  if (given !== undefined) return given;
  const labels = name.split('.');
  if (labels.length < 2 || labels.includes('')) return undefined;
  return DOMAINS.has(labels.at(-1) ?? '') ? [outsideAddress(name)] : undefined;
}
