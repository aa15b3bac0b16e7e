/** The OpenAPI documents of custom resources. Counterpart: k8s.io/apiextensions-apiserver/pkg/controller/openapiv3. */
import { isCustomType } from '../../../api/apiextensions/customresource/kind.ts';
import type { JSONSchema } from '../../../api/apiextensions/structural/jsonSchema.ts';
import type { Catalog } from '../../catalog.ts';
import type { ServedResource } from '../served.ts';

/** `apis/GROUP/VERSION` of every group version that has custom resources. */
export function customNames(catalog: Catalog): readonly string[] {
  const names = catalog.groups().flatMap(({ group, versions }) => versions.map((version) => ({ group, version })));
  return names
    .filter(({ group, version }) => customResources(catalog, group, version).length > 0)
    .map(({ group, version }) => `apis/${group}/${version}`);
}

/** Undefined where there are none. */
export function customDocument(name: string, catalog: Catalog): string | undefined {
  const [, group = '', version = ''] = name.split('/');
  const resources = customResources(catalog, group, version);
  if (resources.length === 0) return undefined;
  const schemas = Object.fromEntries(resources.map((served) => [definitionName(served), definition(served)]));
  const paths = Object.fromEntries(resources.flatMap((served) => pathsOf(name, served)));
  return JSON.stringify({ openapi: '3.0.0', info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }, paths, components: { schemas } });
}

function customResources(catalog: Catalog, group: string, version: string): readonly ServedResource[] {
  return catalog.resourcesOf(group, version).filter(({ type }) => isCustomType(type));
}

/** `com.example.demo.v1.Widget` */
function definitionName({ type }: ServedResource): string {
  return [...type.group.split('.').toReversed(), type.version, type.kind].join('.');
}

function definition({ type }: ServedResource): object {
  const schema: JSONSchema = isCustomType(type) ? (type.schemas.get(type.version) ?? {}) : {};
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    'x-kubernetes-group-version-kind': [{ group: type.group, version: type.version, kind: type.kind }],
  };
}

function pathsOf(name: string, served: ServedResource): readonly (readonly [string, object])[] {
  const { type } = served;
  const item = `/${name}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`;
  const operation = (action: string, parameters: readonly string[] = []): object => ({
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((parameter) => ({ name: parameter, in: 'query', schema: { type: 'string', uniqueItems: true } })) }),
    responses: {
      '200': { description: 'OK', content: { 'application/json': { schema: { $ref: `#/components/schemas/${definitionName(served)}` } } } },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: type.group, version: type.version, kind: type.kind },
  });
  const write = ['dryRun', 'fieldManager', 'fieldValidation'];
  return [
    [item, { get: operation('list'), post: operation('post', write) }],
    [
      `${item}/{name}`,
      { get: operation('get'), put: operation('put', write), patch: operation('patch', write), delete: operation('delete', ['dryRun']) },
    ],
  ];
}
