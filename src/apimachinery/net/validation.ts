/** What the API server says about texts that should be IP addresses or CIDR blocks. */
import { invalid, type FieldError } from '../field/error.ts';
import type { Path } from '../field/path.ts';
import { formatCIDR, formatIP, networkValue, parseCIDR, parseIP, widthOf, type CIDR, type IPAddress } from './ip.ts';

export const NOT_AN_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const NOT_A_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/**
 * Fields that once accepted odd texts: a text that stood there before the update is still read leniently.
 * @param old the values that the field held before; empty on create
 */
export function validateIP(path: Path, text: string, old: readonly string[] = []): FieldError[] {
  const ip = parseIP(text);
  if (ip === undefined) return [invalid(path, text, NOT_AN_IP)];
  const odd = old.includes(text) ? undefined : oddIP(ip);
  return odd === undefined ? [] : [invalid(path, text, odd)];
}

/** As `validateIP`, for CIDR blocks. */
export function validateCIDR(path: Path, text: string, old: readonly string[] = []): FieldError[] {
  const cidr = parseCIDR(text);
  if (cidr === undefined) return [invalid(path, text, NOT_A_CIDR)];
  const odd = old.includes(text) ? undefined : oddCIDR(cidr);
  return odd === undefined ? [] : [invalid(path, text, odd)];
}

/** Of fields that take an address in its one usual form only; the texts of what is wrong. Counterpart: IsValidIP. */
export function strictIPProblems(text: string): readonly string[] {
  const ip = parseIP(text);
  if (ip === undefined) return [NOT_AN_IP];
  const odd = oddIP(ip) ?? otherThan(text, formatIP(ip.family, ip.value));
  return odd === undefined ? [] : [odd];
}

/** As `strictIPProblems`, for CIDR blocks. Counterpart: IsValidCIDR. */
export function strictCIDRProblems(text: string): readonly string[] {
  const cidr = parseCIDR(text);
  if (cidr === undefined) return [NOT_A_CIDR];
  const odd = oddCIDR(cidr) ?? otherThan(text, formatCIDR(cidr));
  return odd === undefined ? [] : [odd];
}

function oddIP(ip: IPAddress): string | undefined {
  if (ip.leadingZeros) return 'must not have leading 0s';
  return ip.mapped ? 'must not be an IPv4-mapped IPv6 address' : undefined;
}

function oddCIDR(cidr: CIDR): string | undefined {
  if (cidr.leadingZeros || cidr.address.leadingZeros) return 'must not have leading 0s in IP or prefix length';
  if (cidr.address.mapped) return 'must not have an IPv4-mapped IPv6 address';
  return networkValue(cidr) === cidr.address.value ? undefined : 'must not have bits set beyond the prefix length';
}

function otherThan(text: string, usual: string): string | undefined {
  return text === usual ? undefined : `must be in canonical form (${JSON.stringify(usual)})`;
}

/** Addresses that name no other machine may not be where traffic is sent: unspecified, loopback, link-local. */
export function validateNonSpecialIP(path: Path, text: string): FieldError[] {
  const ip = parseIP(text);
  if (ip === undefined) return [invalid(path, text, 'must be a valid IP address')];
  const errors: FieldError[] = [];
  if (ip.value === 0n) errors.push(invalid(path, text, `may not be unspecified (${text})`));
  if (within(ip, 0x7fn, 8, 1n, 128)) errors.push(invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (within(ip, 0xa9fen, 16, 0x3fan, 10))
    errors.push(invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  if (within(ip, 0xe00000n, 24, 0xff02n, 16)) {
    errors.push(invalid(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
  }
  return errors;
}

/** Warnings about addresses that are accepted but written in an unusual way. */
export function ipWarnings(path: Path, text: string): readonly string[] {
  const ip = parseIP(text);
  if (ip === undefined) return [];
  const usual = formatIP(ip.family, ip.value);
  if (ip.leadingZeros || ip.mapped) return [`${path.toString()}: non-standard IP address "${text}" is invalid: use "${usual}"`];
  if (ip.family === 'IPv6' && usual !== text) {
    return [`${path.toString()}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${usual}")`];
  }
  return [];
}

/** As `ipWarnings`, for CIDR blocks. */
export function cidrWarnings(path: Path, text: string): readonly string[] {
  const cidr = parseCIDR(text);
  if (cidr === undefined) return [];
  const warnings: string[] = [];
  const usual = formatCIDR(cidr);
  const address = formatIP(cidr.address.family, cidr.address.value);
  if (networkValue(cidr) !== cidr.address.value) {
    const single = `${address}/${widthOf(cidr.address)}`;
    warnings.push(`${path.toString()}: CIDR value "${text}" is ambiguous in this context (should be "${usual}" or "${single}"?)`);
  }
  const written = `${address}/${cidr.prefixLength}`;
  if (cidr.leadingZeros || cidr.address.leadingZeros || cidr.address.mapped) {
    warnings.push(`${path.toString()}: non-standard CIDR value "${text}" is invalid: use "${usual}"`);
  } else if (cidr.address.family === 'IPv6' && written !== text) {
    warnings.push(`${path.toString()}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${written}")`);
  }
  return warnings;
}

/** Whether the leading bits of the address are those of the IPv4 or the IPv6 block. */
function within(ip: IPAddress, four: bigint, fourBits: number, six: bigint, sixBits: number): boolean {
  return ip.family === 'IPv4' ? ip.value >> BigInt(32 - fourBits) === four : ip.value >> BigInt(128 - sixBits) === six;
}
