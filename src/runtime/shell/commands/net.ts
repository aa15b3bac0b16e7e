/** Commands that ask the network: names, ports. Texts as the tools of small images write them. */
import type { DnsMessage, Lookup, Queried, RecordType } from '../../network.ts';
import type { Command, PodNetwork } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { ServerProgram, Wait } from '../../process/world.ts';
import { answered, connectTimeout, isAddress, reasonOf, type Answered } from './netSupport.ts';
import { isWait, options, readAll, seconds, type Memory } from './support.ts';

export const netCommands: Readonly<Record<string, Command>> = {
  dig,
  getent,
  host: (task, args, memory) => nslookup(task, args, memory),
  ifconfig: (task) => {
    const [address = '127.0.0.1'] = task.machine.addresses;
    task.print(
      `eth0      Link encap:Ethernet  HWaddr 0A:58:0A:F4:00:05\n          inet addr:${address}  Bcast:0.0.0.0  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n`,
    );
    task.print(
      'lo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n',
    );
    return 0;
  },
  ip: (task) => {
    const [address = '127.0.0.1'] = task.machine.addresses;
    task.print(
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n',
    );
    task.print(
      `2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n    inet ${address}/24 scope global eth0\n       valid_lft forever preferred_lft forever\n`,
    );
    return 0;
  },
  nc,
  ncat: nc,
  netcat: nc,
  nslookup,
  ping,
  telnet: (task, args, memory) => nc(task, args, memory),
};

/** `nc [-zv] [-w SECONDS] HOST PORT`, `nc -l -p PORT` */
function nc(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, values, names } = options(args, 'wpieqX');
  if (flags.has('l')) return listen(task, Number(values.get('p') ?? names.at(-1) ?? '0'), memory);
  const [host = '', port = ''] = names;
  const waits = seconds(values.get('w') ?? '');
  const found = resolve(task, memory, host);
  if (isWait(found)) return found;
  const address = found.ok ? found.addresses[0] : undefined;
  if (address === undefined) {
    task.complain(`nc: bad address '${host}'`);
    return 1;
  }
  const target = { address, port: Number(port), protocol: flags.has('u') ? ('UDP' as const) : ('TCP' as const) };
  const connected = answered(task, memory, 'connected', (network) => network.connect(target), connectTimeout(waits));
  if (isWait(connected)) return connected;
  const numeric = `${address}:${port}`;
  if (!connected.ok) {
    if (!flags.has('z') || flags.has('v'))
      task.complain(
        `nc: ${flags.has('v') ? `${host} (${numeric})` : `can't connect to remote host (${address})`}: ${reasonOf(connected.failure, waits !== undefined)}`,
      );
    return 1;
  }
  if (flags.has('v')) task.complain(`${host} (${numeric}) open`);
  if (flags.has('z')) return 0;
  // What is sent gets no answer that anybody could read: the other side is no program of lines.
  const input = readAll(task, memory);
  return isWait(input) ? input : 0;
}

/** Waits for connections and answers each with what it was given. */
function listen(task: Task, port: number, memory: Memory): number | Wait {
  const input = readAll(task, memory);
  const body = isWait(input) ? '' : input;
  const page = /^HTTP\/1\.[01] \d+[^\n]*\n(?:[^\n]+\n)*\r?\n([^]*)$/.exec(body)?.[1];
  const program: ServerProgram = {
    kind: 'server',
    text: `run; ${page === undefined ? `tcp ${port} open` : `serve ${port} 200`}; on-term exit 143`,
    ...(page === undefined ? {} : { body: page }),
  };
  task.become(['nc', '-l', '-p', String(port)], task.env, program);
  return 0;
}

/** The addresses of a name. */
export function resolve(task: Task, memory: Memory, host: string): Lookup | Wait {
  if (isAddress(host)) return { ok: true, addresses: [host], canonicalName: host, afterMs: 0 };
  return answered(task, memory, 'lookup', (network) => network.lookup(host), 10_000);
}

/** `nslookup [-type=A] NAME [SERVER]` */
function nslookup(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { values, names } = options(args.map((arg) => arg.replace(/^-(?:query|type|q)=/, '--type=')));
  const [name = '', server] = names;
  const type = (values.get('--type') ?? 'A').toUpperCase() as RecordType;
  const ask = (network: PodNetwork): Queried => network.query(name, type, { search: true, ...(server === undefined ? {} : { server }) });
  const result = answered(task, memory, 'query', ask, 10_000);
  if (isWait(result)) return result;
  if (!result.ok) {
    task.print(
      result.failure === 'timeout'
        ? ';; connection timed out; no servers could be reached\n\n'
        : `nslookup: can't connect to remote host (${result.server}): Connection refused\n`,
    );
    return 1;
  }
  const { message, server: from } = result;
  const isBusyBox = task.machine.has('wget') && !task.machine.has('dig');
  task.print(`Server:\t\t${from}\nAddress:\t${from}${isBusyBox ? ':' : '#'}53\n\n`);
  const found = message.answers.filter((record) => record.type === type || record.type === 'CNAME');
  if (message.status !== 'NOERROR' || found.length === 0) {
    const asked = message.question.name.replace(/\.$/, '');
    if (message.status === 'NOERROR') task.print(`*** Can't find ${asked}: No answer\n\n`);
    else task.print(`** server can't find ${isBusyBox ? asked : name}: ${message.status}\n\n`);
    return 1;
  }
  for (const record of found) {
    const owner = record.name.replace(/\.$/, '');
    if (record.type === 'A' || record.type === 'AAAA') task.print(`Name:\t${owner}\nAddress: ${record.data}\n`);
    else if (record.type === 'CNAME') task.print(`${owner}\tcanonical name = ${record.data}\n`);
    else if (record.type === 'SRV') task.print(`${owner}\tservice = ${record.data}\n`);
    else if (record.type === 'PTR') task.print(`${owner}\tname = ${record.data}\n`);
    else task.print(`${owner}\t${record.type.toLowerCase()} = ${record.data}\n`);
  }
  task.print('\n');
  return 0;
}

