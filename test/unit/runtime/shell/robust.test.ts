import fc from 'fast-check';
import assert from 'node:assert/strict';
import { Box } from './machine.ts';

const WORDS = [
  'echo', 'cat', 'x=1', '$x', '${x', '${x:-', '}', '$(', ')', '$((', '))', '`', '"', "'", '\\', '|', '||', '&&', '&', ';', ';;', '\n', 'if', 'then', 'else', 'fi',
  'while', 'until', 'do', 'done', 'for i in', 'case', 'in', 'esac', '{', '}', '(', '[', ']', '[[', ']]', '!', '<', '>', '>>', '<<E', 'E', '2>&1', '&>', '<<<', 'f()', 'return',
  'break', 'continue', 'exit', 'trap', 'wait', 'read', 'set -e', 'set -u', 'eval', 'exec', '. /etc/fruits', 'test', '-a', '-o', '=', '*', '?', '[a-', '~', '#', '1', '-1', '0x', '/',
  'sed', 's/a/b/', 'awk', '{print $1', 'grep', 'head', '-c', 'tail -f', 'sort', 'cut -f', 'tr a-z', 'xargs', 'printf', '%d%s', '%999999999s', 'seq', 'date -d', '@99999999999999999', 'dd if=', 'sleep', 'yes',
  'base64 -d', 'timeout', 'kill', '$$', 'sh -c', 'wget', 'curl', 'http://', 'nc -l', 'nslookup', 'ping', 'env', '{1..9}{1..9}', 'getopts', 'shift 9', 'local', 'tar cf -', 'find', 'stress', 'expr', 'ps',
]; // prettier-ignore

describe('whatever is written in a script', () => {
  it('is carried out or complained of, never a bug', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }), fc.boolean(), (words, spaced) => {
        const box = new Box();
        box.script(words.join(spaced ? ' ' : ''));
        for (let turn = 0; turn < 30 && box.exitCode === undefined; turn++) box.pass(10_000);
      }),
      { numRuns: 300 },
    );
  });

  it('is no deeper than anybody can follow', () => {
    const deep = (open: string, close: string): string => `${open.repeat(20_000)}1${close.repeat(20_000)}`;
    for (const script of [
      `echo ${deep('$((', '))')}`,
      `echo $(( ${deep('(', ')')} ))`,
      `echo ${deep('${x:-', '}')}`,
      deep('(', ')'),
      deep('{ ', '; }'),
      `awk 'BEGIN { print ${deep('(', ')')} }'`,
      `echo ${deep('"$(', ')"')}`,
      `expr ${'\\( '.repeat(300)}1`,
    ]) {
      const box = new Box().script(script);
      box.pass(1_000);
      assert.notEqual(box.exitCode, undefined);
    }
  });

  it('is as large as a container may hold, at most', () => {
    const box = new Box().script(
      'a=0123456789; while [ ${#a} -lt 100000000 ] && [ $((n++)) -lt 20 ]; do a="$a$a"; done; echo ${#a}; i=0; echo x > /tmp/f; while [ $((i++)) -lt 24 ]; do cat /tmp/f /tmp/f > /tmp/g; mv /tmp/g /tmp/f; done; echo end; echo $((2 ** 99999 & 1)) $((1 << 70)); printf "%.500f" 1 | wc -c; date -d @99999999999999999999',
    );
    box.pass(600_000);
    assert.match(box.log, /^4194304\nend\n0 64\n102\ndate: invalid date '@99999999999999999999'\n$/);
  });
});
