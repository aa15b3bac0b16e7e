import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import type { PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { RemoteProcess } from '../../../../src/apiserver/endpoints/nodeApi.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createPod, getPod, readyCluster, run, summary } from '../support.ts';

/** A Pod `box` with a container that runs a command, and what is done to it from outside. */
function open(command: readonly string[] | undefined, more: Partial<Draft<PodSpec['containers'][number]>> = {}, image = 'busybox:1.37') {
  const cluster = readyCluster();
  createPod(cluster, 'box', undefined, {
    restartPolicy: 'Never',
    containers: [
      { name: 'app', image, ...(command === undefined ? {} : { command: [...command] }), ...more },
    ] as Draft<PodSpec>['containers'],
  });
  run(cluster, 10);
  return { cluster, ...doors(cluster) };
}

function doors(cluster: Cluster) {
  const server = cluster.kubelets.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) });
  const seen = { out: '', err: '' };
  const output = {
    out: (bytes: Uint8Array) => void (seen.out += new TextDecoder().decode(bytes)),
    err: (bytes: Uint8Array) => void (seen.err += new TextDecoder().decode(bytes)),
  };
  const begun = (begin: ReturnType<typeof server.exec>): RemoteProcess => {
    assert(typeof begin !== 'string', String(begin));
    return begin(output);
  };
  return {
    seen,
    exec: (command: readonly string[], { stdin = false, tty = false } = {}) =>
      begun(server.exec(getPod(cluster, 'box')!, 'app', { command, stdin, tty })),
    attach: ({ stdin = true, tty = false } = {}) => begun(server.attach(getPod(cluster, 'box')!, 'app', { stdin, tty })),
    refused: () => server.attach(getPod(cluster, 'box')!, 'app', { stdin: true, tty: false }),
    log: () => cluster.kubelets.readLogs({ namespace: 'default', pod: 'box', container: 'app' })?.map(({ text }) => text),
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('commands run in a container', () => {
  it('give their output, errors and code at once, if they can', () => {
    const { exec, seen } = open(['sleep', '3600']);
    const done = exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    done.run();
    assert.deepEqual([done.exitCode, seen], [7, { out: 'out\n', err: 'err\n' }]);
  });

  it('go on in virtual time', () => {
    const { cluster, exec, seen } = open(['sleep', '3600']);
    const slow = exec(['sh', '-c', 'echo a; sleep 5; echo b']);
    slow.run();
    assert.deepEqual([slow.exitCode, seen.out], [undefined, 'a\n']);
    run(cluster, 6);
    slow.run();
    assert.deepEqual([slow.exitCode, seen.out], [0, 'a\nb\n']);
  });

  it('read what is sent', () => {
    const { exec, seen } = open(['sleep', '3600']);
    const cat = exec(['sh', '-c', 'read x; echo "<$x>"; cat | tr a-z A-Z'], { stdin: true });
    cat.write(bytes('one\nto the end'));
    assert.equal(cat.exitCode, undefined);
    cat.closeInput();
    assert.deepEqual([cat.exitCode, seen.out], [0, '<one>\nTO THE END']);
  });

  it('at a terminal edit lines and end with Control-C, the shell goes on', () => {
    const { exec, seen } = open(['sleep', '3600']);
    const shell = exec(['sh'], { stdin: true, tty: true });
    shell.run();
    shell.write(bytes('sleeep\u007f\u007f\u007fep 100\r'));
    shell.write(bytes('\u0003'));
    shell.write(bytes('echo $?\rexit 5\r'));
    assert.equal(shell.exitCode, 5);
    assert.match(seen.out, /130\r\n/);
  });

  it('at a terminal show what is complained of where it comes up', () => {
    const { exec, seen } = open(['sleep', '3600']);
    exec(['sh', '-c', 'echo one; ls /nowhere; echo two'], { tty: true }).run();
    assert.equal(seen.out, 'one\r\nls: /nowhere: No such file or directory\r\ntwo\r\n');
  });

  it('find the names of this machine in its hosts file', () => {
    const { exec, seen } = open(['sleep', '3600']);
    exec(['sh', '-c', 'grep -c ip6- /etc/hosts; tail -1 /etc/hosts']).run();
    assert.match(seen.out, /^5\n10\.244\.\d+\.\d+\tbox\n$/);
  });

  it('ends with Control-C what stands in front, with all that it has started, and nothing else', () => {
    const { exec, seen } = open(['sleep', '3600']);
    const shell = exec(['sh'], { stdin: true, tty: true });
    shell.run();
    for (const line of ['sleep 111 &\r', 'sh\r', '(sleep 222; echo never)\r', '\u0003', 'echo inner $?\rexit\r']) shell.write(bytes(line));
    shell.write(bytes('ps | grep -c "sleep 111" ; ps | grep -c "sleep 222"\r'));
    assert.match(seen.out, /inner 130\r\n/);
    assert.match(seen.out, /"sleep 222"\r\n1\r\n0\r\n/);
  });

  it('see and end the processes of the container', () => {
    const { cluster, exec, seen } = open(['sh', '-c', 'sleep 500 & wait; echo over; exit 3']);
    exec(['sh', '-c', 'ps | grep -c "sleep 500"; kill 2']).run();
    run(cluster, 5);
    assert.match(seen.out, /^4\n$/);
    assert.equal(getPod(cluster, 'box')?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 3);
  });

  it('ask a server to end, which ends its container', () => {
    const { cluster, exec, log } = open(undefined, {}, 'nginx:1.29');
    exec(['sh', '-c', 'echo from beside > /proc/1/fd/1; nginx -s quit']).run();
    run(cluster, 5);
    assert.match(summary(cluster, 'box'), /^Succeeded/);
    assert.equal(log()?.at(-1), 'from beside');
  });

  it('are refused where there is no such program', () => {
    const { exec } = open(['sleep', '3600']);
    assert.match(exec(['bash']).failure ?? '', /exec: "bash": executable file not found in \$PATH$/);
    assert.match(exec(['/opt/none']).failure ?? '', /exec: "\/opt\/none": stat \/opt\/none: no such file or directory$/);
  });

  it('that somebody attached to types into: the container ends with its shell', () => {
    const { cluster, attach, refused, seen, log } = open(undefined, { stdin: true, tty: true });
    const shell = attach({ tty: true });
    shell.run();
    assert.equal(seen.out, '/ # ');
    shell.write(bytes('echo $((6 * 7))\rexit 2\r'));
    assert.match(seen.out, /42\r\n/);
    run(cluster, 5);
    shell.run();
    // How it ended is told by the Pod alone.
    assert.equal(shell.exitCode, 0);
    assert.equal(refused(), 'unable to upgrade connection: container app not found in pod box_default');
    assert.ok(log()?.includes('42'));
    assert.match(summary(cluster, 'box'), /^Failed/);
  });

  it('whose caller has gone keep nothing for it: output is lost, input is at its end', () => {
    const { cluster, exec, seen } = open(['sleep', '3600']);
    const chatty = exec(['sh', '-c', 'while true; do echo tick; sleep 1; done']);
    const typed = exec(['sh', '-c', 'cat; touch /tmp/ended; sleep 100'], { stdin: true });
    run(cluster, 2);
    for (const each of [chatty, typed]) each.close();
    run(cluster, 60);
    chatty.run();
    assert.equal(seen.out, '');
    exec(['sh', '-c', 'ls /tmp; ps | grep -c tick']).run();
    assert.match(seen.out, /^ended\n[1-9]/);
    const stored = JSON.stringify(cluster.kubelets.checkpoint());
    assert.ok(!stored.includes('tick\\ntick'));
  });

  it('close the input of a container that only the first may type to', () => {
    const { cluster, attach } = open(undefined, { stdin: true, stdinOnce: true });
    attach().close();
    run(cluster, 5);
    assert.match(summary(cluster, 'box'), /^Succeeded/);
    const other = open(undefined, { stdin: true });
    other.attach().close();
    run(other.cluster, 5);
    assert.match(summary(other.cluster, 'box'), /^Running/);
  });

  it('without anybody a shell ends at once', () => {
    const { cluster } = open(undefined);
    assert.match(summary(cluster, 'box'), /^Succeeded/);
  });
});
