import type { Draft } from '../../base/json.ts';
import type { KubeObject, UnknownObject } from '../../apimachinery/meta/resource.ts';
import { nameIsDNSSubdomain } from '../../apimachinery/validation/objectNames.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../apimachinery/validation/objectMeta.ts';
import { age, AGE, NAME } from '../columns.ts';
import type { Strategy } from '../strategy.ts';

/** What the facts say of a served resource. */
export interface ResourceFact {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly { readonly name: string }[];
}

/** A kind that has no room of its own yet: stored, decoded and defaulted by its schema, its metadata validated. */
export function genericStrategy(fact: ResourceFact): Strategy {
  const hasStatus = fact.subresources.some(({ name }) => name === 'status');
  return {
    resource: { group: fact.group, version: fact.version, plural: fact.plural, kind: fact.kind, namespaced: fact.namespaced },
    singular: fact.singular,
    shortNames: fact.shortNames,
    categories: fact.categories,
    tracksGeneration: hasStatus,
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: true,
    validateName: nameIsDNSSubdomain,
    ...(hasStatus
      ? {
          prepareForCreate: (object: Draft<KubeObject>): void => {
            delete (object as Draft<UnknownObject>)['status'];
          },
          status: { validateUpdate: (object, old) => validateObjectMetaUpdate(object.metadata, old.metadata) },
        }
      : {}),
    validate: (object) => validateObjectMeta(object.metadata, fact.namespaced, nameIsDNSSubdomain),
    validateUpdate: (object, old) => validateObjectMetaUpdate(object.metadata, old.metadata),
    defaultPropagation: 'Background',
    table: { columns: [NAME, AGE], cells: (object, nowMs) => [object.metadata.name ?? '', age(object, nowMs)] },
  };
}
