import assert from 'node:assert/strict';
import { builder, filesOf, stepsOf, textOf } from './support.ts';

const NODE = `FROM node:24-alpine
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev
COPY server.js ./
ENV PORT=8080
EXPOSE 8080
USER node
CMD ["node", "server.js"]
`;
const FILES = { 'package.json': '{"dependencies": {"a": "1", "b": "2"}, "devDependencies": {"c": "3"}}', 'server.js': 'listen()' };

describe('a build', () => {
  it('makes layers, files and configuration', () => {
    const result = builder().build(NODE, FILES);
    assert.equal(result.problem, undefined, textOf(result));
    assert.deepEqual(stepsOf(result), [
      '[1/5] FROM docker.io/library/node:24-alpine',
      '[2/5] WORKDIR /app',
      '[3/5] COPY package.json ./',
      '[4/5] RUN npm install --omit=dev',
      '[5/5] COPY server.js ./',
    ]);
    assert.deepEqual(filesOf(result), {
      '/app': 'Directory',
      '/app/package.json': FILES['package.json'],
      '/app/node_modules': 'Directory',
      '/app/server.js': 'listen()',
    });
    const { config, base, layers = [] } = result.content ?? {};
    assert.equal(base, 'node:24-alpine');
    assert.deepEqual(
      [config?.entrypoint, config?.cmd, config?.workingDir, config?.ports, config?.user],
      [['docker-entrypoint.sh'], ['node', 'server.js'], '/app', ['8080/tcp'], 'node'],
    );
    assert.deepEqual(
      config?.env?.map(({ name, value }) => `${name}=${value ?? ''}`).filter((each) => !each.startsWith('PATH')),
      ['NODE_VERSION=24', 'YARN_VERSION=1.22.22', 'PORT=8080'],
    );
    assert.deepEqual(
      layers.slice(-4).map(({ size }) => size),
      [0, FILES['package.json'].length, 4_400_000, 8],
    );
  });

  it('prints what docker build prints', () => {
    const [text] = [textOf(builder().build('FROM alpine:3.22\nRUN echo hello\n'))];
    assert.match(
      text,
      new RegExp(
        [
          '#1 \\[internal\\] load build definition from Dockerfile',
          '#1 transferring dockerfile: \\d+B done',
          '#1 DONE 0\\.0s',
          '',
          '#2 \\[internal\\] load \\.dockerignore',
          '#2 transferring context: 2B done',
          '#2 DONE 0\\.0s',
          '',
          '#3 \\[internal\\] load metadata for docker\\.io/library/alpine:3\\.22',
          '#3 DONE 0\\.7s',
          '',
          '#4 \\[1/2\\] FROM docker\\.io/library/alpine:3\\.22@sha256:\\w{64}',
          '#4 sha256:\\w{64} 8\\.30MB / 8\\.30MB 0\\.1s done',
          '#4 DONE 0\\.2s',
          '',
          '#5 \\[2/2\\] RUN echo hello',
          '#5 hello',
          '#5 DONE 0\\.1s',
          '',
          '#6 exporting to image',
          '#6 exporting layers 0\\.1s done',
          '#6 naming to docker\\.io/library/web:1 done',
          '#6 DONE 0\\.1s',
        ].join('\\n'),
      ),
    );
  });
});

describe('the cache of builds', () => {
  const cases: readonly (readonly [string, string, Readonly<Record<string, string>>, readonly number[]])[] = [
    ['nothing changed', NODE, FILES, []],
    ['code changed', NODE, { ...FILES, 'server.js': 'listen(1)' }, [5]],
    ['dependencies changed', NODE, { ...FILES, 'package.json': '{}' }, [3, 4, 5]],
    ['a file that nobody copies changed', NODE, { ...FILES, 'README.md': 'text' }, []],
    ['a setting changed after the last step', NODE.replace('8080', '9090'), FILES, []],
    ['the command changed', NODE.replace('npm install', 'npm install --silent'), FILES, [4, 5]],
    ['a variable that RUN sees', NODE.replace('RUN', 'ENV A=1\nRUN'), FILES, [4, 5]],
    ['another base', NODE.replace('24-alpine', '22-alpine'), FILES, [1, 2, 3, 4, 5]],
    ['another directory', NODE.replace('/app', '/srv'), FILES, [2, 3, 4, 5]],
  ];
  for (const [title, dockerfile, files, rebuilt] of cases) {
    it(`is used as far as it goes: ${title}`, () => {
      const { build } = builder();
      build(NODE, FILES);
      const { steps, problem } = build(dockerfile, files);
      assert.equal(problem, undefined);
      assert.deepEqual(
        steps.flatMap(({ cached }, index) => (cached ? [] : [index + 1])),
        rebuilt,
      );
    });
  }

  it('is left alone on demand', () => {
    const { build } = builder();
    build(NODE, FILES);
    assert.deepEqual(
      build(NODE, FILES, { noCache: true }).steps.map(({ cached }) => cached),
      [true, false, false, false, false],
    );
  });

  it('gives the same image as a build without it', () => {
    const { build } = builder();
    assert.deepEqual(build(NODE, FILES).content, build(NODE, FILES).content);
    assert.deepEqual(build(NODE, FILES).content, builder().build(NODE, FILES).content);
  });
});

