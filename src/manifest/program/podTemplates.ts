import { Path } from '../../apimachinery/field/path.ts';
import { isRecord } from '../recognise.ts';

/** A Pod, or the template of one, within an object. */
export interface PodPart {
  readonly at: Path;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** Of its containers, those for initialisation included. */
  readonly containers: readonly string[];
}

const PLACES: readonly (readonly string[])[] = [[], ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template'], ['template']];

/** Undefined: nothing of the object becomes a Pod. */
export function podPartOf(object: Readonly<Record<string, unknown>>): PodPart | undefined {
  for (const place of PLACES) {
    const part = place.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), object);
    if (!isRecord(part) || !isRecord(part['spec'])) continue;
    const { containers, initContainers } = part['spec'];
    if (!Array.isArray(containers)) continue;
    return { at: Path.of(...place), annotations: annotationsOf(part), containers: [...namesOf(containers), ...namesOf(initContainers)] };
  }
  return undefined;
}

export function annotationsOf(part: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { metadata } = part;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  return isRecord(annotations) ? annotations : {};
}

function namesOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((item) => (isRecord(item) && typeof item['name'] === 'string' ? [item['name']] : []));
}
