/** `wget` and `curl`: one request over HTTP, with the texts and codes of busybox's wget and of curl. */
import { isHostOf } from '../../../apimachinery/net/hostPattern.ts';
import { reasonPhrase, type HttpResponse } from '../../http.ts';
import type { Responded } from '../../network.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { encodeUtf8 } from '../../files/bytes.ts';
import { resolve } from './net.ts';
import { answered, connectTimeout, reasonOf } from './netSupport.ts';
import { unescape } from './printf.ts';
import { isWait, options, readAll, seconds, type Memory, type Options } from './support.ts';

export const httpCommands: Readonly<Record<string, Command>> = { curl, wget };

interface Url {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const MOST_REDIRECTS = 10;
const READ_MS = 900_000;

function parseUrl(text: string): Url | undefined {
  const match = /^(?:(https?):\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?][^#]*)?/.exec(text);
  if (match === null) return undefined;
  const [, scheme = 'http', host = '', port, path = '/'] = match;
  const tls = scheme === 'https';
  return {
    tls,
    host: host.replaceAll(/[[\]]/g, ''),
    port: Number(port ?? (tls ? 443 : 80)),
    path: path.startsWith('?') ? `/${path}` : path,
  };
}

function wget(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const given = options(args, 'OTUPtw', ['--header', '--post-data', '--timeout', '--output-document', '--tries']);
  const { flags, values, names } = given;
  const url = parseUrl((memory['url'] as string | undefined) ?? names[0] ?? '');
  if (url === undefined || names.length === 0) {
    task.complain('wget: missing URL');
    return 1;
  }
  const quiet = flags.has('q') || flags.has('--quiet');
  const limit = seconds(values.get('T') ?? values.get('--timeout') ?? '');
  const found = resolve(task, memory, url.host);
  if (isWait(found)) return found;
  const address = found.ok ? found.addresses[0] : undefined;
  if (address === undefined) {
    task.complain(`wget: bad address '${url.host}'`);
    return 1;
  }
  if (memory['connecting'] !== true) {
    memory['connecting'] = true;
    if (!quiet) task.complain(`Connecting to ${hostText(url)} (${address}:${url.port})`);
  }
  const data = values.get('--post-data');
  const result = send(
    task,
    memory,
    url,
    address,
    data === undefined ? 'GET' : 'POST',
    args,
    encodeUtf8(data ?? ''),
    limit ?? READ_MS,
    'Wget',
  );
  if (isWait(result)) return result;
  if (!result.ok) {
    const late = result.failure === 'timeout' || result.failure === 'no-answer';
    task.complain(
      limit !== undefined && late
        ? 'wget: download timed out'
        : result.failure === 'empty' || result.failure === 'not-http'
          ? 'wget: error getting response'
          : result.failure === 'reset'
            ? 'wget: error getting response: Connection reset by peer'
            : `wget: can't connect to remote host (${address}): ${reasonOf(result.failure, false)}`,
    );
    return 1;
  }
  const { code, body, headers } = result.response;
  const location = headers['location'];
  if (code >= 300 && code < 400 && location !== undefined && redirect(memory, url, location)) return wget(task, args, memory);
  if (flags.has('S')) task.complain(headText(result.response).replaceAll(/^/gm, '  '));
  if (code >= 400) {
    task.complain(`wget: server returned error: HTTP/1.1 ${code} ${reasonPhrase(code)}`);
    return 1;
  }
  if (flags.has('--spider') || flags.has('s')) {
    if (!quiet) task.complain('remote file exists');
    return 0;
  }
  const file = values.get('O') ?? values.get('--output-document') ?? (url.path.split('?')[0]?.split('/').at(-1) || 'index.html');
  return save(task, file, body, quiet);
}

function save(task: Task, file: string, body: string, quiet: boolean): number {
  const shown = file === '-' ? '-' : (file.split('/').at(-1) ?? file);
  const bar = `${shown.padEnd(20).slice(0, 20)} 100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA`;
  if (file === '-') {
    if (!quiet) task.complain('writing to stdout');
    task.out(body);
    if (!quiet) task.complain(`${bar}\nwritten to stdout`);
    return 0;
  }
  if (!quiet) task.complain(`saving to '${file}'`);
  const problem = file === '/dev/null' ? undefined : task.files.write(task.path(file), body);
  if (problem !== undefined) {
    task.complain(`wget: can't open '${file}': ${problem}`);
    return 1;
  }
  if (!quiet) task.complain(`${bar}\n'${file}' saved`);
  return 0;
}

const CURL_LONG = [
  '--max-time',
  '--connect-timeout',
  '--header',
  '--request',
  '--data',
  '--output',
  '--write-out',
  '--cacert',
  '--cert',
  '--key',
  '--user',
  '--retry',
  '--retry-delay',
  '--resolve',
  '--data-raw',
  '--url',
  '--user-agent',
  '--cookie',
  '--proxy',
  '--interface',
];

function curl(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const given = options(args, 'omwHXdAuebTEc', CURL_LONG);
  const { flags, values, names } = given;
  const url = parseUrl((memory['url'] as string | undefined) ?? values.get('--url') ?? names[0] ?? '');
  if (url === undefined) {
    task.complain("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information");
    return 2;
  }
  const silent = (flags.has('s') || flags.has('--silent')) && !flags.has('S') && !flags.has('--show-error');
  const fail = (code: number, text: string): number => {
    if (!silent) task.complain(`curl: (${code}) ${text}`);
    writeOut(task, given, undefined, 0);
    return code;
  };
  const begunMs = (memory['begunMs'] as number | undefined) ?? task.nowMs;
  memory['begunMs'] = begunMs;
  const whole = seconds(values.get('m') ?? values.get('--max-time') ?? '');
  const connecting = seconds(values.get('--connect-timeout') ?? '');
  const fixed = values.get('--resolve')?.split(':');
  const known = fixed?.[0] === url.host && fixed[1] === String(url.port) ? fixed[2] : undefined;
  const found =
    known === undefined ? resolve(task, memory, url.host) : ({ ok: true, addresses: [known], canonicalName: known, afterMs: 0 } as const);
  if (isWait(found)) return found;
  const address = found.ok ? found.addresses[0] : undefined;
  if (address === undefined) return fail(6, `Could not resolve host: ${url.host}`);
  if (flags.has('v') || flags.has('--verbose')) memory['verbose'] = true;
  const data = dataOf(args);
  const body =
    data?.startsWith('@') === true ? (data === '@-' ? readAll(task, memory) : fileText(task, data.slice(1))) : encodeUtf8(data ?? '');
  if (isWait(body)) return body;
  const method = methodOf(given, data);
  const result = send(
    task,
    memory,
    url,
    address,
    method,
    args,
    body,
    Math.min(whole ?? READ_MS * 1000, connecting ?? Number.POSITIVE_INFINITY),
    'curl/8.14.1',
  );
  if (isWait(result)) return result;
  const tookMs = task.nowMs - begunMs;
  if (!result.ok) {
    switch (result.failure) {
      case 'timeout':
      case 'no-answer':
        if (connecting !== undefined && result.failure === 'timeout') return fail(28, `Connection timed out after ${tookMs} milliseconds`);
        if (whole !== undefined)
          return fail(
            28,
            result.failure === 'timeout'
              ? `Connection timed out after ${tookMs} milliseconds`
              : `Operation timed out after ${tookMs} milliseconds with 0 bytes received`,
          );
        return fail(28, `Failed to connect to ${url.host} port ${url.port} after ${tookMs} ms: Could not connect to server`);
      case 'reset':
        return fail(56, 'Recv failure: Connection reset by peer');
      case 'empty':
        return fail(52, 'Empty reply from server');
      case 'not-http':
        return fail(1, 'Received HTTP/0.9 when not allowed');
      case 'not-tls':
        return fail(35, 'TLS connect error: error:0A00010B:SSL routines::wrong version number');
      case 'tls-expected':
        return fail(52, 'Empty reply from server');
      case 'refused':
      case 'unreachable':
        return fail(7, `Failed to connect to ${url.host} port ${url.port} after ${tookMs} ms: Could not connect to server`);
    }
  }
  const insecure = flags.has('k') || flags.has('--insecure') || values.has('--cacert');
  if (url.tls && !insecure && result.certificate?.selfSigned !== false)
    return fail(
      60,
      `SSL certificate problem: ${result.certificate?.selfSigned === true ? 'self-signed certificate' : 'unable to get local issuer certificate'}\nMore details here: https://curl.se/docs/sslcerts.html`,
    );
  if (url.tls && !insecure && result.certificate?.names.some((name) => isHostOf(name, url.host)) === false)
    return fail(60, `SSL: no alternative certificate subject name matches target host name '${url.host}'`);
  return show(task, args, memory, given, url, result.response, tookMs);
}

function methodOf({ flags, values }: Options, data: string | undefined): string {
  const head = flags.has('I') || flags.has('--head');
  return values.get('X') ?? values.get('--request') ?? (data === undefined ? (head ? 'HEAD' : 'GET') : 'POST');
}

/** What all `-d` together send: `-d a=1 -d b=2` is `a=1&b=2`. */
function dataOf(args: readonly string[]): string | undefined {
  const parts = args.flatMap((arg, index) => {
    if (DATA.has(arg)) return [args[index + 1] ?? ''];
    const [, name = '', value = ''] = /^(--data(?:-raw)?)=([^]*)$/.exec(arg) ?? [];
    return name === '' ? (/^-d./.test(arg) ? [arg.slice(2)] : []) : [value];
  });
  return parts.length === 0 ? undefined : parts.join('&');
}

const DATA: ReadonlySet<string> = new Set(['-d', '--data', '--data-raw']);

function show(
  task: Task,
  args: readonly string[],
  memory: Memory,
  given: Options,
  url: Url,
  response: HttpResponse,
  tookMs: number,
): number | Wait {
  const { flags, values } = given;
  const { code, body } = response;
  const location = response.headers['location'];
  const follows = flags.has('L') || flags.has('--location');
  if (follows && code >= 300 && code < 400 && location !== undefined && redirect(memory, url, location)) return curl(task, args, memory);
  if (memory['verbose'] === true)
    task.complain(
      `* Connected to ${url.host} port ${url.port}\n> ${methodOf(given, dataOf(args))} ${url.path} HTTP/1.1\n> Host: ${hostText(url)}\n> Accept: */*\n>\n${headText(response).replaceAll(/^/gm, '< ')}`,
    );
  if (code >= 400 && (flags.has('f') || flags.has('--fail'))) {
    if (!flags.has('s') || flags.has('S')) task.complain(`curl: (22) The requested URL returned error: ${code}`);
    writeOut(task, given, response, tookMs);
    return 22;
  }
  const head = flags.has('I') || flags.has('--head');
  const text = `${flags.has('i') || flags.has('--include') || head ? `${headText(response).replaceAll('\n', '\r\n')}\r\n\r\n` : ''}${head ? '' : body}`;
  const file = values.get('o') ?? values.get('--output') ?? (flags.has('O') ? (url.path.split('/').at(-1) ?? '') : '-');
  if (file === '-') task.out(text);
  else if (file !== '/dev/null') {
    const problem = task.files.write(task.path(file), text);
    if (problem !== undefined) {
      task.complain(`curl: (23) client returned ERROR on write, ${body.length} bytes wanted`);
      return 23;
    }
  }
  writeOut(task, given, response, tookMs);
  return 0;
}

/** `-w '%{http_code}'` */
function writeOut(task: Task, { values }: Options, response: HttpResponse | undefined, tookMs: number): void {
  const format = values.get('w') ?? values.get('--write-out');
  if (format === undefined) return;
  const code = String(response?.code ?? 0).padStart(3, '0');
  const parts: Readonly<Record<string, string>> = {
    http_code: code,
    response_code: code,
    time_total: (tookMs / 1000).toFixed(6),
    time_namelookup: '0.000300',
    time_connect: '0.000500',
    time_starttransfer: (tookMs / 1000).toFixed(6),
    size_download: String(response?.body.length ?? 0),
    content_type: response?.headers['content-type'] ?? '',
    redirect_url: code.startsWith('3') ? (response?.headers['location'] ?? '') : '',
  };
  task.print(unescape(format.replaceAll(/%\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole)));
}

function send(
  task: Task,
  memory: Memory,
  url: Url,
  address: string,
  method: string,
  args: readonly string[],
  body: string,
  giveUpMs: number,
  agent: string,
): Responded | Wait {
  const headers: Record<string, string> = { host: hostText(url), 'user-agent': agent, accept: '*/*' };
  for (const [index, arg] of args.entries()) {
    const text = arg === '-H' || arg === '--header' ? args[index + 1] : arg.startsWith('--header=') ? arg.slice(9) : undefined;
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(text ?? '') ?? [];
    if (name !== '') headers[name.toLowerCase()] = value;
  }
  const user = args.includes('-u') ? args[args.indexOf('-u') + 1] : undefined;
  if (user !== undefined) headers['authorization'] = `Basic ${btoa(encodeUtf8(user))}`;
  if (body !== '') headers['content-length'] = String(body.length);
  const isConnecting = giveUpMs < READ_MS;
  return answered(
    task,
    memory,
    'response',
    (network) =>
      network.request({ address, port: url.port, tls: url.tls, serverName: url.host }, { method, path: url.path, headers, body }),
    isConnecting ? giveUpMs : connectTimeout(undefined),
  );
}

/** Begins anew at another place. @returns false after too many */
function redirect(memory: Memory, from: Url, location: string): boolean {
  const count = ((memory['redirects'] as number | undefined) ?? 0) + 1;
  if (count > MOST_REDIRECTS) return false;
  const base = `${from.tls ? 'https' : 'http'}://${hostText(from)}`;
  for (const key of ['lookup', 'response', 'connecting']) delete memory[key];
  Object.assign(memory, { redirects: count, url: location.startsWith('/') ? `${base}${location}` : location });
  return true;
}

function hostText({ host, port, tls }: Url): string {
  return port === (tls ? 443 : 80) ? host : `${host}:${port}`;
}

function headText({ code, headers }: HttpResponse): string {
  return [
    `HTTP/1.1 ${code} ${reasonPhrase(code)}`,
    ...Object.entries(headers).map(([name, value]) => `${name.replaceAll(/(^|-)([a-z])/g, (whole) => whole.toUpperCase())}: ${value}`),
  ].join('\n');
}

function fileText(task: Task, name: string): string {
  const read = task.files.read(task.path(name));
  return typeof read === 'string' ? '' : read.content;
}
