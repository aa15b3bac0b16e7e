import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { isDNS1123Label } from '../../apimachinery/validation/names.ts';
import type { PodTemplateSpec } from '../schema/types/core/v1.ts';

interface PodOwner extends KubeObject {
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** The name becomes part of Pod names, which are host names; the template is only spoken of when the spec changed. */
export function podOwnerWarnings(object: PodOwner, old: PodOwner | undefined): readonly string[] {
  const warnings: string[] = [];
  if (old === undefined) {
    const problems = isDNS1123Label(object.metadata.name ?? '');
    if (problems.length > 0) {
      const text = 'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
      warnings.push(`metadata.name: ${text}: [${problems.join(' ')}]`);
    }
  }
  return warnings;
}
