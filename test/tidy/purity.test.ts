import assert from 'node:assert/strict';
import { at, readSources, type Source, sourceOf } from './support/sources.ts';

/** Rooms that may touch the machine they run on. */
const impure = /^src\/(host|extension|webview)\/|^src\/extension\.ts$/;

/** Packages without I/O, clock and chance of their own. */
const purePackages = new Set(['croner', 'yaml', 'js-yaml', 're2js', 'ipaddr.js', 'rfc6902', 'dockerfile-ast']);

const forbidden: readonly (readonly [string, RegExp])[] = [
  ['a timer', /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\b/g],
  ['the real clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.now\b/g],
  ['real chance', /\bMath\.random\b|\bcrypto\./g],
  ['the console', /\bconsole\./g],
  ['the process', /\bprocess\.|\bglobalThis\.process\b/g],
];

function violationsOf(source: Source): readonly string[] {
  const imports = source.imports
    .filter(({ path, specifier }) => path === undefined && !purePackages.has(specifier.split('/', 1)[0] ?? ''))
    .map(({ line, specifier }) => `${source.path}:${line} imports ${specifier}`);
  const uses = forbidden.flatMap(([what, pattern]) =>
    [...source.code.matchAll(pattern)].map((match) => `${at(source, match.index)} uses ${what}: ${match[0]}`),
  );
  return [...imports, ...uses];
}

describe('purity', () => {
  it('keeps time, chance and I/O out of the core', () => {
    const core = readSources('src').filter(({ path }) => !impure.test(path));
    assert.deepEqual(core.flatMap(violationsOf), []);
  });

  it('keeps vscode in the extension and Node out of the webviews', () => {
    const found = readSources('src').flatMap(({ path, imports }) => {
      const inExtension = /^src\/extension(\/|\.ts$)/.test(path);
      const inWebview = path.startsWith('src/webview/');
      return imports
        .filter(({ specifier }) => (specifier === 'vscode' && !inExtension) || (specifier.startsWith('node:') && inWebview))
        .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`);
    });
    assert.deepEqual(found, []);
  });

  it('finds what it looks for', () => {
    const count = (text: string): number => violationsOf(sourceOf('src/sim/a.ts', text)).length;
    assert.equal(count("import { readFileSync } from 'node:fs';"), 1);
    assert.equal(count('const now = Date.now();'), 1);
    assert.equal(count('const now = new Date();'), 1);
    assert.equal(count('const then = new Date(ms);'), 0);
    assert.equal(count("// Date.now() is not used here\nconst text = 'console.log';"), 0);
    assert.equal(count('const text = `console.log ${Math.random()}`;'), 1);
    assert.equal(count('const pattern = /console.log/;'), 0);
  });
});
