import { readFacts, writeGenerated, type ResourceFact } from './facts.ts';
import { placeOf } from './types.ts';

/** Typed handles of all served resources, for clients: `PODS`, `DEPLOYMENTS`, … */
export function generateResources(): void {
  const { resources } = readFacts<{ resources: readonly ResourceFact[] }>('resources.json');
  const { kinds } = readFacts<{ kinds: Readonly<Record<string, string>> }>('schema.json');
  const imports = new Map<string, string[]>();
  const lines: string[] = [];
  for (const r of resources) {
    const definition = kinds[`${r.group === '' ? '' : `${r.group}/`}${r.version}/${r.kind}`];
    if (definition === undefined) continue;
    const place = placeOf(definition);
    const taken = resources.filter((other) => other.plural === r.plural);
    const prefix = taken.length > 1 && taken[0] !== r ? `${(r.group.split('.')[0] ?? '').toUpperCase()}_${r.version.toUpperCase()}_` : '';
    const alias =
      prefix === ''
        ? place.name
        : `${(r.group.split('.')[0] ?? '').replace(/^./, (c) => c.toUpperCase())}${r.version.toUpperCase()}${place.name}`;
    imports.set(place.file, [...(imports.get(place.file) ?? []), alias === place.name ? alias : `${place.name} as ${alias}`]);
    lines.push(
      `export const ${prefix}${r.plural.toUpperCase()}: ResourceType<${alias}> = ` +
        `{ group: '${r.group}', version: '${r.version}', plural: '${r.plural}', kind: '${r.kind}', namespaced: ${String(r.namespaced)} };\n`,
    );
  }
  const header = [...imports].map(
    ([file, names]) => `import type { ${[...new Set(names)].sort().join(', ')} } from '${file.replace('src/api/schema/', './')}';\n`,
  );
  writeGenerated(
    'src/api/schema/resources.ts',
    `import type { ResourceType } from '../../apimachinery/meta/resource.ts';\n${header.join('')}\n${lines.join('')}`,
  );
}
