/**
 * What the well-known images are like that builds begin with: how large they are, and what a container of them starts with.
 * Invariant: data and lookups; an image that is not here is taken as a plain Linux of middle size.
 * Counterpart: the official images of these names.
 */
import { imageDigestOf } from '../../api/kubepad/image/digest.ts';
import { DEFAULT_TAG, parseReference, repositoryName, type Reference } from '../../api/kubepad/image/reference.ts';
import type { ImageConfig, ImageLayer, ImageVariable } from '../../api/kubepad/image/types.ts';
import { isOfficial } from './official.ts';

export interface BaseImage {
  /** The whole name with its tag: `docker.io/library/node:24-alpine`. */
  readonly name: string;
  readonly digest: string;
  readonly layers: readonly ImageLayer[];
  readonly config: ImageConfig;
  /** What installs packages in it, if anything; `no shell`: nothing can be run in it but its own program. */
  readonly packages: 'apk' | 'apt' | 'dnf' | 'none' | 'no shell';
}

interface Known {
  readonly megabytes: number;
  readonly slim?: number;
  readonly alpine?: number;
  /** What the plain tag is made of; default apt. */
  readonly packages?: BaseImage['packages'];
  readonly config?: ImageConfig;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const env = (values: Readonly<Record<string, string>> = {}): readonly ImageVariable[] =>
  Object.entries({ PATH, ...values }).map(([name, value]) => ({ name, value }));
const shell = (name: string): ImageConfig => ({ env: env(), cmd: [name] });

/** By the last part of the path; sizes are those of amd64, rounded. */
const KNOWN: Readonly<Record<string, Known>> = {
  alpine: { megabytes: 8.3, packages: 'apk', config: shell('/bin/sh') },
  busybox: { megabytes: 4.4, packages: 'none', config: { cmd: ['sh'], env: env() } },
  debian: { megabytes: 117, slim: 75, config: shell('bash') },
  ubuntu: { megabytes: 78, config: shell('/bin/bash') },
  amazonlinux: { megabytes: 143, packages: 'dnf', config: shell('/bin/bash') },
  fedora: { megabytes: 170, packages: 'dnf', config: shell('/bin/bash') },
  rockylinux: { megabytes: 186, packages: 'dnf', config: shell('/bin/bash') },
  ubi: { megabytes: 210, packages: 'dnf', config: shell('/bin/bash') },
  'ubi-minimal': { megabytes: 96, packages: 'dnf', config: shell('/bin/bash') },
  node: {
    megabytes: 1120,
    slim: 230,
    alpine: 162,
    config: { entrypoint: ['docker-entrypoint.sh'], cmd: ['node'], env: env({ NODE_VERSION: 'VERSION', YARN_VERSION: '1.22.22' }) },
  },
  python: { megabytes: 1020, slim: 125, alpine: 45, config: { cmd: ['python3'], env: env({ PYTHON_VERSION: 'VERSION' }) } },
  golang: {
    megabytes: 840,
    alpine: 250,
    config: {
      cmd: ['bash'],
      workingDir: '/go',
      env: [
        { name: 'PATH', value: `/go/bin:/usr/local/go/bin:${PATH}` },
        { name: 'GOLANG_VERSION', value: 'VERSION' },
        { name: 'GOPATH', value: '/go' },
      ],
    },
  },
  rust: {
    megabytes: 1530,
    slim: 780,
    alpine: 900,
    config: {
      cmd: ['bash'],
      env: [
        { name: 'PATH', value: `/usr/local/cargo/bin:${PATH}` },
        { name: 'CARGO_HOME', value: '/usr/local/cargo' },
        { name: 'RUST_VERSION', value: 'VERSION' },
      ],
    },
  },
  ruby: { megabytes: 1010, slim: 210, alpine: 90, config: { cmd: ['irb'], env: env({ RUBY_VERSION: 'VERSION' }) } },
  php: {
    megabytes: 530,
    alpine: 105,
    config: { entrypoint: ['docker-php-entrypoint'], cmd: ['php', '-a'], env: env({ PHP_VERSION: 'VERSION' }) },
  },
  openjdk: { megabytes: 470, slim: 400, alpine: 330, config: { cmd: ['jshell'], env: env({ JAVA_HOME: '/usr/local/openjdk' }) } },
  'eclipse-temurin': {
    megabytes: 450,
    alpine: 330,
    config: {
      cmd: ['jshell'],
      entrypoint: ['/__cacert_entrypoint.sh'],
      env: [
        { name: 'PATH', value: `/opt/java/openjdk/bin:${PATH}` },
        { name: 'JAVA_HOME', value: '/opt/java/openjdk' },
      ],
    },
  },
  amazoncorretto: {
    megabytes: 470,
    alpine: 300,
    packages: 'dnf',
    config: { env: env({ JAVA_HOME: '/usr/lib/jvm/java-amazon-corretto' }) },
  },
  maven: {
    megabytes: 540,
    alpine: 380,
    config: { entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'], cmd: ['mvn'], env: env({ MAVEN_HOME: '/usr/share/maven' }) },
  },
  gradle: { megabytes: 780, alpine: 620, config: { cmd: ['gradle'], env: env({ GRADLE_HOME: '/opt/gradle' }) } },
  aspnet: { megabytes: 220, alpine: 110, config: { env: env({ ASPNETCORE_HTTP_PORTS: '8080' }), ports: ['8080/tcp'] } },
  sdk: { megabytes: 850, alpine: 690, config: { env: env({ DOTNET_VERSION: 'VERSION' }), cmd: ['bash'] } },
  nginx: {
    megabytes: 192,
    alpine: 52,
    config: {
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['nginx', '-g', 'daemon off;'],
      ports: ['80/tcp'],
      stopSignal: 'SIGQUIT',
      env: env({ NGINX_VERSION: 'VERSION' }),
    },
  },
  httpd: {
    megabytes: 148,
    alpine: 62,
    config: {
      cmd: ['httpd-foreground'],
      ports: ['80/tcp'],
      stopSignal: 'SIGWINCH',
      workingDir: '/usr/local/apache2',
      env: env({ HTTPD_PREFIX: '/usr/local/apache2' }),
    },
  },
  caddy: {
    megabytes: 52,
    alpine: 52,
    packages: 'apk',
    config: {
      cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
      ports: ['80/tcp', '443/tcp'],
      workingDir: '/srv',
      env: env(),
    },
  },
  redis: {
    megabytes: 137,
    alpine: 61,
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['redis-server'],
      ports: ['6379/tcp'],
      volumes: ['/data'],
      workingDir: '/data',
      env: env({ REDIS_VERSION: 'VERSION' }),
    },
  },
  postgres: {
    megabytes: 430,
    alpine: 275,
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['postgres'],
      ports: ['5432/tcp'],
      volumes: ['/var/lib/postgresql/data'],
      stopSignal: 'SIGINT',
      env: env({ PGDATA: '/var/lib/postgresql/data' }),
    },
  },
  mysql: {
    megabytes: 590,
    packages: 'dnf',
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['mysqld'],
      ports: ['3306/tcp', '33060/tcp'],
      volumes: ['/var/lib/mysql'],
      env: env(),
    },
  },
  mariadb: {
    megabytes: 400,
    config: { entrypoint: ['docker-entrypoint.sh'], cmd: ['mariadbd'], ports: ['3306/tcp'], volumes: ['/var/lib/mysql'], env: env() },
  },
  mongo: {
    megabytes: 830,
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['mongod'],
      ports: ['27017/tcp'],
      volumes: ['/data/configdb', '/data/db'],
      env: env(),
    },
  },
  memcached: {
    megabytes: 84,
    alpine: 10,
    config: { entrypoint: ['docker-entrypoint.sh'], cmd: ['memcached'], ports: ['11211/tcp'], user: 'memcache', env: env() },
  },
  rabbitmq: {
    megabytes: 250,
    alpine: 170,
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['rabbitmq-server'],
      ports: ['5672/tcp'],
      volumes: ['/var/lib/rabbitmq'],
      env: env(),
    },
  },
  tomcat: {
    megabytes: 460,
    config: {
      cmd: ['catalina.sh', 'run'],
      ports: ['8080/tcp'],
      workingDir: '/usr/local/tomcat',
      env: env({ CATALINA_HOME: '/usr/local/tomcat' }),
    },
  },
  static: {
    megabytes: 2.1,
    packages: 'none',
    config: {
      user: '0',
      env: [
        { name: 'PATH', value: PATH },
        { name: 'SSL_CERT_FILE', value: '/etc/ssl/certs/ca-certificates.crt' },
      ],
    },
  },
  'static-debian12': {
    megabytes: 2.1,
    packages: 'none',
    config: {
      user: '0',
      env: [
        { name: 'PATH', value: PATH },
        { name: 'SSL_CERT_FILE', value: '/etc/ssl/certs/ca-certificates.crt' },
      ],
    },
  },
};

