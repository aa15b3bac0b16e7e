import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { FileSystem } from '../../runtime/files/fileSystem.ts';
import { imageBaseName } from '../../runtime/images/reference.ts';
import type { Started } from './started.ts';

/** Where the well-known web servers have their pages. */
const ROOTS = ['/usr/share/nginx/html', '/usr/local/apache2/htdocs'];

/** The page that a container's web server gives. One character a byte. */
export function pageOf(files: FileSystem, pod: Pod, { container, root, body }: Started, path: string): string {
  if (body !== undefined) return body;
  const own = OF_IMAGES[imageBaseName(container.image ?? '')]?.(pod, container.args ?? [], path);
  if (own !== undefined) return own;
  for (const directory of root === undefined ? ROOTS : [root]) {
    const read = files.read(`${directory === '/' ? '' : directory}${path.endsWith('/') ? `${path}index.html` : path}`);
    if (typeof read !== 'string') return read.content;
  }
  return `${pod.metadata.name ?? ''} ${container.name} ${path}\n`;
}

type Page = (pod: Pod, args: readonly string[], path: string) => string | undefined;

const hostName: Page = (pod) => pod.spec?.hostname ?? pod.metadata.name;

/** Images whose servers say something of their own. */
const OF_IMAGES: Readonly<Record<string, Page>> = {
  'http-echo': (_pod, args) => {
    const at = args.findIndex((arg) => arg === '-text' || arg.startsWith('-text='));
    const text = args[at]?.includes('=') === true ? args[at]?.slice('-text='.length) : args[at + 1];
    return at < 0 ? undefined : `${text ?? ''}\n`;
  },
  agnhost: (pod, [mode = ''], path) => {
    if (mode === 'serve-hostname' || path.startsWith('/hostname') || path.startsWith('/hostName')) return hostName(pod, [], path);
    return mode === 'netexec' && path.startsWith('/echo?msg=')
      ? path
          .slice('/echo?msg='.length)
          .replaceAll('+', ' ')
          .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : undefined;
  },
  'hello-app': (pod) => `Hello, world!\nVersion: 1.0.0\nHostname: ${pod.metadata.name ?? ''}\n`,
  'hpa-example': () => 'OK!',
  'php-apache': () => 'OK!',
  echoserver: (pod, _args, path) => `\n\nHostname: ${pod.metadata.name ?? ''}\n\nRequest Information:\n\tmethod=GET\n\treal path=${path}\n`,
  whoami: (pod, _args, path) =>
    `Hostname: ${pod.metadata.name ?? ''}\nIP: 127.0.0.1\nIP: ${pod.status?.podIP ?? ''}\nGET ${path} HTTP/1.1\n`,
};