describe('stages', () => {
  const MULTI = `ARG VERSION=1.24
FROM golang:\${VERSION} AS build
WORKDIR /src
COPY . .
RUN go build -o /out/app .
FROM build AS test
RUN go test ./...
FROM scratch
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
`;

  it('are built only if the target needs them', () => {
    const result = builder().build(MULTI, { 'main.go': 'package main' });
    assert.deepEqual(stepsOf(result), [
      '[build 1/4] FROM docker.io/library/golang:1.24',
      '[build 2/4] WORKDIR /src',
      '[build 3/4] COPY . .',
      '[build 4/4] RUN go build -o /out/app .',
      '[stage-2 1/1] COPY --from=build /out/app /app',
    ]);
    assert.deepEqual(filesOf(result), { '/app': 11_000_000 });
    assert.equal(result.content?.base, 'scratch');
    assert.deepEqual(result.content?.config?.entrypoint, ['/app']);
  });

  it('can be the target', () => {
    const result = builder().build(MULTI, { 'main.go': '' }, { target: 'test', args: { VERSION: '1.23' } });
    assert.equal(stepsOf(result)[0], '[build 1/4] FROM docker.io/library/golang:1.23');
    assert.equal(stepsOf(result).at(-1), '[test 1/1] RUN go test ./...');
  });

  it('take from stages by number and from images', () => {
    const result = builder().build(
      'FROM alpine\nRUN echo x > /x\nFROM scratch\nCOPY --from=0 /x /\nCOPY --from=nginx:1.29 /etc/nginx/nginx.conf /n.conf\n',
    );
    assert.equal(result.problem, undefined, textOf(result));
    assert.deepEqual(filesOf(result), { '/x': 'x\n', '/n.conf': 8_000_000 });
  });
});

describe('instructions', () => {
  const config = (lines: string, base = 'alpine'): NonNullable<ReturnType<ReturnType<typeof builder>['build']>['content']>['config'] => {
    const result = builder().build(`FROM ${base}\n${lines}\n`);
    assert.equal(result.problem, undefined, textOf(result));
    return result.content?.config;
  };

  it('ENTRYPOINT takes the CMD of the base away, but no own one', () => {
    assert.equal(config('ENTRYPOINT ["a"]', 'nginx')?.cmd, undefined);
    assert.deepEqual(config('CMD ["x"]\nENTRYPOINT ["a"]', 'nginx')?.cmd, ['x']);
  });
  it('the shell form runs in the shell that SHELL says', () => {
    assert.deepEqual(config('CMD echo $HOME')?.cmd, ['/bin/sh', '-c', 'echo $HOME']);
    assert.deepEqual(config('SHELL ["/bin/bash", "-ec"]\nENTRYPOINT a b')?.entrypoint, ['/bin/bash', '-ec', 'a b']);
  });
  it('ENV reads variables from before it, LABEL and the old form too', () => {
    const made = config('ARG V=3\nENV A=1 B="x $V"\nENV A=2 C=$A\nENV D e  f\nLABEL "a b"="$B"');
    const env = Object.fromEntries((made?.env ?? []).map(({ name, value }) => [name, value]));
    assert.deepEqual([env['A'], env['B'], env['C'], env['D']], ['2', 'x 3', '1', 'e  f']);
    assert.deepEqual(made?.labels, { 'a b': 'x 3' });
  });
  it('WORKDIR adds up', () => assert.equal(config('WORKDIR /a\nWORKDIR b\nWORKDIR ../c')?.workingDir, '/a/c'));
  it('EXPOSE knows ranges and protocols', () =>
    assert.deepEqual(config('EXPOSE 80 53/udp 8000-8002')?.ports, ['80/tcp', '53/udp', '8000/tcp', '8001/tcp', '8002/tcp']));
  it('VOLUME, STOPSIGNAL and USER', () => {
    const made = config('VOLUME ["/data", "/x y"]\nVOLUME /data /more\nSTOPSIGNAL SIGINT\nARG U=7\nUSER $U:8');
    assert.deepEqual([made?.volumes, made?.stopSignal, made?.user], [['/data', '/x y', '/more'], 'SIGINT', '7:8']);
  });
  it('HEALTHCHECK in its three forms', () => {
    assert.deepEqual(config('HEALTHCHECK --interval=5s --retries=2 CMD curl -f x || exit 1')?.healthcheck, {
      test: ['CMD-SHELL', 'curl -f x || exit 1'],
      interval: '5s',
      retries: 2,
    });
    assert.deepEqual(config('HEALTHCHECK CMD ["a", "b"]')?.healthcheck, { test: ['CMD', 'a', 'b'] });
    assert.deepEqual(config('HEALTHCHECK NONE')?.healthcheck, { test: ['NONE'] });
  });
  it('ONBUILD waits for the build that takes the image as its base', () => {
    const parent = builder().build('FROM alpine\nWORKDIR /app\nONBUILD COPY . .\nONBUILD RUN echo done > /done\n').content;
    assert.deepEqual(parent?.config?.onBuild, ['COPY . .', 'RUN echo done > /done']);
    const child = builder({ 'team/base:1': { repository: 'team/base', ...parent } }).build('FROM team/base:1\n', { a: 'A' });
    assert.equal(child.problem, undefined, textOf(child));
    assert.deepEqual(filesOf(child), { '/app': 'Directory', '/app/a': 'A', '/done': 'done\n' });
    assert.equal(child.content?.config?.onBuild, undefined);
    assert.equal(child.content?.base, 'alpine');
  });
  it('labels of kubepad.dev say what a container does', () =>
    assert.deepEqual(
      builder().build(
        'FROM alpine\nLABEL kubepad.dev/start-time=3s kubepad.dev/memory="64Mi, 1m=256Mi" kubepad.dev/exit-after=1h kubepad.dev/exit-code=2 kubepad.dev/failing-path="/healthz after 60s code 503"\n',
      ).content?.program,
      {
        startTime: '3s',
        memory: [{ amount: '64Mi' }, { after: '1m', amount: '256Mi' }],
        exitAfter: '1h',
        exitCode: 2,
        failingPaths: [{ path: '/healthz', after: '60s', code: 503 }],
      },
    ));
});

