import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../../src/host/program.ts';
import { root } from './support/sources.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('the repository', () => {
  it('has a lock file without addresses of registries', () => {
    const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, { readonly resolved?: string }>> };
    const resolved = Object.values(lock.packages).filter((entry) => entry.resolved !== undefined);
    assert.deepEqual(resolved, []);
  });

  it('locks optional packages for every platform, so that `npm ci` works on each', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
    };
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('is called the same in recordings as in its manifest', () => {
    assert.equal(PROGRAM, `${manifest.name} ${manifest.version}`);
  });

  it('has the scripts that its documents name', () => {
    const documents = globSync('{*.md,docs/**/*.md,.ci/run}', { cwd: root });
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/\bnpm run (?:--silent )?([a-z][\w:]*)/g)].map((match) => match[1] ?? ''),
    );
    assert.deepEqual(
      named.filter((name) => manifest.scripts[name] === undefined),
      [],
    );
  });

  it('has the files that its scripts run', () => {
    const files = Object.values(manifest.scripts).flatMap((script) =>
      [...script.matchAll(/\bnode (\S+\.ts)/g)].map((match) => match[1] ?? ''),
    );
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('names no path of the machine it was written on', () => {
    const files = globSync('{*.md,*.json,.*rc,.*rc.json,.ci/*,.vscode/*,scripts/**/*,samples/**/*,docs/**/*}', {
      cwd: root,
      exclude: ['package-lock.json'],
    });
    const home = new RegExp(['/', '(?:home|Users)', '/[a-z]'].join(''));
    const found = files.filter((file) => /\.\w+$/.test(file) && !file.endsWith('.png') && home.test(read(file)));
    assert.deepEqual(found, []);
  });
});
