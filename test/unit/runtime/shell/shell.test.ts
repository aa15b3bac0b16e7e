import assert from 'node:assert/strict';
import { Box, START } from './machine.ts';

/** What process 1 of a container with the script has written and ended with; stderr comes in the same log. */
function check(script: string, log: string, code = 0): void {
  it(script, () => {
    const box = new Box().script(script);
    box.pass(60_000);
    assert.deepEqual({ log: box.log, code: box.exitCode }, { log, code });
  });
}

describe('the shell', () => {
  describe('words', () => {
    check('echo hello world', 'hello world\n');
    check("echo 'a  b' \"$NAME\" $NAME'!'", 'a  b Ann Ann!\n');
    check('echo ${NONE:-nobody} ${NAME:+yes} ${#NAME} $((2 + 3 * 4))', 'nobody yes 3 14\n');
    check('V=a.b.c; echo ${V%.*} ${V%%.*} ${V#*.} ${V##*.}', 'a.b a b.c c\n');
    check('V=hello; echo ${V/l/L} ${V//l/L} ${V:1:3} ${V:-x}', 'heLlo heLLo ell hello\n');
    check('echo "${UNSET:-$(echo a b)}" ${X:=7} $X', 'a b 7 7\n');
    check(': ${MISSING:?is needed}; echo never', 'sh: MISSING: is needed\n', 2);
    check('set -u; echo $NOPE; echo never', 'sh: NOPE: parameter not set\n', 2);
    check('set -- one "two three"; for x in "$@"; do echo "<$x>"; done; echo $#', '<one>\n<two three>\n2\n');
    check('set -- a b; echo "$*" "x$@y"; shift; echo $1', 'a b xa by\nb\n');
    check('for x in "$@"; do echo never; done; echo done', 'done\n');
    check('IFS=,; V=a,b,,c; for x in $V; do echo "<$x>"; done', '<a>\n<b>\n<>\n<c>\n');
    check('echo $((1 + 1 == 2 && 3 > 2)) $((010 + 0x10)) $((7 / 2)) $((-7 % 3)) $((2 ** 10))', '1 24 3 -1 1024\n');
    check('i=5; echo $((i++)) $i $((++i)) $((i += 3)) $((i > 9 ? 1 : 0))', '5 6 7 10 1\n');
    check('echo $((1 / 0)); echo never', 'sh: divide by zero\n', 2);
    check('X=$(echo in | tr a-z A-Z); echo $X', 'IN\n');
    check('echo "a $(echo "b $(echo c)") `echo d`"', 'a b c d\n');
    check('cd /etc; echo *; echo /c*/*.txt; echo no*match', 'fruits\n/config/color.txt\nno*match\n');
    check("echo 'it'\\''s' \"a\\\"b\" a\\ b", 'it\'s a"b a b\n');
    check('echo ~ ~/x', '/root /root/x\n');
    check('bash -c "echo {1..3} a{b,c}d"', '1 2 3 abd acd\n');
    check('echo {1..3}', '{1..3}\n');
    check(
      "bash -c 'items=(foo bar baz); i=1; echo ${items[$i]} $items ${items[i+1]} ${items[-1]} ${#items[@]} ${#items[1]}'",
      'bar foo baz baz 3 3\n',
    );
    check(
      `bash -c 'a=("x y" z); a+=(w); a[5]="v v"; for e in "\${a[@]}"; do echo "<$e>"; done; echo "\${!a[@]}" "\${a[*]}"'`,
      '<x y>\n<z>\n<w>\n<v v>\n0 1 2 5 x y z w v v\n',
    );
    check("bash -c 'a=(1 2 3); a=($(echo 4 5)); n=1; a[$n]+=x; echo ${a[@]} ${a[7]:-none}; unset a; echo .${a[@]}.'", '4 5x none\n..\n');
    check('echo never; a=(1 2)', 'sh: syntax error: unexpected "("\n', 2);
  });

  describe('commands', () => {
    check('for x in $LIST c; do echo "<$x>"; done', '<a>\n<b>\n<c>\n');
    check('false || echo no && echo yes', 'no\nyes\n');
    check('! true || echo negated', 'negated\n');
    check('if [ -f /config/color.txt ]; then cat /config/color.txt; else echo none; fi', 'blue\n');
    check('if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n');
    check('i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n');
    check('until [ "$n" = 2 ]; do n=$((n+1)); done; echo $n', '2\n');
    check('for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done', '1\n3\n');
    check('for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done', '1a\n2a\n');
    check('for ((i = 0; i < 6; i += 2)); do echo $i; done', '0\n2\n4\n');
    check('case abc in x|y) echo no;; a*) echo yes;; *) echo other;; esac', 'yes\n');
    check('case "$1" in "") echo empty ;; esac', 'empty\n');
    check('f() { local v=in; echo "$1 $v"; return 3; }; v=out; f x; echo $? $v', 'x in\n3 out\n');
    check('(cd /tmp; pwd; X=1); pwd; echo "<$X>"', '/tmp\n/\n<>\n');
    check('{ echo a; echo b; } > /tmp/f; cat /tmp/f', 'a\nb\n');
    check('(exit 4); echo $?; sh -c "exit 5"; echo $?', '4\n5\n');
    check('exit 3; echo never', '', 3);
    check('false', '', 1);
    check("sh -c 'echo $0 $1' zero one", 'zero one\n');
    check('nosuch', 'sh: nosuch: not found\n', 127);
    check('/bin/greet Bob; greet Eve; /etc/fruits', 'hello Bob\nhello Eve\nsh: /etc/fruits: Permission denied\n', 126);
    check('eval "echo a; echo b"; x="echo c"; $x', 'a\nb\nc\n');
    check('exec echo last; echo never', 'last\n');
    check("trap 'echo caught; exit 3' TERM; kill -TERM $$; echo never", 'caught\n', 3);
    check('command -v echo; type test', 'echo\ntest is a shell builtin\n');
    check(
      "cd /nowhere; echo $?; bash -c 'cd /nowhere'; echo $?",
      "sh: cd: can't cd to /nowhere: No such file or directory\n2\nbash: cd: can't cd to /nowhere: No such file or directory\n1\n",
    );
    check('while getopts a:b O -a 1 -b -x -a; do echo $O $OPTARG; done', 'a 1\nb\nIllegal option -x\n?\nNo arg for -a option\n?\n');
    check('while getopts :a:b O -x -a; do echo $O $OPTARG; done', '? x\n: a\n');
    check("printf 'a \\\\\\nb\\nc\\n' | { read X; read Y; echo $X/$Y; }", 'a b/c\n');
    describe('of bash', () => {
      const bash = (script: string, log: string): void => check(`bash <<'SCRIPT'\n${script}\nSCRIPT`, log);
      bash('set -- a b c d; echo "${@:2:2}" ${*: -1} "${*:3}"; a=(1 2 3); echo ${a[@]:1} ${a[@]/2/x}', 'b c d c d\n2 3 1 x 3\n');
      bash('printf -v x %03d 7; echo $x; read -ra w <<< " a b  c "; echo ${w[1]} ${#w[@]}', '007\nb 3\n');
      bash('read -r -d \'\' X <<EOF\na\n b\nEOF\necho "$X"', 'a\n b\n');
      bash('n=0; while read l; do n=$((n + 1)); echo "<$l>"; done < <(echo a; sleep 1; echo b); echo $n; cat < <(:)', '<a>\n<b>\n2\n');
      bash("mapfile -t L < <(printf 'a\\nb c\\n'); echo ${#L[@]} ${L[1]}", '2 b c\n');
      bash('f() { local -a l=(1 "2 3"); echo ${#l[@]}; }; f; declare x=1; env | grep -c ^x=; declare -x x; env | grep ^x=', '2\n0\nx=1\n');
      bash(
        'f() { :; }; type -t f if echo env nothing; echo $?; kill -l 15; kill -l TERM',
        'function\nkeyword\nbuiltin\nfile\n1\nTERM\n15\n',
      );
      bash("case b in a) echo a;; b) echo b;& c) echo c;; d) echo d;; esac; echo $'\\x41\\u0042' $((16#ff))", 'b\nc\nAB 255\n');
    });
    check('cat < <(echo a)', 'sh: syntax error: unexpected "("\n', 2);
    check('echo a | cat /dev/stdin /etc/fruits', 'a\npear\napple\npear\n');
    check('readonly R=1; R=2; echo never', 'sh: R: is read only\n', 2);
    check('H=mysql-12; [[ $H =~ -([0-9]+)$ ]] || exit 1; echo $((100 + ${BASH_REMATCH[1]})) ${BASH_REMATCH[0]}', '112 -12\n');
    check(
      '[[ v1.2 =~ ^v(x|1)\\.[[:digit:]]$ && a.c =~ "a.c" ]] && ! [[ abc =~ "a.c" ]] && echo yes; echo .${BASH_REMATCH[0]}.',
      'yes\n..\n',
    );
    check('re="^(a|b) c$"; [[ ( "b c" =~ $re ) && 1 ]] && echo ${BASH_REMATCH[1]}', 'b\n');
    check('[[ $(echo once >> /tmp/calls; echo a) == a ]] && cat /tmp/calls', 'once\n');
    check('[[ abc == a* && ! -f /nothing ]] && echo yes; [[ x =~ ^y ]] || echo no', 'yes\nno\n');
    check('(( 3 > 2 )) && echo more; [ 2 -gt 10 ] || echo less', 'more\nless\n');
    check('test a = b -o -d /tmp && echo yes', 'yes\n');
    check('NAME=Bob env | grep ^NAME; echo $NAME', 'NAME=Bob\nAnn\n');
    check('export A=1; B=2; sh -c \'echo "<$A><$B>"\'', '<1><>\n');
    check('command -v cat; type nosuch', '/bin/cat\nnosuch: not found\n', 127);
    check('while getopts ab: o; do echo $o $OPTARG; done; echo $OPTIND', '1\n');
    check('set -- -a -b x y; while getopts ab: o; do echo "$o $OPTARG"; done; shift $((OPTIND - 1)); echo $1', 'a \nb x\ny\n');
    check('echo one # two\n# three\necho four \\\n  five', 'one\nfour five\n');
    check('true && { echo a\necho b\n}', 'a\nb\n');
  });

  describe('streams', () => {
    check('echo "$LIST" | wc -w', '2\n');
    check('echo hi > /tmp/x; cat < /tmp/x; echo more >> /tmp/x; wc -l /tmp/x', 'hi\n2 /tmp/x\n');
    check('echo no > /config/y', "sh: can't create /config/y: Read-only file system\n", 1);
    check('echo no > /nowhere/y', "sh: can't create /nowhere/y: nonexistent directory\n", 1);
    check('cat /nothing', 'cat: /nothing: No such file or directory\n', 1);
    check('cat /nothing 2>&1 | grep -c such', '1\n');
    check('cat /nothing > /dev/null 2>&1; echo $?', '1\n');
    check('cat <<END\na $NAME\n$(echo b)\nEND\necho c', 'a Ann\nb\nc\n');
    check("cat <<-'END'\n\tno $NAME\n\tEND", 'no $NAME\n');
    check('cat <<< "$NAME"', 'Ann\n');
    check('printf "a 1\\nb 2\\n" | while read k v; do echo "$v $k"; done', '1 a\n2 b\n');
    check('while IFS= read -r line; do echo "<$line>"; done < /etc/fruits', '<pear>\n<apple>\n<pear>\n');
    check('yes | head -n 2', 'y\ny\n');
    check('yes | head -n 1; true | false; echo $?', 'y\n1\n');
    check('set -o pipefail; false | true; echo $?', '1\n');
    check('exec > /tmp/log; echo hidden; cat /tmp/log >&2', 'hidden\n');
    check('echo to-the-log > /dev/stdout; echo also > /proc/1/fd/1', 'to-the-log\nalso\n');
    check('{ echo out; echo err >&2; } 2>/dev/null', 'out\n');
    check('echo a | tee /tmp/t | tr a b; cat /tmp/t', 'b\na\n');
  });

  describe('tools', () => {
    check("printf 'a 1\\nb 2\\n' | awk '{ print $2, $1; n += $2 } END { print n, NR }'", '1 a\n2 b\n3 2\n');
    check("echo 'x:y:z' | awk -F: -v w=W '{ print $NF w; $2 = \"Q\"; print }'", 'zW\nx Q z\n');
    check('awk \'/pear/ { c++ } END { printf "%d %s\\n", c, toupper("ok") }\' /etc/fruits', '2 OK\n');
    check('awk \'BEGIN { for (i = 0; i < 3; i++) s = s i; if (s == "012") print "yes"; else print "no" }\'', 'yes\n');
    check("awk '{ seen[$1]++ } END { for (k in seen) print k, seen[k] }' /etc/fruits", 'pear 2\napple 1\n');
    check("awk 'NR == 2 { print substr($0, 2, 3); exit 3 }' /etc/fruits", 'ppl\n', 3);
    check('echo a-b | awk \'{ n = split($0, p, "-"); gsub(/a/, "[&]"); print n, p[2], $0 }\'', '2 b [a]-b\n');
    check("awk '{ print'", 'awk: cmd. line:1: Unexpected end of string\n', 1);
    check("sed -n '2p;$p' /etc/fruits; sed 's/\\(p\\)e/\\1E/; /apple/d' /etc/fruits", 'apple\npear\npEar\npEar\n');
    check("echo a1b2 | sed -E 's/([0-9])/<\\1>/g'", 'a<1>b<2>\n');
    check("echo 'a,b,c' | cut -d, -f2-; echo abc | cut -c2", 'b,c\nb\n');
    check('sort /etc/fruits | uniq -c | sort -rn | head -n 1', '      2 pear\n');
    check('printf "3\\n10\\n2\\n" | sort -n | tail -n 1; seq 1 2 5 | tr "\\n" " "', '10\n1 3 5 \n');
    check('grep -v pear /etc/fruits; grep -on ea /etc/fruits | head -1; grep -E "^(a|b)" /etc/fruits', 'apple\n1:ea\napple\n');
    check(
      'echo hello | base64 | base64 -d; printf abc | md5sum; printf abc | sha256sum | cut -c1-8',
      'hello\n900150983cd24fb0d6963f7d28e17f72  -\nba7816bf\n',
    );
    check('echo "a b c" | xargs -n 1 echo item; echo x | xargs -I{} echo "<{}>"', 'item a\nitem b\nitem c\n<x>\n');
    check('expr 2 + 3; expr 7 / 2; expr abc : "a\\(.*\\)"', '5\n3\nbc\n');
    check('dd if=/dev/zero of=/tmp/z bs=1M count=3 2>/dev/null; stat -c %s /tmp/z; rm /tmp/z; ls /tmp', '3145728\n');
    check(
      'mkdir /tmp/d; touch /tmp/d/.x /tmp/d/y; cd /tmp/d; ls; ls -A; ls -a; ls -la | wc -l; rm -r /tmp/d',
      'y\n.x\ny\n.\n..\n.x\ny\n5\n',
    );
    check('mkdir -p /tmp/a/b && touch /tmp/a/b/c && find /tmp -type f && rm -r /tmp/a && ls /tmp', '/tmp/a/b/c\n');
    check('chmod +x /tmp/s 2>/dev/null; echo "echo ran" > /tmp/s; chmod 755 /tmp/s; /tmp/s', 'ran\n');
    check('timeout 2 sleep 9; echo $?; timeout 5 echo in time', '124\nin time\n');
    check('date -d @0 +%FT%T; date +%F; date -u +%s', '1970-01-01T00:00:00\n2026-01-02\n1767323045\n');
    check('printf "%05.2f|%-4s|%x|%c\\n" 3.14159 ab 255 xyz; printf "%s-%d\\n" a 1 b 2', '03.14|ab  |ff|x\na-1\nb-2\n');
    check('perl -Mbignum=bpi -wle "print bpi(20)"', '3.1415926535897932385\n');
    check("perl -Mbignum=bpi -wle 'print bpi(60)' | wc -c", '62\n');
    check('env -i A=1 env; id -u; nproc; hostname', 'A=1\n0\n4\nweb\n');
    check('wget -qO- http://elsewhere/', "wget: bad address 'elsewhere'\n", 1);
    check('curl -s http://elsewhere/; echo $?; curl http://elsewhere/', '6\ncurl: (6) Could not resolve host: elsewhere\n', 6);
    check('cp /etc/fruits /tmp/f; mv /tmp/f /tmp/g; cp -n /config/color.txt /tmp/g; wc -l < /tmp/g', '3\n');
  });

  describe('options and traps', () => {
    check('set -e; false; echo never', '', 1);
    check('set -e; false || true; if false; then :; fi; ! true; echo still', 'still\n');
    check('set -e; X=$(false); echo never', '', 1);
    check('set -x; A=1 true; echo "b c"', "+ A=1 true\n+ echo 'b c'\nb c\n");
    check('trap "echo bye" EXIT; echo hi; exit 4', 'hi\nbye\n', 4);
    check('if true; then', 'sh: syntax error: unexpected end of file (expecting "fi")\n', 2);
    check("echo 'x", 'sh: syntax error: unterminated quoted string\n', 2);
    check('for i in a <b; do :; done', 'sh: syntax error: unexpected word\n', 2);
    check('echo a; done', 'sh: syntax error: unexpected "done"\n', 2);
  });

  it('sleeps in virtual time', () => {
    const box = new Box().script('echo a; sleep 2; echo b');
    box.pass(1_999);
    assert.deepEqual([box.exitCode, box.log], [undefined, 'a\n']);
    box.pass(1);
    assert.deepEqual([box.exitCode, box.log], [0, 'a\nb\n']);
  });

  it('runs the parts of a pipeline beside each other, and what is in the background on', () => {
    const box = new Box().script('(sleep 1; echo one; sleep 5; echo two) | while read x; do echo "got $x"; done & wait; echo end');
    box.pass(1_000);
    assert.equal(box.log, 'got one\n');
    box.pass(5_000);
    assert.deepEqual([box.log, box.exitCode], ['got one\ngot two\nend\n', 0]);
  });

  it('waits for what it started in the background and knows its code', () => {
    const box = new Box().script('(sleep 3; exit 7) & P=$!; echo started; wait $P; echo "code $?"');
    box.pass(2_000);
    assert.equal(box.log, 'started\n');
    box.pass(1_000);
    assert.equal(box.log, 'started\ncode 7\n');
  });

  it('handles a signal after the command in the foreground, at once in a wait', () => {
    const script = 'trap "echo term; exit 0" TERM; ';
    const slow = new Box().script(`${script}sleep 10`).pass(1_000);
    slow.kernel.signal(1, 'TERM', true);
    slow.pass(8_000);
    assert.deepEqual([slow.log, slow.exitCode], ['', undefined]);
    slow.pass(1_000);
    assert.deepEqual([slow.log, slow.exitCode], ['term\n', 0]);
    const fast = new Box().script(`${script}sleep 10 & wait`).pass(1_000);
    fast.kernel.signal(1, 'TERM', true);
    fast.kernel.run();
    assert.deepEqual([fast.log, fast.exitCode], ['term\n', 0]);
  });

  it('as process 1 ignores what it has no handler for; others do not, and SIGKILL from outside ends all', () => {
    const box = new Box().script('sleep 100 & sleep 200').pass(10);
    box.kernel.signal(1, 'TERM', true);
    box.kernel.signal(2, 'TERM', true);
    box.pass(10);
    assert.deepEqual([box.exitCode, box.world.processes['1']?.exit, box.world.processes['2']?.exit], [undefined, null, 143]);
    box.kernel.signal(1, 'KILL', true);
    assert.deepEqual([box.exitCode, Object.keys(box.world.processes).length], [137, 0]);
  });

  it('uses up slices of time in a loop without an end, ever longer ones', () => {
    const box = new Box().script('while true; do :; done');
    const wakes: number[] = [];
    for (let turn = 0; turn < 150; turn++) wakes.push((box.nowMs = box.kernel.run()!));
    assert.deepEqual([wakes[0]! - START > 0, wakes[149]! - wakes[148]!], [true, 10_000]);
    assert.equal(box.world.processes['1']?.load?.milliCpu, 1000);
  });

  it('goes on from any moment after it was put away as text', () => {
    const script =
      'n=0; f() { n=$((n + $(echo 1))); }; (for i in 1 2; do sleep 1; echo p$i; done) | while read l; do f; echo "$l $n"; done; for x in a b; do case $x in a) sleep 1;; *) cat < /etc/fruits | sort -u;; esac; done; trap "echo bye" EXIT';
    const whole = new Box().script(script).pass(20_000);
    const parts = new Box().script(script);
    for (let step = 0; step < 200; step++) {
      parts.thaw();
      parts.pass(100);
    }
    assert.equal(parts.log, whole.log);
    assert.equal(whole.log, 'p1 1\np2 2\napple\npear\nbye\n');
  });

  it('reads commands as they are typed', () => {
    const box = new Box();
    const { type, close } = box.typed();
    type('echo a\nif true; then\n');
    assert.equal(box.log, 'a\n');
    type('echo b; fi\nX=1\n');
    type('echo $X; cat\n');
    type('to cat\n');
    close();
    assert.deepEqual([box.log, box.exitCode], ['a\nb\n1\nto cat\n', 0]);
  });
});
