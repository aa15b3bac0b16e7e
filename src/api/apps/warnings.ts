import { Path } from '../../apimachinery/field/path.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { isDNS1123Label } from '../../apimachinery/validation/names.ts';
import { jsonEqual } from '../../base/json.ts';
import { podTemplateWarnings } from '../core/pod/warnings.ts';
import type { PodTemplateSpec } from '../schema/types/core/v1.ts';

interface PodOwner extends KubeObject {
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** The name becomes part of Pod names, which are host names. An update speaks of the template when it changes the spec. */
export function podOwnerWarnings(object: PodOwner, old: PodOwner | undefined): readonly string[] {
  if (old !== undefined) return jsonEqual(object.spec, old.spec) ? [] : podTemplateWarnings(object.spec?.template, TEMPLATE);
  return [...hostNameWarnings(object.metadata.name ?? ''), ...podTemplateWarnings(object.spec?.template, TEMPLATE)];
}

export function hostNameWarnings(name: string): readonly string[] {
  const problems = isDNS1123Label(name);
  if (problems.length === 0) return [];
  const text = 'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: ${text}: [${problems.join(' ')}]`];
}

const TEMPLATE = Path.of('spec', 'template');
