/** IP addresses and CIDR blocks. Counterpart: k8s.io/apiserver/pkg/cel/library (ip.go, cidr.go). */
import { formatIP, parseCIDR, parseIP, widthOf, type CIDR, type IPAddress } from '../../net/ip.ts';
import { declare, type Library } from '../environment.ts';
import { CelError, CelOpaque, noSuchOverload, type Value } from '../values.ts';

export class IPValue extends CelOpaque {
  readonly typeName = 'net.IP';
  readonly ip: IPAddress;

  constructor(ip: IPAddress) {
    super();
    this.ip = ip;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof IPValue && other.ip.family === this.ip.family && other.ip.value === this.ip.value;
  }

  override size(): number {
    return widthOf(this.ip) / 8;
  }
}

class CIDRValue extends CelOpaque {
  readonly typeName = 'net.CIDR';
  readonly cidr: CIDR;

  constructor(cidr: CIDR) {
    super();
    this.cidr = cidr;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CIDRValue && textOf(other.cidr) === textOf(this.cidr);
  }

  override size(): number {
    return Math.ceil(this.cidr.prefixLength / 8);
  }
}

/** The strict reader: no leading zeros, no IPv4 in IPv6, no zone. */
function readIP(text: string): IPAddress | { readonly error: string } {
  if (text.includes('%')) return { error: `IP address ${JSON.stringify(text)} with zone value is not allowed` };
  const ip = parseIP(text);
  if (ip === undefined || ip.leadingZeros)
    return { error: `IP Address ${JSON.stringify(text)} parse error during conversion from string: ${ipError(text)}` };
  if (ip.mapped) return { error: `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed` };
  return ip;
}

/** In the words of Go's net/netip. */
function addressProblem(text: string): string {
  if (text.includes(':')) {
    const odd = /[^0-9A-Fa-f:.%]/.exec(text)?.[0];
    return odd === undefined
      ? 'unable to parse IP'
      : `each colon-separated field must have at least one digit (at ${JSON.stringify(text.slice(text.indexOf(odd)))})`;
  }
  if (!text.includes('.')) return 'unable to parse IP';
  const odd = /[^0-9.]/.exec(text);
  if (odd !== null) return `unexpected character (at ${JSON.stringify(text.slice(odd.index))})`;
  const fields = text.split('.');
  for (const [index, field] of fields.entries()) {
    if (field === '')
      return `IPv4 field must have at least one digit (at ${JSON.stringify(text.slice(fields.slice(0, index).join('.').length))})`;
    if (Number(field) > 255) return 'IPv4 field has value >255';
    if (field.length > 1 && field.startsWith('0')) return 'IPv4 field has octet with leading zero';
    if (index > 3) return 'IPv4 address too long';
  }
  return 'IPv4 address too short';
}

function ipError(text: string): string {
  const quoted = JSON.stringify(text);
  return `ParseAddr(${quoted}): ${addressProblem(text)}`;
}

function prefixProblem(text: string): string {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const address = parseIP(text.slice(0, slash));
  if (address === undefined || address.leadingZeros) return ipError(text.slice(0, slash));
  return /^\d+$/.test(text.slice(slash + 1))
    ? 'prefix length out of range'
    : `bad bits after slash: ${JSON.stringify(text.slice(slash + 1))}`;
}

function readCIDR(text: string): CIDR | { readonly error: string } {
  const cidr = parseCIDR(text);
  if (cidr === undefined || cidr.leadingZeros || cidr.address.leadingZeros) {
    const prefix = 'network address parse error during conversion from string: ';
    return { error: `${prefix}${prefix}netip.ParsePrefix(${JSON.stringify(text)}): ${prefixProblem(text)}` };
  }
  if (cidr.address.mapped) return { error: `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed` };
  return cidr;
}

function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw noSuchOverload();
  return value;
}

function ipOf(value: Value | undefined): IPAddress {
  if (value instanceof IPValue) return value.ip;
  const ip = readIP(text(value));
  if ('error' in ip) throw new CelError(ip.error);
  return ip;
}

function cidrOf(value: Value | undefined): CIDR {
  if (value instanceof CIDRValue) return value.cidr;
  const cidr = readCIDR(text(value));
  if ('error' in cidr) throw new CelError(cidr.error);
  return cidr;
}

