/** Programs that speak to servers: those that ask whether one is ready, and those that tell the container's own one to end. */
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { ProcessRecord, Wait } from '../../process/world.ts';
import { resolve } from './net.ts';
import { answered } from './netSupport.ts';
import { isWait, options, type Memory } from './support.ts';

export const clientCommands: Readonly<Record<string, Command>> = {
  apachectl: (task, args) => control(task, args.at(-1) ?? '', 'apachectl'),
  mongosh: (task, args, memory) =>
    ask(task, args, memory, { port: 27017, ready: '{ ok: 1 }', failed: (at) => `MongoNetworkError: connect ECONNREFUSED ${at}` }),
  mysql: (task, args, memory) =>
    ask(task, args, memory, {
      port: 3306,
      ready: '1',
      failed: (at) => `ERROR 2003 (HY000): Can't connect to MySQL server on '${at}' (111)`,
    }),
  mysqladmin: (task, args, memory) =>
    ask(task, args, memory, { port: 3306, ready: 'mysqld is alive', failed: (at) => `mysqladmin: connect to server at '${at}' failed` }),
  pg_isready: (task, args, memory) =>
    ask(task, args, memory, {
      port: 5432,
      ready: '/var/run/postgresql:5432 - accepting connections',
      failed: () => '/var/run/postgresql:5432 - no response',
      code: 2,
    }),
  psql: (task, args, memory) =>
    ask(task, args, memory, {
      port: 5432,
      ready: ' ?column? \n----------\n        1\n(1 row)\n',
      failed: (at) => `psql: error: connection to server at "${at}" failed: Connection refused`,
      code: 2,
    }),
  'rabbitmq-diagnostics': (task, args, memory) =>
    ask(task, args, memory, { port: 5672, ready: 'Ping succeeded', failed: () => 'Error: unable to perform an operation on node' }),
  'redis-cli': (task, args, memory) =>
    ask(task, args, memory, { port: 6379, ready: 'PONG', failed: (at) => `Could not connect to Redis at ${at}: Connection refused` }),
  nginx: (task, args) => {
    const signal = args[args.indexOf('-s') + 1] ?? '';
    if (args.includes('-t')) {
      task.complain(
        'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful',
      );
      return 0;
    }
    if (args.includes('-v') || args.includes('-V')) {
      task.complain('nginx version: nginx');
      return 0;
    }
    return control(task, signal, 'nginx');
  },
};

interface Question {
  readonly port: number;
  readonly ready: string;
  readonly failed: (at: string) => string;
  /** Where nobody answers. */
  readonly code?: number;
}

/** Connects to the server; what it would be asked for is not kept anywhere. */
function ask(task: Task, args: readonly string[], memory: Memory, { port: usual, ready, failed, code = 1 }: Question): number | Wait {
  const { values } = options(args, 'hpPUudcean', ['--host', '--port', '--user', '--eval']);
  const host = values.get('h') ?? values.get('--host') ?? '127.0.0.1';
  const given = Number(values.get('P') ?? values.get('--port') ?? values.get('p'));
  const port = Number.isInteger(given) && given > 0 ? given : usual;
  const found = resolve(task, memory, host === 'localhost' || host.startsWith('/') ? '127.0.0.1' : host);
  if (isWait(found)) return found;
  const address = found.ok ? found.addresses[0] : undefined;
  const result =
    address === undefined ? undefined : answered(task, memory, 'connected', (network) => network.connect({ address, port }), 5_000);
  if (isWait(result)) return result;
  if (result?.ok === true) {
    task.print(`${ready}\n`);
    return 0;
  }
  task.complain(failed(`${host}:${port}`));
  return code;
}

/** `nginx -s quit`, `apachectl graceful-stop` */
function control(task: Task, verb: string, name: string): number {
  const server: ProcessRecord | undefined = Object.values(task.kernel.world.processes).find(
    ({ program, exit }) => program.kind === 'server' && exit === null,
  );
  if (server === undefined) {
    task.complain(`${name}: [error] no server is running`);
    return 1;
  }
  if (/^(?:stop|quit|graceful-stop)$/.test(verb)) task.kernel.signal(server.pid, verb === 'stop' ? 'TERM' : 'QUIT');
  return 0;
}
