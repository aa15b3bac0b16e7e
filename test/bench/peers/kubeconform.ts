/**
 * kubeconform, built by Go from its module.
 * Invariant: built only if the module is byte for byte what was measured before, which its hash says. Its schemas lie on the disk,
 * as with `-cache` after the first run.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, root } from '../../../scripts/support/process.ts';
import { writeStandaloneSchemas } from './schemas.ts';

export const KUBECONFORM = 'kubeconform 0.8.0';

const MODULE = 'github.com/yannh/kubeconform';
const VERSION = 'v0.8.0';
const MODULE_HASH = 'h1:loDYd3a3spjIFrauqW67CDKF55Oo9R6uvC8AvpVd4ug=';

export interface Command {
  readonly program: string;
  /** What stands before the files. */
  readonly args: readonly string[];
}

/** Undefined where it cannot be had: no Go, no network. */
export function findKubeconform(): Command | undefined {
  const folder = join(cacheDir, 'bench', 'kubeconform');
  const program = join(folder, process.platform === 'win32' ? 'kubeconform.exe' : 'kubeconform');
  const schemas = join(folder, 'schemas');
  try {
    if (!existsSync(program)) build(folder);
    writeStandaloneSchemas(root, schemas);
  } catch (error) {
    console.error(`${KUBECONFORM} cannot be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return { program, args: ['-strict', '-schema-location', join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json')] };
}

function build(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const go = (args: readonly string[]): string =>
    execFileSync('go', args, { cwd: folder, encoding: 'utf8', timeout: 240_000, env: { ...process.env, GOBIN: folder } });
  const { Sum } = JSON.parse(go(['mod', 'download', '-json', `${MODULE}@${VERSION}`])) as { readonly Sum: string };
  if (Sum !== MODULE_HASH) throw new Error(`${MODULE} ${VERSION} is not what was measured`);
  go(['install', `${MODULE}/cmd/kubeconform@${VERSION}`]);
}