describe('COPY and ADD', () => {
  const context = { 'a.txt': 'A', 'b.txt': 'B', 'src/c.js': 'C', 'src/lib/d.js': 'D', 'x.tar.gz': '0123456789' };
  const cases: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
    ['a file under another name', 'COPY a.txt /etc/other.txt', { '/etc/other.txt': 'A' }],
    ['into a directory', 'COPY a.txt b.txt /d/', { '/d/a.txt': 'A', '/d/b.txt': 'B' }],
    ['the content of a directory', 'COPY src /app', { '/app/c.js': 'C', '/app/lib/d.js': 'D' }],
    ['by pattern', 'COPY *.txt /d/', { '/d/a.txt': 'A', '/d/b.txt': 'B' }],
    ['in JSON', 'COPY ["a.txt", "/with blank"]', { '/with blank': 'A' }],
    ['here-documents', 'ARG N=1\nCOPY <<one <<"two" /d/\nn=$N\none\nn=$N\ntwo', { '/d/one': 'n=1\n', '/d/two': 'n=$N\n' }],
    ['an archive, which ADD unpacks', 'ADD x.tar.gz /opt/', { '/opt/x': 30 }],
    ['an archive, which COPY does not', 'COPY x.tar.gz /opt/', { '/opt/x.tar.gz': '0123456789' }],
    ['from the network', 'ADD https://example.com/a/tool?v=1 /bin/', { '/bin/tool': 1_000_000 }],
    ['all but what is excluded', 'COPY --exclude=*.gz --exclude=src/lib . /d/', { '/d/a.txt': 'A', '/d/b.txt': 'B', '/d/src/c.js': 'C' }],
    ['with the directories above', 'COPY --parents src/lib/d.js /d/', { '/d/src/lib/d.js': 'D' }],
    ['to where WORKDIR is', 'WORKDIR /w\nCOPY a.txt .', { '/w': 'Directory', '/w/a.txt': 'A' }],
  ];
  for (const [title, lines, files] of cases) {
    it(`copies ${title}`, () => {
      const result = builder().build(`FROM scratch\n${lines}\n`, context);
      assert.equal(result.problem, undefined, textOf(result));
      assert.deepEqual(filesOf(result), files);
    });
  }

  it('keeps large files by their size only', () => {
    const result = builder().build('FROM scratch\nCOPY big small /\n', { big: 'x'.repeat(200_000), small: 's' });
    assert.deepEqual(filesOf(result), { '/big': 200_000, '/small': 's' });
  });
});

