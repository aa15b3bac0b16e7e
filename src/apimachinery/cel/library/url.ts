/** Counterpart: k8s.io/apiserver/pkg/cel/library/urls.go. */
import { declare, type Library } from '../environment.ts';
import { parseRequestURI, type ParsedURL } from '../../net/url.ts';
import { CelError, CelOpaque, MapValue, noSuchOverload, type Value } from '../values.ts';

class UrlValue extends CelOpaque {
  readonly typeName = 'kubernetes.URL';
  readonly text: string;
  readonly url: ParsedURL;

  constructor(text: string, url: ParsedURL) {
    super();
    this.text = text;
    this.url = url;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof UrlValue && other.text === this.text;
  }
}

function of(value: Value | undefined): UrlValue {
  if (!(value instanceof UrlValue)) throw noSuchOverload();
  return value;
}

/** An absolute URL, or a path from the root. */
function parse(value: Value | undefined): ParsedURL | { readonly error: string } {
  if (typeof value !== 'string') throw noSuchOverload();
  return parseRequestURI(value);
}

/** `host:port` apart; brackets of an IPv6 address do not count. */
function hostParts({ url }: UrlValue): { readonly hostname: string; readonly port: string } {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(url.host) ?? [];
  return { hostname: bracketed ?? plain ?? '', port };
}

/** The path as it was written, with what must be escaped escaped. */
function escapedPath({ text, url }: UrlValue): string {
  const written = text.replace(/^[A-Za-z][-+.A-Za-z0-9]*:/, '').replace(/\?.*$/s, '');
  const path = written.startsWith('//') && url.host !== '' ? written.slice(2 + written.slice(2).search(/\/|$/)) : written;
  return path.replaceAll(/[^A-Za-z0-9\-._~%/$&+,:;=@!'()*[\]]/g, (character) => encodeURIComponent(character));
}

export const URLS: Library = {
  functions: [
    declare('url', ['string_to_url: (string) -> kubernetes.URL'], ([value]) => {
      const url = parse(value);
      if ('error' in url) throw new CelError(`URL parse error during conversion from string: ${url.error}`);
      return new UrlValue(value as string, url);
    }),
    declare('isURL', ['is_url_string: (string) -> bool'], ([value]) => !('error' in parse(value))),
    declare('getScheme', ['url_get_scheme: kubernetes.URL.() -> string'], ([value]) => of(value).url.scheme),
    declare('getHost', ['url_get_host: kubernetes.URL.() -> string'], ([value]) => of(value).url.host),
    declare('getHostname', ['url_get_hostname: kubernetes.URL.() -> string'], ([value]) => hostParts(of(value)).hostname),
    declare('getPort', ['url_get_port: kubernetes.URL.() -> string'], ([value]) => hostParts(of(value)).port),
    declare('getEscapedPath', ['url_get_escaped_path: kubernetes.URL.() -> string'], ([value]) => escapedPath(of(value))),
    declare('getQuery', ['url_get_query: kubernetes.URL.() -> map(string, list(string))'], ([value]) => {
      const query = new Map<string, string[]>();
      for (const [name, text] of new URLSearchParams(of(value).url.rawQuery)) query.set(name, [...(query.get(name) ?? []), text]);
      return new MapValue(query);
    }),
  ],
};
