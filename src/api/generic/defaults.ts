import type { Draft } from '../../base/json.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { StructNode, TypeNode } from '../../apimachinery/scheme/typeNode.ts';
import { defaultPodTemplateSpec } from '../core/pod/defaults.ts';
import { nodeOf } from '../scheme.ts';
import type { PodTemplateSpec } from '../schema/types/core/v1.ts';

const POD_TEMPLATE = 'io.k8s.api.core.v1.PodTemplateSpec';

/** A Pod template is defaulted in the same way wherever it stands; the rest of a kind's defaults is its own. */
export function defaultBySchema(resource: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): ((object: Draft<KubeObject>) => void) | undefined {
  const node = nodeOf(resource);
  if (node === undefined || !holdsTemplate(node)) return undefined;
  return (object) => visit(node, object);
}

function visit(type: TypeNode, value: unknown): void {
  if (value === undefined || !holdsTemplate(type)) return;
  if (type.kind === 'list') for (const item of value as readonly unknown[]) visit(type.item, item);
  if (type.kind !== 'struct') return;
  if (type.definition === POD_TEMPLATE) defaultPodTemplateSpec(value as Draft<PodTemplateSpec>);
  else for (const field of type.fields.values()) visit(field.type, (value as Readonly<Record<string, unknown>>)[field.name]);
}

/** Types that refer to themselves hold no templates. */
function holdsTemplate(type: TypeNode): boolean {
  if (type.kind === 'list') return holdsTemplate(type.item);
  if (type.kind !== 'struct') return false;
  if (type.definition === POD_TEMPLATE) return true;
  const known = memo.get(type);
  if (known !== undefined) return known;
  memo.set(type, false);
  const result = [...type.fields.values()].some((field) => holdsTemplate(field.type));
  memo.set(type, result);
  return result;
}

const memo = new WeakMap<StructNode, boolean>();
