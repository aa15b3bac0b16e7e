/**
 * yaml-language-server with its Kubernetes schema, as Red Hat's extension runs it.
 * Invariant: what is fetched into the cache is what the lock beside this file names, by its hashes; no script of it is run at installation.
 * The schemas are handed over as the extension does it, so that no network is in the figures.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, root } from '../../../scripts/support/process.ts';
import type { LanguageServer } from './languageServer.ts';
import { SCHEMA_VERSION, sharedSchemas } from './schemas.ts';

export const YAML_LANGUAGE_SERVER = 'yaml-language-server 2.0.0';

const NO_SETTINGS: Readonly<Record<string, unknown>> = {};
const SETTINGS: Readonly<Record<string, unknown>> = {
  yaml: {
    validate: true,
    schemas: { kubernetes: '*.yaml' },
    kubernetesVersion: SCHEMA_VERSION,
    // The catalogue of schemas for other kinds of files is on the network.
    schemaStore: { enable: false },
  },
};

/** Undefined where it cannot be had: no network. */
export function findYamlLanguageServer(): LanguageServer | undefined {
  const program = installed();
  if (program === undefined) return undefined;
  const schemas: Readonly<Record<string, string>> = sharedSchemas(root);
  return {
    program,
    args: ['--stdio'],
    prepare: (connection) => {
      connection.onRequest('vscode/content', (address: string) => schemas[address.slice(address.lastIndexOf('/') + 1)] ?? '{}');
      connection.onRequest('workspace/configuration', ({ items }: { readonly items: readonly { readonly section: string }[] }) =>
        items.map(({ section }) => SETTINGS[section] ?? NO_SETTINGS),
      );
      connection.onRequest('client/registerCapability', () => null);
      connection.onUnhandledNotification(() => undefined);
    },
    ready: (connection) => connection.sendNotification('yaml/registerContentRequest'),
  };
}

function installed(): string | undefined {
  const folder = join(cacheDir, 'bench', 'yaml-language-server');
  const program = join(folder, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  if (existsSync(program)) return program;
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json'])
      copyFileSync(join(import.meta.dirname, 'yaml-language-server', name), join(folder, name));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '0'];
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 180_000 });
    return program;
  } catch (error) {
    console.error(`${YAML_LANGUAGE_SERVER} cannot be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
