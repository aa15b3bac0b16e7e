import assert from 'node:assert/strict';
import { textResponse } from '../../../../src/runtime/http.ts';
import type { Connected, Responded } from '../../../../src/runtime/network.ts';
import type { PodNetwork } from '../../../../src/runtime/process/machine.ts';
import { Box } from './machine.ts';

const failed = <F extends string>(failure: F, afterMs = 1) => ({ ok: false, failure, afterMs, why: '' }) as const;

/** `web` answers, `down` refuses, `lost` says nothing, `busy` is broken, `moved` is elsewhere, `late` comes up after five seconds. */
class Net implements PodNetwork {
  readonly box: Box;
  private readonly since: number;

  constructor(box: Box) {
    this.box = box;
    this.since = box.nowMs;
  }

  lookup(name: string): ReturnType<PodNetwork['lookup']> {
    const address = { web: '10.0.0.1', down: '10.0.0.2', lost: '10.0.0.3', busy: '10.0.0.4', moved: '10.0.0.5', late: '10.0.0.6' }[name];
    if (address === undefined) return failed('not-found', 5);
    return { ok: true, addresses: [address], canonicalName: `${name}.default.svc.cluster.local`, afterMs: 2 };
  }

  query(name: string): ReturnType<PodNetwork['query']> {
    const found = this.lookup(name);
    const answers = found.ok
      ? [{ name: `${name}.default.svc.cluster.local.`, type: 'A', ttlSeconds: 30, data: found.addresses[0] ?? '' } as const]
      : [];
    const full = `${name}.default.svc.cluster.local.`;
    return {
      ok: true,
      server: '10.96.0.10',
      afterMs: 2,
      message: {
        status: found.ok ? 'NOERROR' : 'NXDOMAIN',
        authoritative: true,
        question: { name: full, type: 'A' },
        answers,
        authority: [],
        additional: [],
      },
    };
  }

  connect({ address }: { readonly address: string }): Connected {
    if (address === '10.0.0.2') return failed('refused');
    if (address === '10.0.0.3' || (address === '10.0.0.6' && this.box.nowMs - this.since < 5_000)) return failed('timeout', 0);
    return { ok: true, afterMs: 1 };
  }

  request({ address }: { readonly address: string }, { method, path, headers, body }: Parameters<PodNetwork['request']>[1]): Responded {
    const connected = this.connect({ address });
    if (!connected.ok) return connected;
    if (address === '10.0.0.4') return { ok: true, response: textResponse(503, 'no\n'), afterMs: 1 };
    if (address === '10.0.0.5')
      return { ok: true, response: { ...textResponse(301, ''), headers: { location: 'http://web/new' } }, afterMs: 1 };
    return { ok: true, response: textResponse(200, `${method} ${path} ${headers['host'] ?? ''} ${body}\n`), afterMs: 3 };
  }
}

function play(
  script: string,
  lacks: readonly string[] = ['apt-get', 'bash', 'dig'],
): { readonly log: string; readonly code: number | undefined; readonly ms: number } {
  const box = new Box();
  box.lacks = new Set(lacks);
  box.network = new Net(box);
  box.script(script);
  const begin = box.nowMs;
  for (let next = box.kernel.run(); next !== undefined && box.exitCode === undefined; next = box.kernel.run()) box.nowMs = next;
  return { log: box.log, code: box.exitCode, ms: box.nowMs - begin };
}

const cases: readonly (readonly [script: string, log: string, code?: number, ms?: number])[] = [
  ['wget -qO- http://web/a?b=1', 'GET /a?b=1 web \n', 0, 5],
  [
    'wget -O /dev/null http://web',
    "Connecting to web (10.0.0.1:80)\nsaving to '/dev/null'\nnull                 100% |********************************|    11  0:00:00 ETA\n'/dev/null' saved\n",
  ],
  ['wget -q http://down', "wget: can't connect to remote host (10.0.0.2): Connection refused\n", 1],
  ['wget -q -T 2 http://lost', 'wget: download timed out\n', 1, 2_002],
  ['wget http://none', "wget: bad address 'none'\n", 1],
  ['wget -q -O- http://busy', 'wget: server returned error: HTTP/1.1 503 Service Unavailable\n', 1],
  ['wget -q -O- http://moved', 'GET /new web \n'],
  ['wget -q --spider http://web:8080 && echo up', 'up\n'],
  ['wget -qO- --post-data=x=1 --header="Host: shop" http://web', 'POST / shop x=1\n'],
  ['wget -qO- http://late', 'GET / late \n', 0, 7_005],
  ['curl -s http://web:81/', 'GET / web:81 \n'],
  ['curl -sS http://down', 'curl: (7) Failed to connect to down port 80 after 3 ms: Could not connect to server\n', 7],
  ['curl -s http://down', '', 7],
  ['curl --max-time 2 http://lost', 'curl: (28) Connection timed out after 2002 milliseconds\n', 28],
  ['curl --connect-timeout 1 http://lost', 'curl: (28) Connection timed out after 1002 milliseconds\n', 28],
  ['curl -fsS http://busy', 'curl: (22) The requested URL returned error: 503\n', 22],
  ['curl -s -o /dev/null -w "%{http_code}\\n" http://busy', '503\n'],
  ['curl -s -o /dev/null -w "<%{redirect_url}> %{time_namelookup}\\n" http://busy', '<> 0.000300\n'],
  ['curl -sL http://moved; curl -s http://moved', 'GET /new web \n'],
  ['curl -s -X PUT -d a=1 -H "Host: x" http://web', 'PUT / x a=1\n'],
  ['curl -s -d a=1 --data b=ü -dc=3 http://web', 'POST / web a=1&b=ü&c=3\n'],
  ['wget -qO- --post-data=ü http://web', 'POST / web ü\n'],
  ['curl -sv -X DELETE http://web 2>&1 | grep "^>" | head -n 1', '> DELETE / HTTP/1.1\n'],
  ['curl -sI http://web | head -n 1', 'HTTP/1.1 200 OK\r\n'],
  ['curl http://none', 'curl: (6) Could not resolve host: none\n', 6],
  ['nc -zv web 80; nc -zv down 80', 'web (10.0.0.1:80) open\nnc: down (10.0.0.2:80): Connection refused\n', 1],
  ['nc -z -w 1 lost 80; echo $?', '1\n', 0, 1_002],
  ['nc -z late 80 && echo there', 'there\n', 0, 7_003],
  ['nslookup web', 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.0.0.1\n\n'],
  [
    'nslookup none',
    "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find none.default.svc.cluster.local: NXDOMAIN\n\n",
    1,
  ],
  ['getent hosts web; getent hosts none', '10.0.0.1        web.default.svc.cluster.local\n', 2],
  ['until nc -z -w 1 late 80; do echo waiting; sleep 1; done; echo go', 'waiting\nwaiting\nwaiting\ngo\n'],
];

describe('tools that ask the network', () => {
  for (const [script, log, code = 0, ms] of cases) {
    it(script, () => {
      const played = play(script);
      assert.deepEqual([played.log, played.code], [log, code]);
      if (ms !== undefined) assert.equal(played.ms, ms);
    });
  }

  it('dig as the tools of Debian write it', () => {
    assert.equal(play('dig +short web', []).log, '10.0.0.1\n');
    assert.match(play('nslookup web', []).log, /Address:\t10\.96\.0\.10#53\n/);
  });
});
