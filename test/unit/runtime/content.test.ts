import assert from 'node:assert/strict';
import type { ImageConfig, ImageSpec } from '../../../src/api/kubepad/image/types.ts';
import { decodeUtf8 } from '../../../src/runtime/files/bytes.ts';
import type { Entry } from '../../../src/runtime/files/fileSystem.ts';
import { filesOver, withImageDefaults } from '../../../src/runtime/images/content.ts';

describe('what a container is started with', () => {
  type Given = { readonly command?: string[]; readonly args?: string[] };
  const cases: readonly (readonly [string, ImageConfig, Given, readonly string[]])[] = [
    ['entrypoint and cmd', { entrypoint: ['e', '1'], cmd: ['c'] }, {}, ['e', '1', 'c']],
    ['cmd alone', { cmd: ['c', '1'] }, {}, ['c', '1']],
    ['own arguments', { entrypoint: ['e'], cmd: ['c'] }, { args: ['a'] }, ['e', 'a']],
    ['own command: nothing of the image', { entrypoint: ['e'], cmd: ['c'] }, { command: ['x'] }, ['x']],
    ['own command and arguments', { entrypoint: ['e'], cmd: ['c'] }, { command: ['x'], args: ['a'] }, ['x', 'a']],
    ['arguments without an entrypoint', { cmd: ['c'] }, { args: ['a', 'b'] }, ['a', 'b']],
    ['an image that says nothing', {}, {}, []],
  ];
  for (const [title, config, given, expected] of cases) {
    it(title, () => {
      const { command = [], args = [] } = withImageDefaults<Given>(given, config);
      assert.deepEqual([...command, ...args], expected);
    });
  }
});

describe('the files of an image', () => {
  it('are those of its base, with what layers add and take away', () => {
    const file = (content: string): Entry => ({ kind: 'file', content, mode: 0o644, atMs: 0 });
    const spec: ImageSpec = {
      repository: 'web',
      layers: [
        {
          size: 1,
          files: [
            { path: '/etc', type: 'Removed' },
            { path: '/app/a', text: 'ä' },
            { path: '/app/b', base64: 'AP8=' },
          ],
        },
        {
          size: 1,
          files: [
            { path: '/app/a', text: 'new', mode: 0o755 },
            { path: '/app/d', type: 'Directory' },
          ],
        },
        { size: 1, files: [{ path: '/app/d', type: 'Removed' }] },
      ],
    };
    const files = filesOver({ 'etc/hosts': file('h'), 'bin/sh': file('') }, spec);
    assert.deepEqual(Object.keys(files).toSorted(), ['app/a', 'app/b', 'bin/sh']);
    const contents = Object.values(files).map((entry) =>
      entry.kind === 'file' ? [...entry.content].map((char) => char.charCodeAt(0)) : [],
    );
    assert.deepEqual(contents, [[], [0x6e, 0x65, 0x77], [0, 255]]);
    const [added] = Object.values(filesOver({}, { repository: 'web', layers: [{ size: 1, files: [{ path: '/x', text: 'ä' }] }] }));
    assert.equal(added?.kind === 'file' ? decodeUtf8(added.content) : '', 'ä');
  });
});
