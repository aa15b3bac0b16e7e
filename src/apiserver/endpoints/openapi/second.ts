/** A document of version 3, as far as version 2 is made of it. */
export interface ThirdDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly [key: string]: unknown;
}

/** All documents as one of version 2: definitions instead of components, and answers with their schema right below. */
export function secondDocument(documents: readonly ThirdDocument[]): object {
  const definitions: Record<string, unknown> = {};
  const paths: Record<string, unknown> = {};
  for (const document of documents) {
    for (const [name, schema] of Object.entries(document.components.schemas)) definitions[name] = moved(schema);
    for (const [path, item] of Object.entries(document.paths)) {
      paths[path] = Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, secondOperation(path, operation)]));
    }
  }
  return { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths, definitions };
}

function secondOperation(path: string, { parameters = [], responses: _responses, ...rest }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', type: 'string', required: true }));
  const inQuery = parameters.map(({ name }) => ({ name, in: 'query', type: 'string' }));
  return { ...rest, parameters: [...inPath, ...inQuery], produces: ['application/json'], responses: { '200': { description: 'OK' } } };
}

/** References point elsewhere, and stand alone. */
function moved(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(moved);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { allOf, ...rest } = schema as { readonly allOf?: readonly { readonly $ref?: string }[] };
  const reference = allOf?.length === 1 ? allOf[0]?.$ref : undefined;
  const all = reference === undefined ? schema : { ...rest, $ref: reference };
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace('#/components/schemas/', '#/definitions/') : moved(value),
    ]),
  );
}
