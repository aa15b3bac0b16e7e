import { isRecord } from '../recognise.ts';
import type { Facts } from '../references/facts.ts';
import { labelsOf } from '../references/facts.ts';
import { hitsOf, valueAt } from '../references/fieldPattern.ts';
import { podSpecAt, POD_TEMPLATES } from '../references/podTemplates.ts';
import type { Container, PodSubject, Subject, Surroundings } from './rule.ts';

/** An object as rules look at it. */
export function subjectOf({ kind, value, at }: Pick<Facts, 'kind' | 'value' | 'at'>, around?: Surroundings): Subject {
  return { kind, value, at, pod: podOf({ kind, value, at }), around };
}

function podOf({ kind, value, at }: Pick<Facts, 'kind' | 'value' | 'at'>): PodSubject | undefined {
  const pattern = podSpecAt(kind);
  const hit = pattern === undefined ? undefined : hitsOf(value, pattern, at)[0];
  if (hit === undefined || !isRecord(hit.value)) return undefined;
  const spec = hit.value;
  const template = valueAt(value, POD_TEMPLATES[kind] ?? '');
  const listed = (list: string, init: boolean): readonly Container[] =>
    hitsOf(spec, `${list}[]`, hit.path).flatMap(({ value: container, path }) => {
      if (!isRecord(container)) return [];
      const { name } = container;
      return [{ value: container, name: typeof name === 'string' ? name : '', init, at: path }];
    });
  return {
    spec,
    at: hit.path,
    labels: labelsOf(valueAt(template, 'metadata.labels')),
    containers: [...listed('containers', false), ...listed('initContainers', true)],
  };
}
