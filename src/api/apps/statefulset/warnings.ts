import { Path } from '../../../apimachinery/field/path.ts';
import { fraction } from '../../core/pod/warningsFractions.ts';
import { podTemplateWarnings } from '../../core/pod/warnings.ts';
import type { StatefulSet } from '../../schema/types/apps/v1.ts';

/** An update speaks of the template when it changes the spec, of all else always. */
export function statefulSetWarnings(set: StatefulSet, old: StatefulSet | undefined): readonly string[] {
  const { template, volumeClaimTemplates = [], revisionHistoryLimit = 0 } = set.spec ?? {};
  const isNew = old === undefined || old.metadata.generation !== set.metadata.generation;
  const warnings = isNew ? [...podTemplateWarnings(template, SPEC.child('template'))] : [];
  for (const [index, { spec = {} }] of volumeClaimTemplates.entries()) {
    const claim = SPEC.child('volumeClaimTemplates').index(index);
    // The two paths are the server's own.
    const path = old === undefined ? claim : claim.child('Spec');
    for (const list of ['requests', 'limits'] as const)
      fraction(warnings, spec.resources?.[list]?.['storage'], () => path.child('resources', list).key('storage'));
  }
  if (revisionHistoryLimit < 0) {
    warnings.push('spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended');
  }
  return warnings;
}

const SPEC = Path.of('spec');
