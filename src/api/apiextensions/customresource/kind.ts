/**
 * A version of a custom resource as the API serves it: made of a CustomResourceDefinition, once per stored definition.
 * Invariant: derived from the definition alone, so it need not be stored or restored.
 * Counterpart: the crdInfo of k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go.
 */
import type { ResourceType } from '../../../apimachinery/meta/resource.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../schema/types/apiextensions/v1.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import type { Strategy } from '../../strategy.ts';
import { customStrategy } from './strategy.ts';

/** The type of a custom resource knows the schemas of its versions: decoding and reading need them. */
export interface CustomType extends ResourceType {
  readonly schemas: ReadonlyMap<string, JSONSchema>;
  readonly storageVersion: string;
  /** Fields beside the name and the namespace by which lists can select. */
  readonly selectable: readonly string[];
}

export interface CustomKind {
  readonly type: CustomType;
  readonly version: CustomResourceDefinitionVersion;
  readonly strategy: Strategy;
  readonly definition: CustomResourceDefinition;
}

const EMPTY: JSONSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const kinds = new WeakMap<CustomResourceDefinition, readonly CustomKind[]>();

/** The served versions of a definition, in the order of its list. */
export function kindsOf(definition: CustomResourceDefinition): readonly CustomKind[] {
  const known = kinds.get(definition);
  if (known !== undefined) return known;
  const made = make(definition);
  kinds.set(definition, made);
  return made;
}

export function isCustomType(type: object): type is CustomType {
  return 'schemas' in type;
}

export function schemaOf(version: CustomResourceDefinitionVersion): JSONSchema {
  return (version.schema?.openAPIV3Schema as JSONSchema | undefined) ?? EMPTY;
}

function make(definition: CustomResourceDefinition): readonly CustomKind[] {
  const { group, names, scope, versions } = definition.spec;
  const schemas = new Map(versions.map((version) => [version.name, schemaOf(version)]));
  const storageVersion = versions.find(({ storage }) => storage)?.name ?? versions[0]?.name ?? '';
  return versions
    .filter(({ served }) => served)
    .map((version) => {
      const type: CustomType = {
        group,
        version: version.name,
        plural: names.plural,
        kind: names.kind,
        namespaced: scope === 'Namespaced',
        schemas,
        storageVersion,
        selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
      };
      return { type, version, definition, strategy: customStrategy(type, definition, version, schemaOf(version)) };
    });
}
