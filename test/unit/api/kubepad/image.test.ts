import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { familiarName, parseReference, repositoryName } from '../../../../src/api/kubepad/image/reference.ts';
import { IMAGE_STRATEGY, sizeText } from '../../../../src/api/kubepad/image/strategy.ts';
import { IMAGES, type Image, type ImageFile, type ImageSpec } from '../../../../src/api/kubepad/image/types.ts';
import { CONTENT_LIMIT } from '../../../../src/api/kubepad/image/validation.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';

const image = (spec: Partial<ImageSpec>): Image => ({ metadata: { name: 'web' }, spec: { repository: 'web', ...spec } });
const withFile = (file: Partial<ImageFile>): Image => image({ layers: [{ size: 1, files: [{ path: '/a', ...file }] }] });

describe('validation of an Image', () => {
  const cases: readonly (readonly [string, Image, readonly string[]])[] = [
    [
      'a good one',
      image({ tags: ['1.0', 'latest'], config: { cmd: ['/web'], ports: ['8080/tcp', '53/udp', '80'], user: '1000:1000' } }),
      [],
    ],
    ['no spec at all', { metadata: { name: 'web' } }, ['spec.repository: Required value']],
    ['no repository', image({ repository: '' }), ['spec.repository: Required value']],
    [
      'a repository in capitals',
      image({ repository: 'Web' }),
      ['spec.repository: Invalid value: "Web": must be a registry and a path in lower case (e.g. localhost:5000/shop/web)'],
    ],
    [
      'a repository with a tag',
      image({ repository: 'web:1' }),
      ['spec.repository: Invalid value: "web:1": may not have a tag or a digest: tags belong into `tags`'],
    ],
    ['a tag twice', image({ tags: ['1', '1'] }), ['spec.tags[1]: Duplicate value: "1"']],
    [
      'a tag that is none',
      image({ tags: ['-1'] }),
      [`spec.tags[0]: Invalid value: "-1": must be at most 128 letters, digits, '_', '-' or '.', the first no '-' or '.'`],
    ],
    [
      'a layer of a strange digest and size',
      image({ layers: [{ size: -1, digest: 'sha256:12' }] }),
      [
        'spec.layers[0].digest: Invalid value: "sha256:12": must be sha256: and 64 hexadecimal digits',
        'spec.layers[0].size: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'a relative path',
      withFile({ path: 'a' }),
      ['spec.layers[0].files[0].path: Invalid value: "a": must be an absolute path without `.`, `..` and a slash at the end'],
    ],
    ['a path with a detour', withFile({ path: '/a/../b' }), ['spec.layers[0].files[0].path']],
    [
      'a path twice',
      image({ layers: [{ size: 1, files: [{ path: '/a' }, { path: '/a' }] }] }),
      ['spec.layers[0].files[1].path: Duplicate'],
    ],
    ['a directory with content', withFile({ type: 'Directory', text: 'a' }), ['spec.layers[0].files[0].text: Forbidden']],
    ['content twice', withFile({ text: 'a', base64: 'YQ==' }), ['spec.layers[0].files[0].base64: Forbidden']],
    ['no base64', withFile({ base64: 'a!' }), ['spec.layers[0].files[0].base64: Invalid value']],
    ['mode of too many bits', withFile({ mode: 0o10000 }), ['spec.layers[0].files[0].mode: Invalid value']],
    ['too much content', withFile({ text: 'x'.repeat(CONTENT_LIMIT + 1) }), ['spec.layers: Forbidden']],
    ['a variable twice', image({ config: { env: [{ name: 'A' }, { name: 'A' }] } }), ['spec.config.env[1].name: Duplicate value: "A"']],
    ['a variable with =', image({ config: { env: [{ name: 'A=B' }] } }), ['spec.config.env[0].name: Invalid value']],
    ['a port that is none', image({ config: { ports: ['70000/tcp', 'http'] } }), ['spec.config.ports[0]', 'spec.config.ports[1]']],
    ['a relative directory', image({ config: { workingDir: 'app' } }), ['spec.config.workingDir: Invalid value']],
    ['a user of three parts', image({ config: { user: 'a:b:c' } }), ['spec.config.user: Invalid value']],
    ['a signal that is none', image({ config: { stopSignal: 'TERM' } }), ['spec.config.stopSignal: Invalid value']],
    [
      'a check of an unknown kind',
      image({ config: { healthcheck: { test: ['HTTP'], interval: '0s' } } }),
      [
        'spec.config.healthcheck.test[0]: Unsupported value: "HTTP": supported values: "CMD", "CMD-SHELL", "NONE"',
        'spec.config.healthcheck.interval: Invalid value',
      ],
    ],
    [
      'a good program',
      image({ program: { startTime: '2s', memory: [{ amount: '64Mi' }, { after: '1m', amount: '1Gi' }], exitAfter: '1h', exitCode: 3 } }),
      [],
    ],
    [
      'a program of nonsense',
      image({
        program: {
          startTime: 'soon',
          memory: [{ after: 'later', amount: 'much' }, { amount: '0' }],
          exitCode: 256,
          failingPaths: [{ path: 'healthz', code: 200, port: 0, after: 'x' }],
        },
      }),
      [
        'spec.program.startTime',
        'spec.program.memory[0].after',
        'spec.program.memory[0].amount',
        'spec.program.memory[1].amount',
        'spec.program.exitCode: Invalid value: 256',
        'spec.program.exitCode: Forbidden: may only be set together with `exitAfter`',
        'spec.program.failingPaths[0].path',
        'spec.program.failingPaths[0].after',
        'spec.program.failingPaths[0].code',
        'spec.program.failingPaths[0].port',
      ],
    ],
  ];
  for (const [title, object, expected] of cases) {
    it(title, () => {
      const errors = IMAGE_STRATEGY.validate(object).map(errorText);
      assert.equal(errors.length, expected.length, errors.join('\n'));
      errors.forEach((error, index) => assert.ok(error.startsWith(expected[index] ?? '?'), `${error}\nis not\n${expected[index]}`));
    });
  }
});

describe('an Image in the cluster', () => {
  const admin = Cluster.create({ seed: 's', startTime: 0, preset: 'empty' }).admin();
  const create = (name: string, spec: Draft<ImageSpec>): Image => admin.create(IMAGES, { metadata: { name }, spec });

  it('is called latest if nobody says how, and has a digest', () => {
    const { spec, status } = create('plain', { repository: 'team/plain' });
    assert.deepEqual(spec?.tags, ['latest']);
    assert.match(status?.digest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(status?.size, 10_000_000);
  });

  it('has the digest of what is in it, whatever it is called', () => {
    const layers = [{ size: 3, files: [{ path: '/a', text: 'abc' }] }];
    const one = create('one', { repository: 'one', layers, config: { cmd: ['a'] } });
    const two = create('two', { repository: 'two', tags: ['2'], layers, config: { cmd: ['a'] } });
    const other = create('other', { repository: 'one', tags: ['3'], layers, config: { cmd: ['b'] } });
    assert.equal(one.status?.digest, two.status?.digest);
    assert.notEqual(one.status?.digest, other.status?.digest);
    const changed = admin.modify(
      IMAGES,
      '',
      'two',
      (copy) => void (copy.spec = { ...(one.spec as Draft<ImageSpec>), repository: 'two', config: { cmd: ['b'] } }),
    );
    assert.equal(changed?.status?.digest, other.status?.digest);
  });
});

describe('names of images', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['nginx', 'docker.io/library/nginx', 'nginx'],
    ['docker.io/team/web:1', 'docker.io/team/web', 'team/web'],
    ['localhost/web', 'localhost/web', 'localhost/web'],
    ['registry:5000/a/b@sha256:' + '0'.repeat(64), 'registry:5000/a/b', 'registry:5000/a/b'],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v1',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
    ],
  ];
  for (const [text, whole, familiar] of cases) {
    it(text, () => {
      const parsed = parseReference(text);
      assert.ok(parsed !== undefined);
      assert.deepEqual([repositoryName(parsed), familiarName(parsed)], [whole, familiar]);
    });
  }
  it('are not of any other form', () =>
    assert.deepEqual(['', 'A', 'a:', 'a b', 'a@sha256:12'].map(parseReference), [undefined, undefined, undefined, undefined, undefined]));
  it('come with sizes as engines print them', () =>
    assert.deepEqual([0, 512, 7_834_000, 132_400_000, 1_050_000_000].map(sizeText), ['0B', '512B', '7.83MB', '132MB', '1.05GB']));
});
