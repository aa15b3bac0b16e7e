/**
 * The files of an image that nobody described: what a small Linux image has, and what the well-known ones add.
 * Invariant: the same image gives the same files. Counterpart: the layers of the real images.
 */
import { imageBaseName } from '../images/reference.ts';
import { toolsOf } from '../images/tools.ts';
import { encodeUtf8 } from './bytes.ts';
import type { Entry } from './fileSystem.ts';

/** What of the Pod shows in its files. */
export interface Identity {
  readonly hostName: string;
  readonly address: string;
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** `ndots:5` */
  readonly options: readonly string[];
  readonly hostAliases: readonly { readonly ip: string; readonly names: readonly string[] }[];
}

const DIRECTORIES = [
  'dev',
  'home',
  'media',
  'mnt',
  'opt',
  'proc',
  'root',
  'run',
  'srv',
  'sys',
  'tmp',
  'usr/bin',
  'usr/lib',
  'usr/local/bin',
  'var/cache',
  'var/lib',
  'var/log',
  'var/run',
  'var/tmp',
];
const DEVICES = ['dev/null', 'dev/zero', 'dev/stdin', 'dev/stdout', 'dev/stderr', 'dev/tty', 'dev/random', 'dev/urandom'];

/** A pure memo: what images of one name have in common. */
const ofImages = new Map<string, Readonly<Record<string, Entry>>>();
const CACHE_LIMIT = 256;

export function baseImage(image: string, identity: Identity): Readonly<Record<string, Entry>> {
  let common = ofImages.get(image);
  if (common === undefined) {
    if (ofImages.size >= CACHE_LIMIT) ofImages.clear();
    ofImages.set(image, (common = commonFiles(image)));
  }
  return { ...common, ...entriesOf(identityFiles(identity)) };
}

function commonFiles(image: string): Readonly<Record<string, Entry>> {
  const files: Record<string, Entry> = {};
  for (const path of DIRECTORIES) files[path] = { kind: 'directory', mode: path === 'tmp' || path === 'var/tmp' ? 0o1777 : 0o755, atMs: 0 };
  for (const path of DEVICES) files[path] = { kind: 'device', mode: 0o666, atMs: 0 };
  // Empty and executable: what it does is known by its name.
  for (const name of toolsOf(image)) files[`bin/${name}`] = { kind: 'file', content: '', mode: 0o755, atMs: 0 };
  const special = SPECIAL[imageBaseName(image)] ?? { 'etc/os-release': release('debian', 'Debian GNU/Linux 12 (bookworm)', '12') };
  return { ...files, ...entriesOf({ ...COMMON, ...special }) };
}

function entriesOf(texts: Readonly<Record<string, string>>): Readonly<Record<string, Entry>> {
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, { kind: 'file', content: encodeUtf8(text), mode: 0o644, atMs: 0 }] as const),
  );
}

const COMMON: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/shells': '/bin/sh\n',
};

const INDEX = '<!DOCTYPE html>\n<html>\n<head><title>Welcome to nginx!</title></head>\n<body><h1>Welcome to nginx!</h1></body>\n</html>\n';

const SPECIAL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alpine: { 'etc/os-release': release('alpine', 'Alpine Linux v3.22', '3.22.0'), 'etc/alpine-release': '3.22.0\n' },
  busybox: {},
  nginx: {
    'etc/os-release': release('debian', 'Debian GNU/Linux 12 (bookworm)', '12'),
    'usr/share/nginx/html/index.html': INDEX,
    'etc/nginx/nginx.conf': 'worker_processes auto;\nevents { worker_connections 1024; }\nhttp { include /etc/nginx/conf.d/*.conf; }\n',
    'etc/nginx/conf.d/default.conf': 'server {\n    listen 80;\n    root /usr/share/nginx/html;\n}\n',
  },
  httpd: {
    'etc/os-release': release('debian', 'Debian GNU/Linux 12 (bookworm)', '12'),
    'usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
  },
};

function release(id: string, prettyName: string, version: string): string {
  return `PRETTY_NAME="${prettyName}"\nNAME="${prettyName.split(' v')[0] ?? prettyName}"\nVERSION_ID="${version}"\nID=${id}\n`;
}

/** What the kubelet begins the file of every Pod with. */
const LOCAL_HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

function identityFiles({ hostName, address, nameservers, searches, options, hostAliases }: Identity): Readonly<Record<string, string>> {
  const aliases = hostAliases.map(({ ip, names }) => `${ip}\t${names.join('\t')}\n`).join('');
  const added = aliases === '' ? '' : `\n# Entries added by HostAliases.\n${aliases}`;
  return {
    'etc/hostname': `${hostName}\n`,
    'etc/hosts': `${LOCAL_HOSTS}${address}\t${hostName}\n${added}`,
    'etc/resolv.conf': [
      ...(searches.length === 0 ? [] : [`search ${searches.join(' ')}`]),
      ...nameservers.map((server) => `nameserver ${server}`),
      ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
      '',
    ].join('\n'),
  };
}
