/**
 * The servers of well-known images: what they write, where they listen, how long they take to start, what they need.
 * Invariant: the same image, arguments and environment give the same text in the language of programs.
 * Counterpart: nginx, databases, caches, queues, and the images that documentation uses.
 */
import { imageBaseName } from '../images/reference.ts';

interface Server {
  /** Names of its program; the image runs the first. */
  readonly binaries: readonly string[];
  /** Names of images whose own program it is. */
  readonly images: readonly string[];
  readonly sizeBytes: number;
  /** Where the tag names no version. */
  readonly version?: string;
  readonly user?: string;
  /** What it uses when nothing loads it: the order of magnitude of a fresh start with the settings of the image. */
  readonly memoryBytes: number;
  /** The same of CPU, where timers and background workers need some whatever was asked for. */
  readonly idleMilliCpu?: number;
  /** CPU time of a request, where it is the point of the image to need some. */
  readonly requestCostMs?: number;
  readonly text: (context: Context) => string;
}

interface Context {
  readonly version: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const MI = 1024 ** 2;

const APACHE =
  'log [mpm_event:notice] AH00489: Apache/2.4 (Unix) configured -- resuming normal operations; run; serve 80 200; on-term exit 0';

const SERVERS: readonly Server[] = [
  {
    binaries: ['nginx', 'nginx-debug'],
    images: ['nginx', 'nginx-unprivileged', 'nginx-slim'],
    version: '1.29',
    sizeBytes: 72_000_000,
    memoryBytes: 8 * MI,
    text: ({ version }) =>
      `log /docker-entrypoint.sh: Configuration complete, ready for start up; log [notice] 1#1: nginx/${version}; log [notice] 1#1: start worker processes; run; serve 80 200; on-term exit 0`,
  },
  {
    binaries: ['httpd-foreground', 'apache2-foreground'],
    images: ['httpd'],
    sizeBytes: 58_000_000,
    memoryBytes: 12 * MI,
    text: () => APACHE,
  },
  {
    // Each page is the sum of a million square roots.
    binaries: ['apache2-foreground'],
    images: ['php-apache', 'hpa-example'],
    sizeBytes: 160_000_000,
    memoryBytes: 12 * MI,
    requestCostMs: 50,
    text: () => APACHE,
  },
  {
    binaries: ['redis-server', 'valkey-server'],
    images: ['redis', 'valkey', 'redis-slave', 'redis-follower'],
    sizeBytes: 52_000_000,
    // An empty instance takes about 3 MB (https://redis.io/docs/latest/develop/get-started/faq/), and wakes ten times a second (`hz 10`).
    memoryBytes: 4 * MI,
    idleMilliCpu: 2,
    text: ({ args }) =>
      `log 1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo; log 1:M * Ready to accept connections tcp; run; tcp ${option(args, '--port', '6379')} open; on-term exit 0`,
  },
  {
    binaries: ['postgres'],
    images: ['postgres', 'postgis'],
    sizeBytes: 160_000_000,
    // Of the 128 MB of shared_buffers only what was touched counts: https://www.postgresql.org/docs/current/runtime-config-resource.html.
    memoryBytes: 40 * MI,
    idleMilliCpu: 1,
    text: ({ env }) =>
      (env['POSTGRES_PASSWORD'] ?? env['POSTGRES_PASSWORD_FILE'] ?? '') === '' && env['POSTGRES_HOST_AUTH_METHOD'] !== 'trust'
        ? 'log Error: Database is uninitialized and superuser password is not specified.; log        You must specify POSTGRES_PASSWORD to a non-empty value for the; log        superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".; exit 1'
        : `log PostgreSQL init process complete, ready for start up.; log LOG:  database system is ready to accept connections; run; tcp ${env['PGPORT'] ?? '5432'} open; on-term exit 0`,
  },
  {
    binaries: ['mysqld'],
    images: ['mysql'],
    version: '8.4',
    sizeBytes: 230_000_000,
    // The buffer pool, the performance schema and the dictionary: https://dev.mysql.com/doc/refman/8.4/en/memory-use.html.
    memoryBytes: 380 * MI,
    idleMilliCpu: 6,
    text: ({ env, version }) => database('MySQL Server', 'MYSQL', 'mysqld', version, env),
  },
  {
    binaries: ['mariadbd'],
    images: ['mariadb'],
    version: '11.8',
    sizeBytes: 120_000_000,
    // Without a performance schema: https://mariadb.com/kb/en/performance-schema-overview/.
    memoryBytes: 90 * MI,
    idleMilliCpu: 1,
    text: ({ env, version }) => database('MariaDB', 'MARIADB', 'mariadbd', version, env),
  },
  {
    binaries: ['mongod'],
    images: ['mongo', 'mongodb'],
    sizeBytes: 280_000_000,
    // WiredTiger's cache grows with data; statistics are gathered every second (FTDC).
    memoryBytes: 160 * MI,
    idleMilliCpu: 6,
    text: ({ args }) =>
      `log {"s":"I","c":"CONTROL","msg":"MongoDB starting"}; sleep 1; log {"s":"I","c":"NETWORK","msg":"Waiting for connections","attr":{"port":${option(args, '--port', '27017')}}}; run; tcp ${option(args, '--port', '27017')} closed until 1s then open; on-term exit 0`,
  },
  {
    binaries: ['memcached'],
    images: ['memcached'],
    sizeBytes: 32_000_000,
    memoryBytes: 3 * MI,
    text: ({ args }) => `run; tcp ${option(args, '-p', '11211')} open; on-term exit 0`,
  },
  {
    binaries: ['rabbitmq-server'],
    images: ['rabbitmq'],
    version: '4.1',
    sizeBytes: 110_000_000,
    // Most of it is code and the runtime's allocators: https://www.rabbitmq.com/docs/memory-use.
    memoryBytes: 130 * MI,
    idleMilliCpu: 5,
    text: ({ version }) =>
      `log   Starting broker...; sleep 5; log  completed with 4 plugins.; log Server startup complete, RabbitMQ ${version}; run; tcp 5672 closed until 5s then open; serve 15672 hang until 5s then 200; on-term exit 0 after 1s`,
  },
  {
    binaries: ['pause'],
    images: ['pause'],
    sizeBytes: 320_000,
    user: '65535',
    memoryBytes: 512 * 1024,
    text: () => 'run; on-term exit 0',
  },
  {
    binaries: ['http-echo'],
    images: ['http-echo'],
    sizeBytes: 5_000_000,
    memoryBytes: 4 * MI,
    text: ({ args }) => {
      const port = option(args, '-listen', ':5678').replace(/^.*:/, '');
      return `log [INFO] server is listening on :${port}; run; serve ${port} 200; on-term exit 0`;
    },
  },
  {
    binaries: ['agnhost'],
    images: ['agnhost'],
    sizeBytes: 50_000_000,
    memoryBytes: 10 * MI,
    text: ({ args }) => agnhost(args),
  },
  {
    binaries: ['echoserver'],
    images: ['echoserver', 'echo-server'],
    sizeBytes: 46_000_000,
    memoryBytes: 8 * MI,
    text: () => 'log Generating self-signed cert; log Starting nginx; run; serve 8080 200; on-term exit 0',
  },
  {
    binaries: ['hello-app'],
    images: ['hello-app', 'hello-world-rest-json'],
    sizeBytes: 12_000_000,
    memoryBytes: 5 * MI,
    text: ({ env }) => `log Server listening on port ${env['PORT'] ?? '8080'}; run; serve ${env['PORT'] ?? '8080'} 200; on-term exit 0`,
  },
  {
    binaries: ['gb-frontend'],
    images: ['gb-frontend'],
    sizeBytes: 160_000_000,
    memoryBytes: 20 * MI,
    text: () => 'log [mpm_prefork:notice] Apache configured -- resuming normal operations; run; serve 80 200; on-term exit 0',
  },
  {
    binaries: ['hello'],
    images: ['hello-world'],
    sizeBytes: 10_000,
    memoryBytes: 512 * 1024,
    text: () => 'log Hello from Docker!; log This message shows that your installation appears to be working correctly.; exit 0',
  },
];

/** Images whose servers ask the environment for more than what could be left out. */
const READERS: ReadonlySet<string> = new Set(['postgres', 'postgis', 'mysql', 'mariadb', 'hello-app']);

const BY_BINARY = new Map(SERVERS.flatMap((server) => server.binaries.map((name) => [name, server] as const)));
const BY_IMAGE = new Map(SERVERS.flatMap((server) => server.images.map((name) => [name, server] as const)));

/** What a program of this name does; undefined: it is none of the known servers, or does not lie in the image. */
export function serverText(
  binary: string,
  image: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): string | undefined {
  const server = BY_BINARY.get(binary);
  const own = BY_IMAGE.get(imageBaseName(image));
  if (server === undefined || (own !== server && own !== undefined)) return undefined;
  // A control command, not the server: `nginx -s quit`, `redis-server --version`.
  if (args.some((arg) => arg === '-s' || arg === '-t' || arg === '--version' || arg === '-v')) return undefined;
  return server.text({ version: versionOf(server, image), args, env });
}

/** What a container of the image does that names no program of its own; undefined: nobody knows. */
export function imageServerText(image: string, args: readonly string[], env: Readonly<Record<string, string>>): string | undefined {
  const server = BY_IMAGE.get(imageBaseName(image));
  return server?.text({ version: versionOf(server, image), args, env });
}

export interface ServerImage {
  readonly sizeBytes: number;
  readonly memoryBytes: number;
  readonly idleMilliCpu?: number;
  readonly user?: string;
  readonly requestCostMs?: number;
}

/** Whether what its server does depends on the environment. */
export function readsEnvironment(image: string): boolean {
  return READERS.has(imageBaseName(image));
}

export function serverImage(image: string): ServerImage | undefined {
  return BY_IMAGE.get(imageBaseName(image));
}

/** `nginx:1.27` says that it is nginx/1.27. */
function versionOf({ version = '' }: Server, image: string): string {
  return /:v?(\d+(?:\.\d+)*)[^:/]*$/.exec(image.split('@')[0] ?? '')?.[1] ?? version;
}

function option(args: readonly string[], name: string, otherwise: string): string {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const text = at < 0 ? undefined : args[at]?.includes('=') === true ? args[at]?.slice(name.length + 1) : args[at + 1];
  return text === undefined || text === '' ? otherwise : text;
}

/** MySQL and MariaDB: without a password they refuse to begin. */
function database(title: string, prefix: string, binary: string, version: string, env: Readonly<Record<string, string>>): string {
  const names = [
    'ROOT_PASSWORD',
    'ALLOW_EMPTY_PASSWORD',
    'RANDOM_ROOT_PASSWORD',
    'ROOT_PASSWORD_FILE',
    'ALLOW_EMPTY_ROOT_PASSWORD',
    'ROOT_PASSWORD_HASH',
  ];
  const given = [prefix, 'MYSQL'].some((each) => names.some((name) => (env[`${each}_${name}`] ?? '') !== ''));
  const head = `log [Note] [Entrypoint]: Entrypoint script for ${title} ${version} started.`;
  if (!given) {
    return `${head}; log [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified; log     You need to specify one of the following as an environment variable:; log     - ${prefix}_ROOT_PASSWORD; log     - ${prefix}_ALLOW_EMPTY_${prefix === 'MYSQL' ? '' : 'ROOT_'}PASSWORD; log     - ${prefix}_RANDOM_ROOT_PASSWORD; exit 1`;
  }
  return `${head}; log [Note] [Entrypoint]: Initializing database files; sleep 8; log ${binary}: ready for connections. Version: '${version}'  port: 3306; run; tcp 3306 closed until 8s then open; on-term exit 0 after 1s`;
}

/** The server of Kubernetes' own end-to-end tests. */
function agnhost([mode = 'pause', ...args]: readonly string[]): string {
  switch (mode) {
    case 'netexec':
      return `log Started HTTP server on port ${option(args, '--http-port', '8080')}; run; serve ${option(args, '--http-port', '8080')} 200; on-term exit 0`;
    case 'serve-hostname':
      return `log Serving on port ${option(args, '--port', '9376')}; run; serve ${option(args, '--port', '9376')} 200; on-term exit 0`;
    case 'liveness':
      return 'run; serve 8080 /healthz 200 until 10s then 500; serve 8080 200; on-term exit 0';
    case 'grpc-health-checking':
      return `run; grpc ${option(args, '--port', '5000')} serving; on-term exit 0`;
    default:
      return 'log Paused; run; on-term exit 0';
  }
}