const textOf = (cidr: CIDR): string => `${formatIP(cidr.address.family, cidr.address.value)}/${cidr.prefixLength}`;

function covers(outer: CIDR, ip: IPAddress): boolean {
  if (outer.address.family !== ip.family) return false;
  const host = BigInt(widthOf(ip) - outer.prefixLength);
  return outer.address.value >> host === ip.value >> host;
}

function inRange(ip: IPAddress, v4: string, v6: string): boolean {
  const cidr = parseCIDR(ip.family === 'IPv4' ? v4 : v6);
  return cidr !== undefined && covers(cidr, ip);
}

function ipTest(name: string, v4: string, v6: string): ReturnType<typeof declare> {
  return declare(name, [`ip_${name}: net.IP.() -> bool`], ([value]) => inRange(ipOf(value), v4, v6));
}

export const IP: Library = {
  functions: [
    declare('ip', ['string_to_ip: (string) -> net.IP', 'cidr_ip: net.CIDR.() -> net.IP'], ([value]) =>
      value instanceof CIDRValue ? new IPValue(value.cidr.address) : new IPValue(ipOf(value)),
    ),
    declare('isIP', ['is_ip: (string) -> bool'], ([value]) => !('error' in readIP(text(value)))),
    declare('ip.isCanonical', ['ip_is_canonical: (string) -> bool'], ([value]) => {
      const ip = ipOf(value);
      return formatIP(ip.family, ip.value) === value;
    }),
    declare('family', ['family: net.IP.() -> int'], ([value]) => (ipOf(value).family === 'IPv4' ? 4n : 6n)),
    ipTest('isUnspecified', '0.0.0.0/32', '::/128'),
    ipTest('isLoopback', '127.0.0.0/8', '::1/128'),
    ipTest('isLinkLocalMulticast', '224.0.0.0/24', 'ff02::/16'),
    ipTest('isLinkLocalUnicast', '169.254.0.0/16', 'fe80::/10'),
    declare('isGlobalUnicast', ['ip_is_global_unicast: net.IP.() -> bool'], ([value]) => {
      const ip = ipOf(value);
      const special = [
        '0.0.0.0/32 ::/128',
        '127.0.0.0/8 ::1/128',
        '224.0.0.0/4 ff00::/8',
        '169.254.0.0/16 fe80::/10',
        '255.255.255.255/32 ::/128',
      ];
      return !special.some((pair) => inRange(ip, pair.split(' ')[0] ?? '', pair.split(' ')[1] ?? ''));
    }),
    declare('string', ['ip_to_string: (net.IP) -> string'], ([value]) => {
      const ip = ipOf(value);
      return formatIP(ip.family, ip.value);
    }),
  ],
};

export const CIDRS: Library = {
  functions: [
    declare('cidr', ['string_to_cidr: (string) -> net.CIDR'], ([value]) => new CIDRValue(cidrOf(value))),
    declare('isCIDR', ['is_cidr: (string) -> bool'], ([value]) => !('error' in readCIDR(text(value)))),
    declare(
      'containsIP',
      ['cidr_contains_ip_string: net.CIDR.(string) -> bool', 'cidr_contains_ip_ip: net.CIDR.(net.IP) -> bool'],
      ([value, other]) => covers(cidrOf(value), ipOf(other)),
    ),
    declare(
      'containsCIDR',
      ['cidr_contains_cidr_string: net.CIDR.(string) -> bool', 'cidr_contains_cidr: net.CIDR.(net.CIDR) -> bool'],
      ([value, other]) => {
        const [outer, inner] = [cidrOf(value), cidrOf(other)];
        return outer.prefixLength <= inner.prefixLength && covers(outer, inner.address);
      },
    ),
    declare('prefixLength', ['cidr_prefix_length: net.CIDR.() -> int'], ([value]) => BigInt(cidrOf(value).prefixLength)),
    declare('masked', ['cidr_masked: net.CIDR.() -> net.CIDR'], ([value]) => {
      const cidr = cidrOf(value);
      const host = BigInt(widthOf(cidr.address) - cidr.prefixLength);
      return new CIDRValue({ ...cidr, address: { ...cidr.address, value: (cidr.address.value >> host) << host } });
    }),
    declare('string', ['cidr_to_string: (net.CIDR) -> string'], ([value]) => textOf(cidrOf(value))),
  ],
};
