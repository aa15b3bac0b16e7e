/**
 * DaemonSets: one Pod of a template on every node that takes it.
 * Invariant: the selector never changes; the annotation of the template's generation counts changes of the template.
 * Counterpart: k8s.io/kubernetes/pkg/registry/apps/daemonset.
 */
import { jsonEqual, type Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { DAEMONSETS } from '../../schema/resources.ts';
import type { DaemonSet } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { podTemplateWarnings } from '../../core/pod/warnings.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { DAEMONSET_TABLE } from './columns.ts';
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './validation.ts';

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export const DAEMONSET_STRATEGY: Strategy<DaemonSet> = {
  resource: DAEMONSETS,
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultDaemonSet,
  prepareForCreate(set) {
    set.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    setTemplateGeneration(set, Math.max(1, templateGeneration(set)));
  },
  prepareForUpdate(set, old) {
    const changed = !jsonEqual(set.spec?.template, old.spec?.template);
    setTemplateGeneration(set, templateGeneration(old) + (changed ? 1 : 0));
  },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  warnings: daemonSetWarnings,
  status: { validateUpdate: validateDaemonSetStatusUpdate },
  defaultPropagation: 'Background',
  table: DAEMONSET_TABLE,
};

/** Counterpart: SetDefaults_DaemonSet. */
function defaultDaemonSet(set: Draft<DaemonSet>): void {
  const spec = set.spec;
  if (spec === undefined) return;
  const strategy = (spec.updateStrategy ??= {});
  if (((strategy.type as string | undefined) ?? '') === '') strategy.type = 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= 1;
    rolling.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  defaultPodTemplateSpec(spec.template);
}

function templateGeneration(set: DaemonSet | Draft<DaemonSet>): number {
  const value = Number(set.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  return Number.isInteger(value) ? value : 0;
}

function setTemplateGeneration(set: Draft<DaemonSet>, generation: number): void {
  (set.metadata.annotations ??= {})[TEMPLATE_GENERATION] = String(generation);
}

/** An update speaks of the template when it changes the spec. */
function daemonSetWarnings(set: DaemonSet, old: DaemonSet | undefined): readonly string[] {
  if (old !== undefined && old.metadata.generation === set.metadata.generation) return [];
  return podTemplateWarnings(set.spec?.template, Path.of('spec', 'template'));
}
