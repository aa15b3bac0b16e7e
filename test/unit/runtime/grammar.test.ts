import assert from 'node:assert/strict';
import { parseProgram, type Start } from '../../../src/runtime/programs/grammar.ts';
import { endingOf, execIn, grpcIn, httpIn, linesOf, messageOf, onTermOf, tcpIn } from '../../../src/runtime/programs/interpreter.ts';
import { usualImage, usualProgram } from '../../../src/runtime/programs/wellKnown.ts';

function first(text: string): Start {
  const { program, errors } = parseProgram(text);
  assert.deepEqual(errors, []);
  return program.starts[0] as Start;
}

describe('the grammar of programs', () => {
  const endings: readonly [program: string, ending: readonly [afterMs: number, code: number, reason: string] | undefined][] = [
    ['run', undefined],
    ['', undefined],
    ['image present', undefined],
    ['serve 8080 200', undefined],
    ['sleep 5; exit 1', [5000, 1, 'Error']],
    ['sleep 2.5', [2500, 0, 'Completed']],
    ['sleep 500ms; sleep 1m; exit 0', [60_500, 0, 'Completed']],
    ['exit 42', [0, 42, 'Error']],
    ['sleep 2; oom', [2000, 137, 'OOMKilled']],
    ['log hello', [0, 0, 'Completed']],
    ['sleep 1; run; exit 3', undefined],
  ];
  for (const [text, wanted] of endings) {
    it(`"${text}" ${wanted === undefined ? 'runs for ever' : `ends after ${wanted[0]} ms with ${wanted[1]}`}`, () => {
      const ending = endingOf(first(text));
      assert.deepEqual(ending === undefined ? undefined : [ending.afterMs, ending.exitCode, ending.reason], wanted);
    });
  }

  it('gives each start its part, and later ones what the first says for the whole start', () => {
    const { starts } = parseProgram('exec fail; start-error broken; exit 1 | sleep 1; exec ok | run').program;
    assert.equal(starts.length, 3);
    assert.equal(starts[0]?.startError, 'broken');
    assert.equal(starts[1]?.startError, undefined);
    assert.deepEqual(starts[1]?.exec, [{ value: 'ok' }]);
    assert.deepEqual(starts[2]?.exec, [{ value: { exitCode: 1 } }]);
  });

  it('reads what an image statement says', () => {
    const image = (text: string): unknown => parseProgram(text).program.image;
    assert.deepEqual(image('image present'), { present: true });
    assert.deepEqual(image('image missing until 30 pull 2s size 52428800 user 1000; run'), {
      present: false,
      fault: 'missing',
      faultUntilMs: 30_000,
      pullMs: 2000,
      sizeBytes: 52_428_800,
      user: '1000',
    });
    assert.deepEqual(image('image present; image denied'), { present: false, fault: 'denied' });
  });

  const errors: readonly [program: string, at: string, message: RegExp][] = [
    ['sleep', 'sleep', /needs a duration/],
    ['run; jump 3', 'jump', /unknown statement "jump"/],
    ['exit one', 'one', /needs an exit code/],
    ['run now', 'now', /unexpected "now"/],
    ['exec ok until 5s fail', 'fail', /expected "then"/],
    ['exec maybe', 'maybe', /unexpected "maybe"/],
    ['serve 8080', 'serve', /needs a value/],
    ['image present broken', 'broken', /unexpected "broken"/],
    ['run | on-term exit x', 'x', /needs an exit code/],
    ['tcp 9000 ajar', 'ajar', /unexpected "ajar"/],
  ];
  for (const [text, word, message] of errors) {
    it(`points at "${word}" in "${text}"`, () => {
      const [error] = parseProgram(text).errors;
      assert.ok(error);
      assert.equal(text.slice(error.start, error.end), word);
      assert.match(error.message, message);
    });
  }
});

describe('the interpreter of programs', () => {
  it('changes its answers at the time a schedule says', () => {
    const start = first(
      'exec ok until 6s then fail 3; serve 8080 503 until 9s then 200; tcp 9000 closed until 5s then open; grpc 9001 serving',
    );
    const results = [5999, 6000].map((at) => execIn(start, ['check'], at));
    assert.deepEqual(results, [
      { kind: 'exited', exitCode: 0, output: '', afterMs: 0 },
      { kind: 'exited', exitCode: 3, output: 'check failed', afterMs: 0 },
    ]);
    assert.deepEqual([httpIn(start, 8080, '/x', 8999), httpIn(start, 8080, '/x', 9000), httpIn(start, 80, '/', 0)], [503, 200, 'refused']);
    assert.deepEqual([tcpIn(start, 9000, 0), tcpIn(start, 9000, 5000), tcpIn(start, 8080, 0)], ['refused', 'open', 'open']);
    assert.deepEqual([grpcIn(start, 9001, 0), grpcIn(start, 9002, 0)], ['serving', 'refused']);
  });

  it('answers 404 where only other paths have a rule', () => {
    const start = first('serve 8080 /ready 200; serve 8080 /live 500');
    assert.deepEqual([httpIn(start, 8080, '/ready?x=1', 0), httpIn(start, 8080, '/live', 0), httpIn(start, 8080, '/', 0)], [200, 500, 404]);
  });

  it('runs true, false and sleep as their names say', () => {
    const start = first('exec hang; run');
    assert.deepEqual(execIn(start, ['check'], 0), { kind: 'hangs' });
    assert.deepEqual(execIn(start, ['sleep', '2.5'], 0), { kind: 'exited', exitCode: 0, output: '', afterMs: 2500 });
    assert.deepEqual(execIn(start, ['false'], 0), { kind: 'exited', exitCode: 1, output: '', afterMs: 0 });
  });

  it('knows what SIGTERM does', () => {
    assert.deepEqual(onTermOf(first('run')), { afterMs: 0, exitCode: 143 });
    assert.deepEqual(onTermOf(first('on-term exit 0 after 3s; run')), { afterMs: 3000, exitCode: 0 });
    assert.equal(onTermOf(first('on-term ignore; run')), undefined);
  });

  it('writes lines and messages when their turn comes', () => {
    const start = first('log one; sleep 2; log two; message done; exit 1');
    assert.deepEqual(linesOf(start, 1999), [{ afterMs: 0, text: 'one' }]);
    assert.deepEqual(
      linesOf(start, 2000).map(({ text }) => text),
      ['one', 'two'],
    );
    assert.deepEqual([messageOf(start, 1000), messageOf(start, 2000)], ['', 'done']);
  });
});

