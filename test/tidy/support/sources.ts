// The repository's TypeScript sources as the tidy tests see them: text, code without comments and strings, and imports.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface Import {
  /** As written: `../base/json.ts`, `node:fs`, `yaml`. */
  readonly specifier: string;
  /** For a relative import the path from the checkout (`src/base/json.ts`), else undefined. */
  readonly path: string | undefined;
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Source {
  /** From the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the contents of strings blanked; lines stay where they are. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** All TypeScript files under the given folders of the checkout, sorted by path. */
export function readSources(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('test/corpus/') || path.endsWith('.test.ts'))
    .toSorted()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, code: blank(text), imports: importsOf(path, text) };
}

/** `src/controllers/deployment/rolling.ts:12` for messages that an editor can follow. */
export function at(source: Source, offset: number): string {
  return `${source.path}:${source.text.slice(0, offset).split('\n').length}`;
}

const staticImport = /^[ \t]*(?:import|export)\b\s*(type\b(?!\s*,|\s+from\b)\s*)?(?:[^'";]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm;
const dynamicImport = /\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g;

function importsOf(path: string, text: string): readonly Import[] {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const make = (specifier: string, typeOnly: boolean, offset: number): Import => ({
    specifier,
    path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
    typeOnly,
    line: lineOf(offset),
  });
  const found = [...text.matchAll(staticImport)].map((match) => make(match[2] ?? '', match[1] !== undefined, match.index));
  const dynamic = [...text.matchAll(dynamicImport)]
    .filter((match) => !/^\s*(\/\/|\*)/.test(text.slice(text.lastIndexOf('\n', match.index) + 1, match.index)))
    .map((match) => make(match[1] ?? '', false, match.index));
  return [...found, ...dynamic];
}

/** Comments, strings, the text of templates and regular expressions; what `${}` of a template holds stays code. */
const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=(?:^|[=(,:;!&|?{}[\n]|=>|\breturn|\bcase)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/gm;

function blank(text: string): string {
  const spaces = (token: string): string => token.replaceAll(/[^\n]/g, ' ');
  const withoutTemplates = text.replaceAll(/`(?:\\[\s\S]|[^`\\])*`/g, (template) =>
    // A template with a nested one is kept as it is: too much stays code rather than too little.
    template.replaceAll(
      /(^`|\})[^`]*?(\$\{|`$)/g,
      (part, open: string, close: string) => open + spaces(part.slice(open.length, -close.length)) + close,
    ),
  );
  return withoutTemplates.replaceAll(tokens, (token) =>
    token.startsWith('/') ? spaces(token) : `${token[0] ?? ''}${spaces(token.slice(1, -1))}${token.at(-1) ?? ''}`,
  );
}
