import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../../src/runtime/files/bytes.ts';
import { FileSystem, type Layer } from '../../../../src/runtime/files/fileSystem.ts';
import { COMMANDS } from '../../../../src/runtime/shell/commands/commands.ts';
import { COMMAND_NAMES } from '../../../../src/runtime/shell/names.ts';
import { Input, type Execution, type Process } from '../../../../src/runtime/shell/process.ts';
import { RunningProcess } from '../../../../src/runtime/shell/running.ts';
import { Shell } from '../../../../src/runtime/shell/shell.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A container with a root that can be written and a ConfigMap that cannot. */
function machine(now = { ms: START }) {
  const file = (content: string) => ({ kind: 'file', content, mode: 0o644, atMs: START }) as const;
  const upper: Layer = {};
  const files = new FileSystem(
    [
      {
        path: '',
        readOnly: false,
        lower: { tmp: { kind: 'directory', mode: 0o755, atMs: 0 }, 'etc/fruits': file('pear\napple\npear\n') },
        upper,
      },
      { path: '/config', readOnly: true, lower: { 'color.txt': file('blue\n') }, upper: {} },
    ],
    () => now.ms,
  );
  return {
    files,
    hostName: 'web',
    commands: COMMANDS,
    user: { id: 0, group: 0, name: 'root' },
    command: 'web',
    startedAtMs: START,
    nowMs: () => now.ms,
    fetch: (host: string) => (host === 'localhost' ? { code: 200, body: 'page\n' } : ('bad address' as const)),
  };
}

function start(script: string, input = new Input('', true), now = { ms: START }, own = machine(now)) {
  const output = { out: '', err: '' };
  const process: Process = {
    machine: own,
    env: { NAME: 'Ann', LIST: 'a b', HOME: '/root' },
    cwd: '/',
    input,
    out: (bytes) => void (output.out += bytes),
    err: (bytes) => void (output.err += bytes),
  };
  const execution: Execution = new Shell(process).script(script);
  return { running: new RunningProcess(execution, input, () => now.ms), output };
}

describe('the shell', () => {
  const cases: readonly (readonly [script: string, out: string, code?: number, err?: string])[] = [
    ['echo hello world', 'hello world\n'],
    ["echo 'a  b' \"$NAME\" $NAME'!'", 'a  b Ann Ann!\n'],
    ['echo ${NONE:-nobody} ${NAME:+yes} ${#NAME} $((2 + 3 * 4))', 'nobody yes 3 14\n'],
    ['for x in $LIST c; do echo "<$x>"; done', '<a>\n<b>\n<c>\n'],
    ['echo "$LIST" | wc -w', '2\n'],
    ['false || echo no && echo yes', 'no\nyes\n'],
    ['if [ -f /config/color.txt ]; then cat /config/color.txt; else echo none; fi', 'blue\n'],
    ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n'],
    ['sort -u /etc/fruits | head -n 1', 'apple\n'],
    ['grep -c pear /etc/fruits', '2\n'],
    ['grep plum /etc/fruits', '', 1],
    ['sed s/pear/plum/ /etc/fruits | tail -1', 'plum\n'],
    ['echo hi > /tmp/x; cat < /tmp/x; echo more >> /tmp/x; wc -l /tmp/x', 'hi\n2 /tmp/x\n'],
    ['echo no > /config/y', '', 1, "sh: can't create /config/y: Read-only file system\n"],
    ['cat /nothing', '', 1, 'cat: /nothing: No such file or directory\n'],
    ['cat /nothing 2>&1 | grep -c such', '1\n'],
    ['nosuch', '', 127, 'sh: nosuch: not found\n'],
    ['exit 3; echo never', '', 3],
    ["sh -c 'echo $0 $1' zero one", 'zero one\n'],
    ['X=$(echo in | tr a-z A-Z); echo $X', 'IN\n'],
    ['ls /', 'config\netc\ntmp\n'],
    ['mkdir -p /tmp/a/b && touch /tmp/a/b/c && find /tmp -type f && rm -r /tmp/a && ls /tmp', '/tmp/a/b/c\n'],
    ['cd /tmp && pwd', '/tmp\n'],
    ['printf "%s-%d\\n" a 1 b 2', 'a-1\nb-2\n'],
    ['NAME=Bob env | grep ^NAME', 'NAME=Bob\n'],
    ['date +%F', '2026-01-02\n'],
    ['wget -qO- http://localhost/', 'page\n'],
    ['wget -qO- http://elsewhere/', '', 1, "wget: bad address 'elsewhere'\n"],
    ['if true; then', '', 2, 'sh: syntax error: unexpected end of file (expecting "fi")\n'],
    ["echo 'x", '', 2, 'sh: syntax error: unterminated quoted string\n'],
  ];
  for (const [script, out, code = 0, err = ''] of cases) {
    it(script, () => {
      const { running, output } = start(script);
      running.run();
      assert.deepEqual({ code: running.exitCode, out: decodeUtf8(output.out), err: decodeUtf8(output.err) }, { code, out, err });
    });
  }

  it('sleeps in virtual time', () => {
    const now = { ms: START };
    const { running, output } = start('echo a; sleep 2; echo b', new Input('', true), now);
    running.run();
    now.ms += 1999;
    running.run();
    assert.deepEqual([running.exitCode, output.out], [undefined, 'a\n']);
    now.ms += 1;
    running.run();
    assert.deepEqual([running.exitCode, output.out], [0, 'a\nb\n']);
  });

  it('reads lines as they come', () => {
    const { running, output } = start('read x; echo "got $x"; cat', new Input());
    running.run();
    assert.equal(running.exitCode, undefined);
    running.write('one\ntwo');
    running.run();
    running.closeInput();
    running.run();
    assert.deepEqual([running.exitCode, output.out], [0, 'got one\ntwo']);
  });

  it('packs and unpacks, with long names and any bytes', () => {
    const own = machine();
    const long = `/tmp/${'d'.repeat(60)}/${'e'.repeat(60)}`;
    const packed = start(`mkdir -p ${long}; echo äöü > ${long}/f; tar cf - /tmp`, new Input('', true), { ms: START }, own);
    packed.running.run();
    assert.equal(decodeUtf8(packed.output.err), "tar: removing leading '/' from member names\n");
    assert.equal(packed.output.out.length % 512, 0);
    const unpacked = start(`tar xmf - -C /etc; cat /etc${long}/f`, new Input(packed.output.out, true), { ms: START }, own);
    unpacked.running.run();
    assert.equal(decodeUtf8(unpacked.output.out), 'äöü\n');
  });

  it('has a file in /bin for each command', () => {
    assert.deepEqual(COMMAND_NAMES.toSorted(), [...COMMANDS.keys()].toSorted());
    assert.equal(decodeUtf8(encodeUtf8('žluť')), 'žluť');
  });
});