const PLAIN: Known = { megabytes: 120, config: { env: env() } };
const MEGA = 1_000_000;

/** An image that no Image object describes; undefined if nobody has one of that name. */
export function baseImageOf(text: string): BaseImage | undefined {
  const reference = parseReference(text);
  if (reference === undefined) return undefined;
  // What is of Docker Hub's official library must be in it; who else has what cannot be known.
  if (reference.registry === 'docker.io' && reference.path.startsWith('library/') && !isOfficial(text)) return undefined;
  const name = `${repositoryName(reference)}${reference.digest === undefined ? `:${reference.tag ?? DEFAULT_TAG}` : `@${reference.digest}`}`;
  const known = KNOWN[reference.path.split('/').at(-1) ?? ''] ?? PLAIN;
  const { size, packages } = variant(known, reference);
  const layers = layersFor(name, size);
  const config = withVersion(known.config ?? {}, reference.tag ?? '');
  return {
    name,
    digest: reference.digest ?? imageDigestOf({ repository: repositoryName(reference), layers, config }),
    layers,
    config,
    packages,
  };
}

function variant(
  { megabytes, slim, alpine, packages = 'apt' }: Known,
  { tag = '', path }: Reference,
): { readonly size: number; readonly packages: BaseImage['packages'] } {
  if (path.includes('distroless')) return { size: megabytes, packages: tag.includes('debug') ? 'none' : 'no shell' };
  if (tag.includes('alpine')) return { size: alpine ?? megabytes, packages: 'apk' };
  if (tag.includes('slim')) return { size: slim ?? megabytes, packages };
  return { size: megabytes, packages };
}

/** A base is a root file system and, if it is large, what was installed over it. */
function layersFor(name: string, megabytes: number): readonly ImageLayer[] {
  const root = Math.min(megabytes, 30 + megabytes * 0.1);
  const sizes = megabytes - root < 1 ? [megabytes] : [root, (megabytes - root) * 0.8, (megabytes - root) * 0.2];
  return sizes.map((size, index) => ({ size: Math.round(size * MEGA), createdBy: `${name} (${index + 1}/${sizes.length})` }));
}

/** `24-alpine` says that it is version 24; a tag that is none leaves the variable out. */
function withVersion(config: ImageConfig, tag: string): ImageConfig {
  const [version] = /^\d+(?:\.\d+)*/.exec(tag) ?? [];
  if (config.env === undefined) return config;
  return {
    ...config,
    env: config.env.flatMap((each) => (each.value !== 'VERSION' ? [each] : version === undefined ? [] : [{ ...each, value: version }])),
  };
}
