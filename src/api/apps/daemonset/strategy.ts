/**
 * DaemonSets: one Pod of a template on every node that takes it. Defaults and counting; the validation is the schema's so far.
 * Invariant: the annotation of the template's generation counts changes of the template. Counterpart: k8s.io/kubernetes/pkg/registry/apps/daemonset.
 */
import { jsonEqual, type Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { validateBySchema } from '../../generic/validation.ts';
import { DAEMONSETS } from '../../schema/resources.ts';
import type { DaemonSet } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export const DAEMONSET_STRATEGY: Omit<Strategy<DaemonSet>, 'table'> = {
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
  validate: validateBySchema(DAEMONSETS),
  validateUpdate: validateBySchema(DAEMONSETS),
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
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
