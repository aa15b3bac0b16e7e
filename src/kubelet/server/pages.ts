import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { RemoteRequest } from '../../apiserver/endpoints/nodeApi.ts';
import { encodeUtf8 } from '../../runtime/files/bytes.ts';
import type { FileSystem } from '../../runtime/files/fileSystem.ts';
import { imageBaseName } from '../../runtime/images/reference.ts';
import type { Started } from './started.ts';

/** Where the well-known web servers have their pages. */
const ROOTS = ['/usr/share/nginx/html', '/usr/local/apache2/htdocs'];

/** The page that a container's web server gives. One character a byte. */
export function pageOf(files: FileSystem, pod: Pod, { container, root, body }: Started, request: RemoteRequest): string {
  if (body !== undefined) return body;
  const [path = '/'] = request.path.split('?');
  const own = OF_IMAGES[imageBaseName(container.image ?? '')]?.(pod, container.args ?? [], request);
  if (own !== undefined) return own;
  for (const directory of root === undefined ? ROOTS : [root]) {
    const read = files.read(`${directory === '/' ? '' : directory}${path.endsWith('/') ? `${path}index.html` : path}`);
    if (typeof read !== 'string') return read.content;
  }
  return `${pod.metadata.name ?? ''} ${container.name} ${path}\n`;
}

type Page = (pod: Pod, args: readonly string[], request: RemoteRequest) => string | undefined;

const hostName = (pod: Pod): string | undefined => pod.spec?.hostname ?? pod.metadata.name;

/** Images whose servers say something of their own. */
const OF_IMAGES: Readonly<Record<string, Page>> = {
  'http-echo': (_pod, args) => {
    const at = args.findIndex((arg) => arg === '-text' || arg.startsWith('-text='));
    const text = args[at]?.includes('=') === true ? args[at]?.slice('-text='.length) : args[at + 1];
    return at < 0 ? undefined : encodeUtf8(`${text ?? ''}\n`);
  },
  agnhost: (pod, [mode = ''], { path }) => {
    if (mode === 'serve-hostname' || path.startsWith('/hostname') || path.startsWith('/hostName')) return hostName(pod);
    return mode === 'netexec' && path.startsWith('/echo?msg=')
      ? path
          .slice('/echo?msg='.length)
          .replace(/&.*$/s, '')
          .replaceAll('+', ' ')
          .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : undefined;
  },
  'hello-app': (pod) => `Hello, world!\nVersion: 1.0.0\nHostname: ${pod.metadata.name ?? ''}\n`,
  'hpa-example': () => 'OK!',
  'php-apache': () => 'OK!',
  echoserver: (pod, _args, { method, path, body }) =>
    encodeUtf8(`\n\nHostname: ${pod.metadata.name ?? ''}\n\nRequest Information:\n\tmethod=${method}\n\treal path=${path}\n`) +
    `\nRequest Body:\n${body === '' ? '\t-no body in request-' : body}\n\n`,
  whoami: (pod, _args, { method, path, body }) =>
    encodeUtf8(`Hostname: ${pod.metadata.name ?? ''}\nIP: 127.0.0.1\nIP: ${pod.status?.podIP ?? ''}\n${method} ${path} HTTP/1.1\n`) +
    (body === '' ? '' : `\n${body}`),
};
