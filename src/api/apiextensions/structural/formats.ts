/**
 * The formats that schemas can ask of texts.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go and kube-openapi's strfmt.
 */
import { parseCIDR, parseIP } from '../../../apimachinery/net/ip.ts';
import { parseRequestURI } from '../../../apimachinery/net/url.ts';
import { parseGoDuration, parseRfc3339 } from '../../../apimachinery/cel/std/time.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';

const hex = (pattern: string): RegExp => new RegExp(pattern, 'i');
const UUID = hex('^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$');
const UUID3 = hex('^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$');
const UUID4 = hex('^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$');
const UUID5 = hex('^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$');
const HOSTNAME =
  /^([a-zA-Z0-9\p{L}\p{N}](?:[a-zA-Z0-9\-\p{L}\p{N}]{0,61}[a-zA-Z0-9\p{L}\p{N}])?)(?:\.[a-zA-Z0-9\p{L}\p{N}](?:[a-zA-Z0-9\-\p{L}\p{N}]{0,61}[a-zA-Z0-9\p{L}\p{N}])?)*(?:\.[a-zA-Z\p{L}]{2,63})?$/u;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const DATE_TIME = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/;
const DURATION_PART = /(\d+)\s*([A-Za-zµ]+)/g;
const DURATION_UNITS: ReadonlySet<string> = new Set(
  'ns nano nanosecond us µs micro microsecond ms milli millisecond s sec second m min minute h hr hour d day w wk week'
    .split(' ')
    .flatMap((unit) => [unit, `${unit}s`]),
);
const EMAIL = /^(?:[^\s@<>"(),:;[\]\\]+|"[^"]+")@[^\s@<>"(),:;\\]+$/;

const isDate = (text: string): boolean => parseRfc3339(`${text}T00:00:00Z`) !== undefined;

function isDateTime(text: string): boolean {
  const [date, time, ...more] = text.toLowerCase().split('t');
  if (date === undefined || time === undefined || more.length > 0 || !isDate(date)) return false;
  const parts = DATE_TIME.exec(time);
  return parts !== null && (parts[1] ?? '') <= '23' && (parts[2] ?? '') <= '59' && (parts[3] ?? '') <= '59';
}

function isDuration(text: string): boolean {
  if (parseGoDuration(text) !== undefined) return true;
  const parts = [...text.matchAll(DURATION_PART)];
  return parts.length > 0 && parts.every(([, , unit = '']) => DURATION_UNITS.has(unit.toLowerCase()));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isISBN(text: string, length: 10 | 13): boolean {
  const digits = text.replaceAll(/[\s-]+/g, '');
  if (length === 10) {
    if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false;
    return [...digits].reduce((sum, digit, index) => sum + (index + 1) * (digit === 'X' ? 10 : Number(digit)), 0) % 11 === 0;
  }
  if (!/^[0-9]{13}$/.test(digits)) return false;
  return [...digits].reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: (text) => !('error' in parseRequestURI(text)),
  email: (text) => EMAIL.test(text) || /^[^<>]*<[^\s@<>]+@[^\s@<>]+>$/.test(text),
  hostname: (text) => text.length > 0 && text.length <= 255 && HOSTNAME.test(text),
  ipv4: (text) => !text.includes(':') && parseIP(text) !== undefined,
  ipv6: (text) => text.includes(':') && parseIP(text) !== undefined,
  cidr: (text) => parseCIDR(text) !== undefined,
  mac: (text) => /^(?:[0-9a-fA-F]{2}([:-]))(?:[0-9a-fA-F]{2}\1){4,18}[0-9a-fA-F]{2}$|^(?:[0-9a-fA-F]{4}\.){2,9}[0-9a-fA-F]{4}$/.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID3.test(text),
  uuid4: (text) => UUID4.test(text),
  uuid5: (text) => UUID5.test(text),
  isbn: (text) => isISBN(text, 10) || isISBN(text, 13),
  isbn10: (text) => isISBN(text, 10),
  isbn13: (text) => isISBN(text, 13),
  creditcard: (text) => /^[0-9]{13,19}$/.test(text.replaceAll(/[\s-]+/g, '')) && passesLuhn(text.replaceAll(/[\s-]+/g, '')),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => /^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*(,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*){2}\)$/.test(text),
  byte: (text) => BASE64.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => isDNS1123Label(text).length === 0,
  k8slongname: (text) => isDNS1123Subdomain(text).length === 0,
};

/** Formats of numbers: recognised, and checked with the type. */
const NUMERIC: Readonly<Record<string, readonly string[]>> = { integer: ['int32', 'int64'], number: ['float', 'double'] };

/** How a format judges a text; undefined if nobody knows the format. Dashes in the name do not count. */
export function formatRule(format: string): ((text: string) => boolean) | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}

/** Whether a format means something for a type; others are passed over, with a warning when the schema is written. */
export function isRecognisedFormat(type: string | undefined, format: string): boolean {
  if (type === undefined || type === '' || type === 'string') return formatRule(format) !== undefined;
  return NUMERIC[type]?.includes(format) === true;
}
