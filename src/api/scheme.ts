/**
 * The recorded API as data, compiled: every room asks here for the types of kinds.
 * Counterpart: k8s.io/kubernetes/pkg/api/legacyscheme.
 */
import { compileScheme, type GoFacts, type Scheme, type StructNode } from '../apimachinery/scheme/typeNode.ts';
import type { SchemaSet } from '../apimachinery/scheme/schema.ts';
import { KUBEPAD_GO_FACTS, KUBEPAD_SCHEMAS } from './kubepad/schema.ts';
import go from './schema/facts/go.json' with { type: 'json' };
import schema from './schema/facts/schema.json' with { type: 'json' };

const RECORDED = schema as unknown as SchemaSet;

export const SCHEMAS: SchemaSet = {
  definitions: { ...RECORDED.definitions, ...KUBEPAD_SCHEMAS.definitions },
  kinds: { ...RECORDED.kinds, ...KUBEPAD_SCHEMAS.kinds },
};

export const SCHEME: Scheme = compileScheme(SCHEMAS, { ...(go as GoFacts), ...KUBEPAD_GO_FACTS });

/** The type of a resource's objects; a served resource always has one. */
export function nodeOf(resource: { readonly group: string; readonly version: string; readonly kind: string }): StructNode | undefined {
  return SCHEME.kind(resource.group === '' ? resource.version : `${resource.group}/${resource.version}`, resource.kind);
}
