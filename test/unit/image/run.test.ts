import assert from 'node:assert/strict';
import { builder, filesOf } from './support.ts';

describe('RUN', () => {
  const run = (script: string, files: Readonly<Record<string, string>> = {}): ReturnType<ReturnType<typeof builder>['build']> =>
    builder().build(`FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN ${script}\n`, files);
  const size = (script: string, files?: Readonly<Record<string, string>>): number | undefined => run(script, files).steps.at(-1)?.sizeBytes;

  it('writes, moves and takes away files', () => {
    const result = run('mkdir -p /d && echo "a b" > /d/f && echo c >> /d/f && cp /d/f /g && mv /g /h && rm /app/x', { x: '1' });
    assert.deepEqual(filesOf(result), {
      '/app': 'Directory',
      '/app/x': 'Removed',
      '/d': 'Directory',
      '/d/f': 'a b\nc\n',
      '/h': 'a b\nc\n',
      '/g': 'Removed',
    });
  });

  it('leaves lists of packages in the layer unless the same step takes them away', () => {
    assert.equal(size('apt-get update && apt-get install -y curl'), 28_000_000);
    assert.equal(size('apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*'), 9_000_000);
  });

  const failures: readonly (readonly [string, string, RegExp])[] = [
    ['a command says so', 'false', /process "\/bin\/sh -c false" did not complete successfully: exit code: 1$/],
    ['it exits', 'echo bye && exit 3', /exit code: 3$/],
    ['package.json was not copied', 'npm install', /process "\/bin\/sh -c npm install" did not complete successfully: exit code: 254$/],
    ['requirements were not copied', 'pip install -r requirements.txt', /exit code: 1$/],
  ];
  for (const [title, script, message] of failures) {
    it(`fails if ${title}`, () => {
      const { problem, content } = run(script);
      assert.match(problem?.message ?? '', message);
      assert.deepEqual([problem?.line, content], [4, undefined]);
    });
  }
  it('has the package manager of its base and no other', () => {
    assert.match(run('apk add curl').problem?.message ?? '', /exit code: 127$/);
    assert.equal(run('apk add curl || apt-get install -y curl').problem, undefined);
    const parent = { repository: 'team/base', ...builder().build('FROM alpine:3.22\nRUN echo x > /x\n').content };
    const child = (manager: string) =>
      builder({ 'team/base:1': parent }).build(`FROM team/base:1\nRUN ${manager} curl\n`).problem?.message ?? '';
    assert.deepEqual([child('apk add'), child('apt-get install').endsWith('exit code: 127')], ['', true]);
  });
  it('needs a shell', () => {
    for (const base of ['scratch', 'gcr.io/distroless/static-debian12'])
      assert.match(
        builder().build(`FROM ${base}\nRUN echo x\n`).problem?.message ?? '',
        /stat \/bin\/sh: no such file or directory: unknown$/,
      );
    assert.equal(builder().build('FROM scratch\nRUN ["/app", "migrate"]\n').problem, undefined);
  });
  it('goes on after ||', () => assert.equal(run('false || true').problem, undefined));
});
