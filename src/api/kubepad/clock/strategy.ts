/**
 * Clock: virtual time as an object. Its spec is what is wanted, its status how far the last request has come; who carries
 * requests out is the host's driver, since a request is an input of the simulation and no part of it.
 * Invariant: there is one, named `cluster`.
 */
import { forbidden, invalid, notSupported, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, boolean, NAME, text } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { parseDuration } from '../duration.ts';
import { CLOCKS, CLUSTER_CLOCK, type Clock } from '../types.ts';

export const CLOCK_STRATEGY: Strategy<Clock> = {
  resource: CLOCKS,
  singular: 'clock',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(clock) {
    delete clock.status;
  },
  validate: validateClock,
  validateUpdate: validateClock,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Now'), text('Speed'), boolean('Paused'), boolean('Stable'), AGE],
    cells: (clock, nowMs) => [
      clock.metadata.name ?? '',
      clock.status?.now ?? '',
      String(clock.spec?.speed ?? 1),
      clock.spec?.paused ?? false,
      clock.status?.stable ?? false,
      age(clock, nowMs),
    ],
  },
};

const SPEC = Path.of('spec');

function validateClock({ metadata, spec = {} }: Clock): ErrorList {
  const errors: FieldError[] = [];
  const { name = '' } = metadata;
  if (name !== CLUSTER_CLOCK) errors.push(notSupported(Path.of('metadata', 'name'), name, [CLUSTER_CLOCK]));
  if (spec.speed !== undefined && parseSpeed(spec.speed) === undefined) {
    errors.push(invalid(SPEC.child('speed'), spec.speed, "must be a number greater than 0, or 'max'"));
  }
  for (const field of ['step', 'limit'] as const) {
    const value = spec[field];
    if (value !== undefined && !((parseDuration(value) ?? 0) > 0)) errors.push(invalid(SPEC.child(field), value, DURATION));
  }
  const { runUntil } = spec;
  if (runUntil !== undefined && !isGoal(runUntil)) {
    errors.push(
      invalid(SPEC.child('runUntil'), runUntil, "must be 'settled', 'stable', a duration (e.g. 30s) or a time (e.g. 2026-01-02T03:04:05Z)"),
    );
  }
  if (runUntil !== undefined && spec.step !== undefined)
    errors.push(forbidden(SPEC.child('runUntil'), 'may not be set together with `step`'));
  return errors;
}

const DURATION = 'must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)';

/** The factor, or `max`; undefined if the value is no speed. */
export function parseSpeed(speed: number | string): number | 'max' | undefined {
  if (speed === 'max') return 'max';
  const factor = typeof speed === 'number' ? speed : /^\d+(\.\d+)?$/.test(speed) ? Number(speed) : Number.NaN;
  return factor > 0 ? factor : undefined;
}

function isGoal(text: string): boolean {
  if (text === 'settled' || text === 'stable' || (parseDuration(text) ?? 0) > 0) return true;
  return /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text));
}
