import { readFacts, writeGenerated, type SchemaFact } from './facts.ts';

/** Where the types of a definition stand and what they are called there. */
export interface TypePlace {
  /** Path below the repository's root. */
  readonly file: string;
  readonly name: string;
}

const META = 'io.k8s.apimachinery.pkg.';

/** `io.k8s.api.apps.v1.Deployment` > src/api/schema/types/apps/v1.ts, Deployment. */
export function placeOf(definition: string): TypePlace {
  const parts = definition.split('.');
  const name = parts.at(-1) ?? '';
  if (definition.startsWith(META)) return { file: 'src/apimachinery/meta/types.ts', name };
  return { file: `src/api/schema/types/${parts.at(-3) ?? ''}/${parts.at(-2) ?? ''}.ts`, name };
}

/** One file of interfaces per API group and version; the shared meta types go to apimachinery. */
export function generateTypes(): void {
  const { definitions } = readFacts<{ definitions: Record<string, SchemaFact> }>('schema.json');
  const files = new Map<string, string[]>();
  const imports = new Map<string, Map<string, Set<string>>>();
  for (const definition of Object.keys(definitions).sort()) {
    const place = placeOf(definition);
    const refer = (ref: string): string => {
      const target = placeOf(ref);
      if (target.file === place.file) return target.name;
      const alias = target.file.includes('/api/schema/') ? `${groupOf(target.file)}${target.name}` : target.name;
      const own = getOrAdd(
        getOrAdd(imports, place.file, () => new Map<string, Set<string>>()),
        target.file,
        () => new Set<string>(),
      );
      own.add(alias === target.name ? target.name : `${target.name} as ${alias}`);
      return alias;
    };
    getOrAdd(files, place.file, () => []).push(declaration(place.name, definitions[definition] ?? {}, refer));
  }
  for (const [file, texts] of files) {
    const lines = [...(imports.get(file) ?? [])].map(
      ([target, names]) => `import type { ${[...names].sort().join(', ')} } from '${relative(file, target)}';\n`,
    );
    writeGenerated(file, `${lines.join('')}\n${texts.join('\n')}`);
  }
}

function declaration(name: string, fact: SchemaFact, refer: (ref: string) => string): string {
  if (name === 'Quantity')
    return '/** A number with an optional suffix, in canonical text form once decoded. */\nexport type Quantity = string;\n';
  if (name === 'IntOrString') return 'export type IntOrString = number | string;\n';
  if (fact.properties === undefined) {
    if (fact.type === 'object' || fact.type === undefined) return `export type ${name} = { readonly [key: string]: unknown };\n`;
    return `export type ${name} = ${typeOf(fact, refer)};\n`;
  }
  const required = new Set(fact.required);
  const members = Object.entries(fact.properties).map(([key, property]) => {
    const needed = required.has(key) || (key === 'metadata' && property.ref?.endsWith('Meta') === true);
    return `  readonly ${/^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`}${needed ? '' : '?'}: ${typeOf(property, refer)};\n`;
  });
  return `export interface ${name} {\n${members.join('')}}\n`;
}

function typeOf(fact: SchemaFact, refer: (ref: string) => string): string {
  if (fact.ref !== undefined) return refer(fact.ref);
  if (fact.enum !== undefined) return fact.enum.map((value) => `'${value}'`).join(' | ');
  switch (fact.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array': {
      const item = typeOf(fact.items ?? {}, refer);
      return /[ |]/.test(item) ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case 'object':
      return `{ readonly [key: string]: ${fact.additionalProperties === undefined ? 'unknown' : typeOf(fact.additionalProperties, refer)} }`;
    default:
      return 'unknown';
  }
}

function groupOf(file: string): string {
  const group = file.split('/').at(-2) ?? '';
  return group.charAt(0).toUpperCase() + group.slice(1);
}

function relative(from: string, to: string): string {
  const a = from.split('/').slice(0, -1);
  const b = to.split('/');
  while (a.length > 0 && a[0] === b[0]) {
    a.shift();
    b.shift();
  }
  return `${a.length === 0 ? './' : '../'.repeat(a.length)}${b.join('/')}`;
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
