/** Counterpart: k8s.io/apiserver/pkg/cel/library/semverlib.go. */
import { declare, type Library } from '../environment.ts';
import { CelError, CelOpaque, noSuchOverload, type Value } from '../values.ts';

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
}

class SemverValue extends CelOpaque {
  readonly typeName = 'kubernetes.Semver';
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof SemverValue && compare(this.version, other.version) === 0;
  }
}

const PATTERN =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

function parse(text: string): Version | { readonly error: string } {
  const parts = PATTERN.exec(text);
  const pre = parts?.[4]?.split('.') ?? [];
  if (parts === null) return { error: parseError(text) };
  if (pre.some((item) => /^0\d+$/.test(item)))
    return {
      error: `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(pre.find((item) => /^0\d+$/.test(item)))}`,
    };
  return { numbers: [BigInt(parts[1] ?? 0), BigInt(parts[2] ?? 0), BigInt(parts[3] ?? 0)], pre };
}

function parseError(text: string): string {
  if (text === '') return 'Version string empty';
  const parts = text.split('.');
  if (parts.length < 3) return 'No Major.Minor.Patch elements found';
  for (const [index, name] of ['Major', 'Minor'].entries()) {
    const part = parts[index] ?? '';
    if (!/^\d+$/.test(part)) return `Invalid character(s) found in ${name.toLowerCase()} number ${JSON.stringify(part)}`;
    if (part.length > 1 && part.startsWith('0')) return `${name} number must not contain leading zeroes ${JSON.stringify(part)}`;
  }
  return `Invalid character(s) found in patch number ${JSON.stringify(parts.slice(2).join('.'))}`;
}

/** `v1.2` becomes `1.2.0`; leading zeros go. */
function normalise(text: string): string {
  const [, main = '', rest = ''] = /^v?([^-+]*)(.*)$/.exec(text) ?? [];
  const parts = main.split('.').map((part) => (/^0+\d/.test(part) ? part.replace(/^0+(?=\d)/, '') : part));
  if (parts.length < 3 && rest !== '') return text;
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function read(args: readonly Value[]): Version | { readonly error: string } {
  const [text, normalised] = args;
  if (typeof text !== 'string') throw noSuchOverload();
  return parse(normalised === true ? normalise(text) : text);
}

function compare(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    if (left.numbers[index] !== right.numbers[index]) return left.numbers[index] > right.numbers[index] ? 1 : -1;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return Number(left.pre.length === 0) - Number(right.pre.length === 0);
  for (let index = 0; index < Math.min(left.pre.length, right.pre.length); index++) {
    const order = comparePre(left.pre[index] ?? '', right.pre[index] ?? '');
    if (order !== 0) return order;
  }
  return Math.sign(left.pre.length - right.pre.length);
}

function comparePre(left: string, right: string): number {
  const [a, b] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (a !== b) return a ? -1 : 1;
  if (a) return BigInt(left) === BigInt(right) ? 0 : BigInt(left) > BigInt(right) ? 1 : -1;
  return left === right ? 0 : left > right ? 1 : -1;
}

/** A version that an object holds. @throws CelError */
export function semverValue(text: string): CelOpaque {
  const version = parse(text);
  if ('error' in version) throw new CelError(version.error);
  return new SemverValue(version);
}

function of(value: Value | undefined): Version {
  if (!(value instanceof SemverValue)) throw noSuchOverload();
  return value.version;
}

export const SEMVER: Library = {
  functions: [
    declare(
      'semver',
      ['string_to_semver: (string) -> kubernetes.Semver', 'string_bool_to_semver: (string, bool) -> kubernetes.Semver'],
      (args) => {
        const version = read(args);
        if ('error' in version) throw new CelError(version.error);
        return new SemverValue(version);
      },
    ),
    declare(
      'isSemver',
      ['is_semver_string: (string) -> bool', 'is_semver_string_bool: (string, bool) -> bool'],
      (args) => !('error' in read(args)),
    ),
    declare(
      'isGreaterThan',
      ['semver_is_greater_than: kubernetes.Semver.(kubernetes.Semver) -> bool'],
      ([a, b]) => compare(of(a), of(b)) > 0,
    ),
    declare('isLessThan', ['semver_is_less_than: kubernetes.Semver.(kubernetes.Semver) -> bool'], ([a, b]) => compare(of(a), of(b)) < 0),
    declare('compareTo', ['semver_compare_to: kubernetes.Semver.(kubernetes.Semver) -> int'], ([a, b]) => BigInt(compare(of(a), of(b)))),
    declare('major', ['semver_major: kubernetes.Semver.() -> int'], ([value]) => of(value).numbers[0]),
    declare('minor', ['semver_minor: kubernetes.Semver.() -> int'], ([value]) => of(value).numbers[1]),
    declare('patch', ['semver_patch: kubernetes.Semver.() -> int'], ([value]) => of(value).numbers[2]),
  ],
};
