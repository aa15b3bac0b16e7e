/** A request as data. Header names are in lower case; bodies are texts of one character a byte, as files are. */
export interface HttpRequest {
  readonly method: string;
  /** With the query: `/path?x=1`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpResponse {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request for a page, as browsers and simple clients make it. @param host what the `host` header says */
export function get(host: string, path: string): HttpRequest {
  return { method: 'GET', path, headers: { host }, body: '' };
}

/** An answer with a text. */
export function textResponse(code: number, body: string, contentType = 'text/plain; charset=utf-8'): HttpResponse {
  return { code, headers: { 'content-type': contentType, 'content-length': String(body.length) }, body };
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The words of a status line: `Not Found`. */
export function reasonPhrase(code: number): string {
  return REASONS[code] ?? 'Status';
}
