/**
 * PriorityLevelConfigurations: how many requests are served at a time, and what becomes of the rest.
 * Invariant: those that the server cannot do without say what they always said.
 * Counterpart: k8s.io/kubernetes/pkg/registry/flowcontrol/prioritylevelconfiguration.
 */
import type { Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { PRIORITYLEVELCONFIGURATIONS } from '../../schema/resources.ts';
import type { PriorityLevelConfiguration } from '../../schema/types/flowcontrol/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateStatusConditions } from '../conditions.ts';
import { validatePriorityLevel } from './validation.ts';

export const PRIORITYLEVELCONFIGURATION_STRATEGY: Strategy<PriorityLevelConfiguration> = {
  resource: PRIORITYLEVELCONFIGURATIONS,
  singular: 'prioritylevelconfiguration',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultPriorityLevel,
  prepareForCreate(level) {
    level.status = {};
  },
  validate: validatePriorityLevel,
  validateUpdate: validatePriorityLevel,
  status: { validateUpdate: (level) => validateStatusConditions(level.status?.conditions) },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Type'), text('NominalConcurrencyShares'), text('Queues'), text('HandSize'), text('QueueLengthLimit'), AGE],
    cells(level, nowMs) {
      const { type = '', limited } = level.spec ?? {};
      const queuing = limited?.limitResponse?.queuing;
      return [
        level.metadata.name ?? '',
        type,
        limited === undefined ? '<none>' : (limited.nominalConcurrencyShares ?? 0),
        queuing === undefined ? '<none>' : (queuing.queues ?? 0),
        queuing === undefined ? '<none>' : (queuing.handSize ?? 0),
        queuing === undefined ? '<none>' : (queuing.queueLengthLimit ?? 0),
        age(level, nowMs),
      ];
    },
  },
};

function defaultPriorityLevel(level: Draft<PriorityLevelConfiguration>): void {
  const { limited, exempt } = level.spec ?? {};
  if (exempt !== undefined) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (limited === undefined) return;
  limited.nominalConcurrencyShares ??= 30;
  limited.lendablePercent ??= 0;
  const queuing = limited.limitResponse?.queuing;
  if (queuing === undefined) return;
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}
