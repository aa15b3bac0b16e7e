/**
 * Which programs lie in an image beside its own: those of busybox, of a Debian, of nothing at all.
 * Invariant: an image that nobody described has every program, so that people's own manifests come up.
 * Counterpart: the contents of /bin and /usr/bin of the real images.
 */
import { COMMAND_NAMES } from '../shell/names.ts';
import { imageBaseName } from './reference.ts';

const SHELLS = ['sh', 'ash'];
const PACKAGES = ['apk', 'apt', 'apt-get', 'dnf', 'microdnf', 'npm', 'pip', 'pip3', 'yum'];
/** What neither busybox nor a slim Debian brings. */
/** Programs that lie only in the images of their servers. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  nginx: ['nginx'],
  httpd: ['apachectl'],
  redis: ['redis-cli'],
  postgres: ['psql', 'pg_isready'],
  mysql: ['mysql', 'mysqladmin'],
  mariadb: ['mysql', 'mysqladmin'],
  mongo: ['mongosh'],
  rabbitmq: ['rabbitmq-diagnostics'],
};
const EXTRA = [...Object.values(CLIENTS).flat(), 'gawk', 'curl', 'dig', 'host', 'ncat', 'perl', 'stress', 'stress-ng', 'tini', 'dumb-init'];
/** What busybox has and a slim Debian has not. */
const OF_BUSYBOX = [
  'ifconfig',
  'ip',
  'killall',
  'nc',
  'netcat',
  'nslookup',
  'pidof',
  'ping',
  'pkill',
  'pgrep',
  'ps',
  'telnet',
  'top',
  'free',
  'uptime',
  'watch',
  'wget',
  'ash',
];

const without = (names: readonly string[]): readonly string[] => COMMAND_NAMES.filter((name) => !names.includes(name));

const BUSYBOX: ReadonlySet<string> = new Set([
  ...without([...PACKAGES, ...EXTRA, 'getconf', 'getent', 'stdbuf', 'netcat', 'bash', 'dash']),
  ...SHELLS,
]);
const ALPINE: ReadonlySet<string> = new Set([...BUSYBOX, 'apk', 'getent', 'getconf']);
const DEBIAN: ReadonlySet<string> = new Set([
  ...without([...PACKAGES, ...EXTRA, ...OF_BUSYBOX]),
  'sh',
  'bash',
  'dash',
  'apt',
  'apt-get',
  'perl',
]);
const EVERYTHING: ReadonlySet<string> = new Set([...COMMAND_NAMES, ...SHELLS, 'bash', 'dash']);
const NOTHING: ReadonlySet<string> = new Set();

const BY_IMAGE: Readonly<Record<string, ReadonlySet<string>>> = {
  busybox: BUSYBOX,
  alpine: ALPINE,
  pause: NOTHING,
  'hello-world': NOTHING,
  'http-echo': NOTHING,
  traefik: ALPINE,
  whoami: NOTHING,
  curl: new Set([...ALPINE, 'curl']),
  agnhost: new Set([...ALPINE, 'curl', 'dig', 'host', 'bash']),
  jessie: new Set([...DEBIAN, 'dig', 'nslookup', 'host', 'curl', 'ping']),
  dnsutils: new Set([...DEBIAN, 'dig', 'nslookup', 'host', 'ping']),
  'jessie-dnsutils': new Set([...DEBIAN, 'dig', 'nslookup', 'host', 'ping', 'curl']),
  netshoot: new Set([...EVERYTHING]),
  stress: new Set([...ALPINE, 'stress', 'bash']),
  nginx: new Set([...DEBIAN, 'curl']),
  httpd: DEBIAN,
  debian: DEBIAN,
  ubuntu: DEBIAN,
  redis: DEBIAN,
  postgres: DEBIAN,
  mysql: new Set([...without([...PACKAGES, ...EXTRA, ...OF_BUSYBOX]), 'sh', 'bash', 'microdnf']),
  mariadb: DEBIAN,
  mongo: DEBIAN,
  memcached: DEBIAN,
  rabbitmq: DEBIAN,
  perl: DEBIAN,
  python: new Set([...DEBIAN, 'curl', 'wget', 'pip', 'pip3', 'ps', 'ping']),
  node: new Set([...DEBIAN, 'curl', 'wget', 'npm', 'ps']),
  golang: new Set([...DEBIAN, 'curl', 'wget', 'ps']),
  tomcat: new Set([...DEBIAN, 'curl']),
  wordpress: new Set([...DEBIAN, 'curl']),
};

/** @param image name with tag; `nginx:1.29-alpine` is of Alpine */
export function toolsOf(image: string): ReadonlySet<string> {
  const own = BY_IMAGE[imageBaseName(image)];
  if (own !== undefined && own !== NOTHING && /:[^/]*alpine/.test(image))
    return new Set([...ALPINE, ...[...own].filter((name) => name === 'curl' || name === 'npm' || name.startsWith('pip'))]);
  const clients = CLIENTS[imageBaseName(image)];
  if (own === undefined) return EVERYTHING;
  return clients === undefined ? own : new Set([...own, ...clients]);
}

export function hasTool(image: string, name: string): boolean {
  return toolsOf(image).has(name);
}

/** Whether nobody knows what is in the image. */
export function isUndescribed(image: string): boolean {
  return BY_IMAGE[imageBaseName(image)] === undefined;
}
