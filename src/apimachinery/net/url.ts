/**
 * URLs as the API server reads them, with its words for what is wrong.
 * Counterpart: Go's net/url.Parse.
 */
import { quote } from '../field/quote.ts';

export interface ParsedURL {
  /** In lower case; empty where there is none. */
  readonly scheme: string;
  /** With the port; empty where there is none. */
  readonly host: string;
  /** `name:password`, escaped anew; undefined where there is none. */
  readonly user?: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

/** The parts, or the text of what is wrong: `parse "x y:": first path segment in URL cannot contain colon`. */
export function parseURL(text: string): ParsedURL | { readonly error: string } {
  const hash = text.indexOf('#');
  const beforeHash = hash < 0 ? text : text.slice(0, hash);
  const parsed = parse(beforeHash);
  if (typeof parsed === 'string') return { error: `parse ${quote(beforeHash)}: ${parsed}` };
  const fragment = hash < 0 ? '' : text.slice(hash + 1);
  const bad = badEscape(fragment);
  if (bad !== undefined) return { error: `parse ${quote(text)}: ${bad}` };
  return { ...parsed, fragment: unescape(fragment) };
}

/** What stands in a request: a URL with a scheme, or a path from the root; without a fragment. Go's url.ParseRequestURI. */
export function parseRequestURI(text: string): ParsedURL | { readonly error: string } {
  if (text === '') return { error: 'parse "": empty url' };
  const parsed = text.startsWith('//') ? { scheme: '', host: '', path: text, rawQuery: '' } : parse(text);
  const isRelative = typeof parsed === 'object' && parsed.scheme === '' && !text.startsWith('/') && text !== '*';
  const problem = isRelative ? 'invalid URI for request' : parsed;
  return typeof problem === 'string' ? { error: `parse ${quote(text)}: ${problem}` } : { ...problem, fragment: '' };
}

type Parts = Omit<ParsedURL, 'fragment'>;

function parse(text: string): Parts | string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '*') return { scheme: '', host: '', path: '*', rawQuery: '' };
  const split = splitScheme(text);
  if (split === undefined) return 'missing protocol scheme';
  const [scheme, afterScheme] = split;
  const mark = afterScheme.indexOf('?');
  const rawQuery = mark < 0 ? '' : afterScheme.slice(mark + 1);
  const rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  if (!rest.startsWith('/')) {
    // What follows a scheme without a slash is opaque: neither host nor path.
    if (scheme !== '') return { scheme, host: '', path: '', rawQuery };
    if ((rest.split('/')[0] ?? '').includes(':')) return 'first path segment in URL cannot contain colon';
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) {
    const bad = badEscape(rest);
    return bad ?? { scheme, host: '', path: unescape(rest), rawQuery };
  }
  const slash = rest.indexOf('/', 2);
  const authority = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  if (typeof authority === 'string') return authority;
  const path = slash < 0 ? '' : rest.slice(slash);
  return badEscape(path) ?? { scheme, ...authority, path: unescape(path), rawQuery };
}

/** Undefined for a text that begins with a colon. */
function splitScheme(text: string): readonly [scheme: string, rest: string] | undefined {
  const match = /^[A-Za-z][-+.A-Za-z0-9]*:/.exec(text);
  if (match !== null) return [match[0].slice(0, -1).toLowerCase(), text.slice(match[0].length)];
  return text.startsWith(':') ? undefined : ['', text];
}

function parseAuthority(text: string): { readonly host: string; readonly user?: string } | string {
  const at = text.lastIndexOf('@');
  const host = parseHost(text.slice(at + 1));
  if (typeof host === 'string') return host;
  if (at < 0) return host;
  const user = text.slice(0, at);
  if (!/^[-._:~!$&'()*+,;=%@A-Za-z0-9]*$/.test(user)) return 'net/url: invalid userinfo';
  const bad = badEscape(user);
  if (bad !== undefined) return bad;
  const colon = user.indexOf(':');
  const parts = colon < 0 ? [user] : [user.slice(0, colon), user.slice(colon + 1)];
  return { ...host, user: parts.map((part) => encodeUser(unescape(part))).join(':') };
}

function parseHost(host: string): { readonly host: string } | string {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) return "missing ']' in host";
    const port = host.slice(end + 1);
    if (!isOptionalPort(port)) return `invalid port ${quote(port)} after host`;
  } else {
    const colon = host.indexOf(':');
    const port = colon < 0 ? '' : host.slice(colon);
    if (!isOptionalPort(port)) return `invalid port ${quote(port)} after host`;
  }
  for (let index = 0; index < host.length; index++) {
    const character = host.charAt(index);
    if (character === '%') {
      // Only what is no ASCII may be escaped in a host, and the sign before a zone.
      const escape = host.slice(index, index + 3);
      if (!/^%[0-9A-Fa-f]{2}$/.test(escape) || (/^%[0-7]/.test(escape) && escape !== '%25')) return `invalid URL escape ${quote(escape)}`;
      index += 2;
    } else if (character < '\u0080' && !/[-A-Za-z0-9_.~!$&'()*+,;=:[\]<>"]/.test(character)) {
      return `invalid character ${quote(character)} in host name`;
    }
  }
  return { host: unescape(host) };
}

function isOptionalPort(port: string): boolean {
  return /^(:[0-9]*)?$/.test(port);
}

/** The first percent sign that two hexadecimal digits do not follow. */
function badEscape(text: string): string | undefined {
  const match = /%(?![0-9A-Fa-f]{2}).{0,2}/su.exec(text);
  return match === null ? undefined : `invalid URL escape ${quote(match[0])}`;
}

function unescape(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let index = 0; index < text.length; index++) {
    if (text.charAt(index) === '%') {
      bytes.push(Number.parseInt(text.slice(index + 1, index + 3), 16));
      index += 2;
    } else {
      const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
      bytes.push(...encoder.encode(character));
      index += character.length - 1;
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function encodeUser(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[-A-Za-z0-9_.~$&+,;=]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