describe('containers that nobody described', () => {
  const cases: readonly [image: string, command: readonly string[] | undefined, program: RegExp, healthy: boolean][] = [
    ['nginx:1.27', undefined, /nginx\/1\.27;.*serve 80 200/, false],
    ['localhost:5000/nginx:1.27.3-alpine@sha256:0', undefined, /nginx\/1\.27\.3;/, false],
    ['nginx', undefined, /nginx\/1\.29;/, false],
    ['localhost:5000/nginx', undefined, /nginx\/1\.29;/, false],
    ['docker.io/library/redis', undefined, /tcp 6379 open/, false],
    [
      'example.com/team/shop:2',
      undefined,
      /^log kubepad: what example.com\/team\/shop:2 does is not known: it is taken to run for ever; run$/,
      true,
    ],
    ['example.com/team/shop:2', ['/app', '--port', '80'], /^log kubepad: what \/app does is not known/, true],
    ['redis', ['redis-server', '--port', '7000'], /tcp 7000 open/, false],
    ['registry.k8s.io/pause:3.10', undefined, /^run; on-term exit 0$/, false],
    ['hashicorp/http-echo', undefined, /serve 5678 200/, false],
  ];
  for (const [image, command, program, healthy] of cases) {
    it(`${image} ${(command ?? []).join(' ')}`, () => {
      const usual = usualProgram({ image, ...(command === undefined ? {} : { command }) });
      assert('text' in usual);
      assert.match(usual.text, program);
      assert.equal(usual.healthy, healthy);
      assert.deepEqual(parseProgram(usual.text).errors, []);
    });
  }

  const carriedOut: readonly [
    image: string,
    own: { readonly command?: readonly string[]; readonly args?: readonly string[] },
    command: readonly string[],
  ][] = [
    ['busybox', {}, ['sh']],
    ['busybox', { command: ['sleep', '3600'] }, ['sleep', '3600']],
    ['busybox', { args: ['sh', '-c', 'exit 3'] }, ['sh', '-c', 'exit 3']],
    ['example.com/team/shop:2', { command: ['sh', '-c'], args: ['./run.sh'] }, ['sh', '-c', './run.sh']],
    ['nginx', { command: ['/bin/sh', '-c', 'nginx'] }, ['/bin/sh', '-c', 'nginx']],
    ['busybox', { command: ['nosuch'] }, ['nosuch']],
    ['perl:5.34', { command: ['perl', '-e', 'print 1'] }, ['perl', '-e', 'print 1']],
    ['python:3', { command: ['python', 'app.py'] }, ['python', 'app.py']],
  ];
  for (const [image, own, command] of carriedOut) {
    it(`carries out ${image} ${JSON.stringify(own)}`, () => assert.deepEqual(usualProgram({ image, ...own }), { command }));
  }

  it('needs what its server needs of the environment', () => {
    const text = (image: string, env: Readonly<Record<string, string>>): string => {
      const usual = usualProgram({ image }, env);
      return 'text' in usual ? usual.text : '';
    };
    assert.match(text('mysql:8', {}), /password option is not specified;.*exit 1$/);
    assert.match(text('mysql:8', { MYSQL_ROOT_PASSWORD: 'x' }), /tcp 3306 closed until 8s then open/);
    assert.match(text('postgres:17', {}), /superuser password is not specified.*exit 1$/);
    assert.match(text('postgres:17', { POSTGRES_PASSWORD: 'x' }), /tcp 5432 open/);
    for (const image of ['mysql', 'mariadb', 'postgres'])
      for (const env of [{}, { MYSQL_ROOT_PASSWORD: 'x', POSTGRES_PASSWORD: 'x' }])
        assert.deepEqual(parseProgram(text(image, env)).errors, []);
  });

  it('takes longer to pull larger images', () => {
    assert.ok((usualImage('postgres:17')?.pullMs ?? 0) > (usualImage('alpine')?.pullMs ?? 0));
    assert.equal(usualImage('example.com/shop'), undefined);
  });
});
