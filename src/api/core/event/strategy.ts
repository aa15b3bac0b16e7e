/**
 * Events: what components report about objects.
 * Invariant: both APIs show the same stored Event; what came through events.k8s.io is judged more strictly.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/event.
 */
import { nameIsDNSSubdomain, nameIsPathSegment } from '../../../apimachinery/validation/objectNames.ts';
import { EVENTS, EVENTS_V1_EVENTS } from '../../schema/resources.ts';
import type { Event } from '../../schema/types/core/v1.ts';
import type { Event as EventsV1Event } from '../../schema/types/events/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { EVENT_TABLE } from './columns.ts';
import { toCoreEvent } from './conversion.ts';
import { validateEvent, validateNewEvent, validateNewEventUpdate } from './validation.ts';

export const EVENT_STRATEGY: Strategy<Event> = {
  resource: EVENTS,
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: nameIsPathSegment,
  validate: validateEvent,
  validateUpdate: validateEvent,
  defaultPropagation: 'Background',
  table: EVENT_TABLE,
};

export const EVENTS_V1_EVENT_STRATEGY: Strategy<EventsV1Event> = {
  resource: EVENTS_V1_EVENTS,
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  namedAs: { group: '', kind: 'Event' },
  validate: (event) => validateNewEvent(toCoreEvent(event)),
  validateUpdate: (event, old) => validateNewEventUpdate(toCoreEvent(event), toCoreEvent(old)),
  defaultPropagation: 'Background',
  table: { columns: EVENT_TABLE.columns, cells: (event, nowMs) => EVENT_TABLE.cells(toCoreEvent(event), nowMs) },
};