/** `dig [+short] [@SERVER] [-t] NAME [TYPE]` */
function dig(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const plus = new Set(args.filter((arg) => arg.startsWith('+')));
  const server = args.find((arg) => arg.startsWith('@'))?.slice(1);
  const words = args.filter((arg) => !/^[+@-]/.test(arg));
  const types = new Set(['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']);
  const type = (words.find((word) => types.has(word.toUpperCase())) ?? 'A').toUpperCase() as RecordType;
  const name = words.find((word) => !types.has(word.toUpperCase())) ?? '.';
  const result = answered(
    task,
    memory,
    'query',
    (network) => network.query(name, type, { search: plus.has('+search'), ...(server === undefined ? {} : { server }) }),
    15_000,
  );
  if (isWait(result)) return result;
  if (!result.ok) {
    task.print(
      `;; communications error to ${result.server}#53: ${result.failure === 'timeout' ? 'timed out' : 'connection refused'}\n;; no servers could be reached\n`,
    );
    return 9;
  }
  const { message } = result;
  if (plus.has('+short')) for (const { data } of message.answers) task.print(`${data}\n`);
  else task.print(`${digText(message, result.server, task.nowMs)}\n`);
  return 0;
}

function digText({ status, authoritative, question, answers, authority, additional }: DnsMessage, server: string, nowMs: number): string {
  const section = (title: string, records: DnsMessage['answers']): string =>
    records.length === 0
      ? ''
      : `;; ${title} SECTION:\n${records.map((record) => `${record.name}\t${record.ttlSeconds}\tIN\t${record.type}\t${record.data}`).join('\n')}\n\n`;
  return [
    `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 4242`,
    `;; flags: qr ${authoritative ? 'aa ' : ''}rd; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length}`,
    '',
    ';; QUESTION SECTION:',
    `;${question.name}\t\tIN\t${question.type}`,
    '',
    `${section('ANSWER', answers)}${section('AUTHORITY', authority)}${section('ADDITIONAL', additional)};; Query time: 0 msec`,
    `;; SERVER: ${server}#53(${server})`,
    `;; WHEN: ${new Date(nowMs).toUTCString()}`,
  ].join('\n');
}

/** `ping [-c COUNT] HOST`: nobody answers echo requests to a virtual address; Pods do. */
function ping(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { values, names } = options(args, 'cwWi');
  const host = names[0] ?? '';
  const found = resolve(task, memory, host);
  if (isWait(found)) return found;
  const address = found.ok ? found.addresses[0] : undefined;
  if (address === undefined) {
    task.complain(`ping: bad address '${host}'`);
    return 1;
  }
  const count = Number(values.get('c') ?? Number.POSITIVE_INFINITY);
  const sent = (memory['sent'] as number | undefined) ?? 0;
  const dueMs = memory['dueMs'] as number | undefined;
  if (dueMs !== undefined && task.nowMs < dueMs) return { for: 'time', atMs: dueMs };
  const probe = task.machine.network?.connect({ address, port: 7 });
  const alive = probe !== undefined && (probe.ok || probe.failure === 'refused');
  if (sent === 0) task.print(`PING ${host} (${address}): 56 data bytes\n`);
  if (sent < count) {
    if (alive) task.print(`64 bytes from ${address}: seq=${sent} ttl=64 time=0.${String(60 + (sent % 7)).padStart(3, '0')} ms\n`);
    Object.assign(memory, {
      sent: sent + 1,
      received: ((memory['received'] as number | undefined) ?? 0) + Number(alive),
      dueMs: task.nowMs + 1000,
    });
    if (sent + 1 < count || !alive) return { for: 'time', atMs: task.nowMs + 1000 };
  }
  const received = (memory['received'] as number | undefined) ?? 0;
  task.print(
    `\n--- ${host} ping statistics ---\n${count} packets transmitted, ${received} packets received, ${Math.round(100 - (100 * received) / count)}% packet loss\n`,
  );
  if (received > 0) task.print('round-trip min/avg/max = 0.060/0.063/0.066 ms\n');
  return received > 0 ? 0 : 1;
}

/** `getent hosts NAME` */
function getent(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const [database = '', name = ''] = args;
  if (!database.includes('hosts')) {
    const read = task.files.read(`/etc/${database}`);
    if (typeof read === 'string') return 2;
    task.out(read.content);
    return 0;
  }
  const found: Answered<Lookup> = resolve(task, memory, name);
  if (isWait(found)) return found;
  if (!found.ok) return 2;
  for (const address of found.addresses) task.print(`${address.padEnd(16)}${found.canonicalName}\n`);
  return 0;
}