describe('what is wrong with a build', () => {
  const cases: readonly (readonly [string, string, number | undefined, string])[] = [
    ['no instruction', '# nothing\n', undefined, 'file with no instructions'],
    ['an unknown one', 'FROM alpine\nCONTAINER x\n', 2, 'dockerfile parse error on line 2: unknown instruction: CONTAINER'],
    ['a misspelt one', 'FROM alpine\nCPOY a b\n', 2, 'dockerfile parse error on line 2: unknown instruction: CPOY (did you mean COPY?)'],
    ['no FROM', 'RUN x\n', 1, 'dockerfile parse error on line 1: no build stage in current context'],
    ['FROM of two words', 'FROM a b\n', 1, 'dockerfile parse error on line 1: FROM requires either one or three arguments'],
    [
      'COPY to nowhere',
      'FROM alpine\nCOPY a\n',
      2,
      'dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined',
    ],
    [
      'several files to one name',
      'FROM alpine\nCOPY a b c\n',
      2,
      'dockerfile parse error on line 2: When using COPY with more than one source file, the destination must be a directory and end with a /',
    ],
    ['a flag that there is not', 'FROM alpine\nCOPY --form=x a b\n', 2, 'dockerfile parse error on line 2: unknown flag: --form'],
    [
      'a pair without =',
      'FROM alpine\nENV A=1 B\n',
      2,
      `dockerfile parse error on line 2: Syntax error - can't find = in "B". Must be of the form: name=value`,
    ],
    ['ENV of one word', 'FROM alpine\nENV A\n', 2, 'dockerfile parse error on line 2: ENV must have two arguments'],
    [
      'SHELL as a text',
      'FROM alpine\nSHELL bash -c\n',
      2,
      'dockerfile parse error on line 2: SHELL requires the arguments to be in JSON form',
    ],
    [
      'ONBUILD of ONBUILD',
      'FROM alpine\nONBUILD ONBUILD RUN x\n',
      2,
      "dockerfile parse error on line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
    ],
    [
      'an unknown check',
      'FROM alpine\nHEALTHCHECK HTTP x\n',
      2,
      'dockerfile parse error on line 2: Unknown type "HTTP" in HEALTHCHECK (try CMD)',
    ],
    [
      'a stage named by a number',
      'FROM alpine AS 1a\n',
      1,
      `dockerfile parse error on line 1: invalid name for build stage: "1a", name can't start with a number or contain symbols`,
    ],
    ['an empty base', 'ARG B\nFROM $B\n', 2, 'base name ($B) should not be blank'],
    [
      'a base that nobody has',
      'FROM nod:24\n',
      1,
      'nod:24: failed to resolve source metadata for docker.io/library/nod:24: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'a base that was not pushed',
      'FROM localhost:5000/base:1\n',
      1,
      'localhost:5000/base:1: failed to resolve source metadata for localhost:5000/base:1: localhost:5000/base:1: not found',
    ],
    [
      'a stage that is not there',
      'FROM alpine\nCOPY --from=nobody /a /b\n',
      2,
      'nobody: failed to resolve source metadata for docker.io/library/nobody:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    ['a bad substitution', 'FROM alpine\nENV A=${B!c}\n', 2, 'failed to process "${B!c}": unsupported modifier (!) in substitution'],
    ['a port that is none', 'FROM alpine\nEXPOSE http\n', 2, 'invalid containerPort: http'],
  ];
  for (const [title, dockerfile, line, message] of cases) {
    it(title, () => {
      const { problem } = builder({ 'localhost:5000/base:1': 'missing' }).build(dockerfile, { a: '', b: '' });
      assert.deepEqual([problem?.line, problem?.message], [line, message]);
    });
  }

  it('a target that is not there', () =>
    assert.equal(builder().build('FROM alpine\n', {}, { target: 'x' }).problem?.message, 'target stage "x" could not be found'));

  it('is shown at its line, as BuildKit does', () => {
    const text = textOf(builder().build('FROM alpine\nWORKDIR /app\n\nCOPY missing.txt ./\nCMD ["x"]\n'));
    const [, after = ''] = text.split('#7 [3/3] COPY missing.txt ./\n');
    assert.equal(
      after.replaceAll(/\w{25}::\w{25}/g, 'REF'),
      `#7 ERROR: failed to calculate checksum of ref REF: "/missing.txt": not found
------
 > [3/3] COPY missing.txt ./:
------
Dockerfile:4
--------------------
   2 |     WORKDIR /app
   3 |
   4 | >>> COPY missing.txt ./
   5 |     CMD ["x"]
   6 |
--------------------
ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref REF: "/missing.txt": not found`,
    );
  });
});
