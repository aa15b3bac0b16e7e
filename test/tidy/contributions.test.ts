import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../../src/host/tools/registry.ts';
import { root } from './support/sources.ts';

interface Manifest {
  readonly contributes: {
    readonly commands?: readonly { readonly command: string; readonly title: string; readonly icon?: string }[];
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly submenus?: readonly { readonly id: string }[];
    readonly configuration?: ConfigurationSection | readonly ConfigurationSection[];
    readonly languageModelTools?: readonly {
      readonly name: string;
      readonly displayName: string;
      readonly modelDescription: string;
      readonly inputSchema: unknown;
    }[];
    readonly walkthroughs?: readonly {
      readonly id: string;
      readonly steps: readonly { readonly media: Readonly<Record<string, unknown>> }[];
    }[];
  };
}

interface ConfigurationSection {
  readonly properties: Readonly<Record<string, { readonly description?: string; readonly markdownDescription?: string }>>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const commands = (contributes.commands ?? []).map(({ command }) => command);
const views = Object.values(contributes.views ?? {}).flatMap((group) => group.map(({ id }) => id));
const sections = [contributes.configuration ?? []].flat() as readonly ConfigurationSection[];
const settings = sections.flatMap(({ properties }) => Object.keys(properties));

const idsFile = join(root, 'src/extension/ids.ts');
const ids = existsSync(idsFile) ? readFileSync(idsFile, 'utf8') : undefined;

/** The strings of one exported constant of ids.ts that begin with `kubepad.`. */
function idsOf(constant: string): readonly string[] {
  const start = ids?.search(new RegExp(`export const ${constant}\\b`)) ?? -1;
  assert.ok(start >= 0, `ids.ts exports no ${constant}`);
  const end = ids?.indexOf('\n} as const', start) ?? -1;
  const list = ids?.indexOf('\n] as const', start) ?? -1;
  const until = Math.min(...[end, list].filter((offset) => offset >= 0));
  return [...(ids ?? '').slice(start, until).matchAll(/'(kubepad\.[\w.-]+)'/g)].map((match) => match[1] ?? '');
}

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();

describe('contributions', () => {
  if (ids !== undefined) {
    it('of commands are those of ids.ts', () => assert.deepEqual(sorted(commands), sorted(idsOf('commands'))));
    it('of views are those of ids.ts', () => assert.deepEqual(sorted(views), sorted(idsOf('views'))));
    it('of settings are those of ids.ts', () => assert.deepEqual(sorted(settings), sorted(idsOf('settings'))));
  }

  it('name only commands and submenus that exist in menus and key bindings', () => {
    const known = new Set([...commands, ...(contributes.submenus ?? []).map(({ id }) => id)]);
    const used = [...Object.values(contributes.menus ?? {}).flat(), ...(contributes.keybindings ?? [])];
    const names = used.map((item) => ('submenu' in item ? item.submenu : item.command) ?? '');
    assert.deepEqual(
      names.filter((name) => name.startsWith('kubepad') && !known.has(name)),
      [],
    );
  });

  it('are in the readme: every setting, and every command by its title', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const hidden = new Set(
      (contributes.menus?.['commandPalette'] ?? []).filter(({ when }) => when === 'false').map(({ command }) => command),
    );
    const titles = (contributes.commands ?? []).filter(({ command }) => !hidden.has(command)).map(({ title }) => title);
    const internal = new Set(['Show Menu']);
    assert.deepEqual(
      [...settings, ...titles].filter((text) => !internal.has(text) && !readme.includes(text)),
      [],
    );
  });

  it('of tools for language models are those of the registry', () => {
    const contributed = (contributes.languageModelTools ?? []).map(({ name, displayName, modelDescription, inputSchema }) => ({
      name,
      displayName,
      modelDescription,
      inputSchema,
    }));
    const known = TOOLS.map(({ name, title, description, inputSchema }) => ({
      name: `kubepad_${name}`,
      displayName: title,
      modelDescription: description,
      inputSchema,
    }));
    assert.deepEqual(contributed, known);
  });

  it('say the walkthrough in English and Korean, with the same commands and pages that are there', () => {
    const [english, korean] = ['package.nls.json', 'package.nls.ko.json'].map(
      (file) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Readonly<Record<string, string>>,
    );
    assert.ok(english !== undefined && korean !== undefined);
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([Object.keys(english), Object.keys(korean)], [used, used]);
    const commandsIn = (text = ''): readonly string[] => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command = '']) => command);
    for (const [key, text] of Object.entries(english)) {
      if (key.endsWith('.media')) assert.ok(existsSync(join(root, text)) && existsSync(join(root, korean[key] ?? '')), key);
      else assert.ok(/[가-힣]/.test(korean[key] ?? ''), key);
      assert.deepEqual(commandsIn(korean[key]), commandsIn(text), key);
      const known = new Set([...commands, ...views.map((view) => `${view}.focus`)]);
      assert.deepEqual(
        commandsIn(text).filter((command) => !known.has(command)),
        [],
      );
    }
  });

  it('have no id twice', () => {
    assert.equal(commands.length, new Set(commands).size);
    assert.equal(settings.length, new Set(settings).size);
  });

  it('describe every setting', () => {
    const bare = sections.flatMap(({ properties }) =>
      Object.entries(properties).filter(([, { description, markdownDescription }]) => (description ?? markdownDescription ?? '') === ''),
    );
    assert.deepEqual(bare, []);
  });
});
