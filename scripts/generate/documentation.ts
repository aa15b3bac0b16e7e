import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { readFacts, root, type SchemaFact } from './facts.ts';
import { OWN_WORDS } from './ownWords.ts';

const OUTPUT = 'media/data/documentation.json.br';
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models');

/**
 * What a field is for, in words: taken from the comments of @kubernetes/client-node's model types, by definition and
 * field; the empty field is the definition itself. Compressed, because it is only read when someone hovers.
 */
export function generateDocumentation(): void {
  const { definitions } = readFacts<{ definitions: Record<string, SchemaFact> }>('schema.json');
  const texts: Record<string, Record<string, string>> = {};
  for (const definition of Object.keys(definitions).sort()) {
    const source = sourceOf(definition);
    if (source === undefined) continue;
    const found = { ...commentsOf(source, definitions[definition] ?? {}), ...OWN_WORDS[definition] };
    if (Object.keys(found).length > 0) texts[definition] = found;
  }
  const file = join(root, OUTPUT);
  mkdirSync(dirname(file), { recursive: true });
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(file, brotliCompressSync(JSON.stringify(texts), quality));
}

/** The model of a definition: `V1Pod`, or with the group before it where two groups share the name: `CoreV1Event`. */
function sourceOf(definition: string): string | undefined {
  const parts = definition.split('.');
  const name = parts.at(-1) ?? '';
  const version = capital(parts.at(-2) ?? '');
  const group = capital(parts.at(-3) ?? '');
  const file = [`${group}${version}${name}`, `${version}${name}`]
    .map((model) => join(models, `${model}.d.ts`))
    .find((path) => existsSync(path));
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}

function commentsOf(source: string, fact: SchemaFact): Record<string, string> {
  const found: Record<string, string> = {};
  const own = /\/\*\*\n((?:\* .*\n)+)\*\/\nexport declare class/.exec(source)?.[1];
  if (own !== undefined) found[''] = clean(own);
  for (const match of source.matchAll(/\/\*\*\n((?: {4}\* .*\n)+) {4}\*\/\n {4}'?(\w+)'?\??:/g)) {
    const [, comment = '', member = ''] = match;
    const field = fieldOf(member, fact);
    if (field !== undefined) found[field] = clean(comment);
  }
  return found;
}

/** Members that are words of the language have an underscore or a capital: `_default`, `_enum`. */
function fieldOf(member: string, fact: SchemaFact): string | undefined {
  return [member, member.replace(/^_/, ''), `$${member.replace(/^\$/, '')}`].find((name) => fact.properties?.[name] !== undefined);
}

function clean(comment: string): string {
  return comment
    .replaceAll(/^ *\* ?/gm, '')
    .replaceAll('\n', ' ')
    .replaceAll(/\\(['"])/g, '$1')
    .trim();
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
