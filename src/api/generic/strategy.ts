/**
 * Strategies for the served kinds that have no room of their own yet: decoded, defaulted and validated by the schema
 * and by the rules of metadata, stored like any other.
 * Invariant: what is said here per kind are facts of its registry strategy, not behaviour.
 * Counterpart: the strategy.go files of k8s.io/kubernetes/pkg/registry.
 */
import type { Draft } from '../../base/json.ts';
import { formatSelector, fromLabelSelector, fromSet } from '../../apimachinery/labels/selector.ts';
import type { KubeObject, UnknownObject } from '../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import { nameIsDNSSubdomain } from '../../apimachinery/validation/objectNames.ts';
import type { Strategy } from '../strategy.ts';
import { defaultBySchema } from './defaults.ts';
import { genericTable, type TableFacts } from './table.ts';
import { validateBySchema } from './validation.ts';

/** A resource as discovery names it. */
export interface ResourceFact {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly preferred: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly group: string; readonly version: string; readonly kind: string }[];
}

export function genericStrategy(fact: ResourceFact, tables: TableFacts): Strategy {
  const { group, version, plural, kind, namespaced } = fact;
  const table = genericTable(tables, fact);
  const validate = validateBySchema(fact);
  const defaults = defaultBySchema(fact);
  return {
    resource: { group, version, plural, kind, namespaced },
    singular: fact.singular,
    shortNames: fact.shortNames,
    categories: fact.categories,
    tracksGeneration: false,
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: true,
    validateName: nameIsDNSSubdomain,
    ...(defaults === undefined ? {} : { defaults }),
    validate,
    validateUpdate: validate,
    ...(hasSubresource(fact, 'status') ? { status: { validateUpdate: () => [] }, prepareForCreate: dropStatus } : {}),
    ...(hasSubresource(fact, 'scale') ? { scale: GENERIC_SCALE } : {}),
    defaultPropagation: 'Background',
    ...(table === undefined ? {} : { table }),
  };
}

function hasSubresource(fact: ResourceFact, name: string): boolean {
  return fact.subresources.some((subresource) => subresource.name === name);
}

function dropStatus(object: Draft<KubeObject>): void {
  const draft = object as Draft<UnknownObject>;
  if (draft['status'] !== undefined) draft['status'] = {};
}

interface Scalable {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector | Readonly<Record<string, string>> };
  readonly status?: { readonly replicas?: number };
}

/** Kinds that count replicas keep them in the same places. */
const GENERIC_SCALE: NonNullable<Strategy['scale']> = {
  get: (object) => {
    const { spec, status } = object as unknown as Scalable;
    return { specReplicas: spec?.replicas ?? 0, statusReplicas: status?.replicas ?? 0, selector: selectorText(spec?.selector) };
  },
  set: (object, replicas) => {
    const { spec } = object as unknown as { spec?: { replicas?: number } };
    if (spec !== undefined) spec.replicas = replicas;
  },
};

/** A ReplicationController has a plain map where the others have a LabelSelector. */
function selectorText(selector: LabelSelector | Readonly<Record<string, string>> | undefined): string {
  if (selector === undefined) return '';
  const isLabelSelector = typeof selector.matchLabels === 'object' || Array.isArray(selector.matchExpressions);
  return formatSelector(
    isLabelSelector ? fromLabelSelector(selector as LabelSelector) : fromSet(selector as Readonly<Record<string, string>>),
  );
}
