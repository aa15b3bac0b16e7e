/**
 * `kubepad validate`: the editor's diagnostics for files and folders, for people and for CI.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { Documents } from '../../manifest/documents.ts';
import { FORMATS, type Finding, type Format } from './report.ts';

const EXTENSIONS = /\.(ya?ml|json)$/;
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git']);

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('Check manifests as the API server would; exit 0: clean, 1: findings, 2: could not run.')
    .argument('<paths...>', 'files and folders')
    .addOption(new Option('-o, --output <format>', 'how findings are written').choices(Object.keys(FORMATS)).default('text'))
    .action((paths: readonly string[], flags: { readonly output: Format }) => {
      process.exitCode = validate(paths, flags.output);
    });
}

function validate(paths: readonly string[], format: Format): number {
  const documents = new Documents(createApiJudge());
  const findings: Finding[] = [];
  let files: readonly string[];
  try {
    files = paths.flatMap(filesOf);
    for (const file of files) {
      documents.change(file, readFileSync(file, 'utf8'));
      for (const diagnostic of documents.diagnostics(file)?.diagnostics ?? []) findings.push({ file, diagnostic });
      documents.close(file);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  process.stdout.write(FORMATS[format](findings, files));
  return findings.length === 0 ? 0 : 1;
}

/** A file that is named is read whatever its extension; folders are searched for manifests. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => !IGNORED.has(entry.name) && (entry.isDirectory() || EXTENSIONS.test(entry.name)))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}
