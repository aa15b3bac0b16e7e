/** Where requests of a URL go. */
export interface UrlTarget {
  readonly tls: boolean;
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Undefined if the text is no URL of HTTP. */
export function parseTarget(url: string): UrlTarget | undefined {
  const [, scheme, six, host = six, port, path] =
    /^(https?):\/\/(?:\[([\da-fA-F:]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?(\/[^\s#]*)?$/.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const tls = scheme === 'https';
  const number = port === undefined ? (tls ? 443 : 80) : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  return { tls, host: host.toLowerCase(), port: number, path: path ?? '/' };
}
