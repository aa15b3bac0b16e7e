import assert from 'node:assert/strict';
import { EVENT_TABLE } from '../../../../../src/api/core/event/columns.ts';
import { toCoreEvent, toEventsV1Event } from '../../../../../src/api/core/event/conversion.ts';
import { EVENT_STRATEGY, EVENTS_V1_EVENT_STRATEGY } from '../../../../../src/api/core/event/strategy.ts';
import type { Event } from '../../../../../src/api/schema/types/core/v1.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

const NEW = {
  eventTime: '2024-01-01T00:00:00.000000Z',
  reportingController: 'example.com/ctl',
  reportingInstance: 'ctl-0',
  action: 'Did',
  reason: 'Because',
  type: 'Normal',
  regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
};

describe('Event', () => {
  it('of the core API must agree with its object about the namespace', () => {
    const about = (namespace?: string) =>
      judgeCreate(EVENT_STRATEGY, { involvedObject: { kind: 'Pod', ...(namespace && { namespace }) } }).errors;
    assert.deepEqual(about('default'), []);
    assert.deepEqual(about(), []);
    assert.deepEqual(about('other'), ['involvedObject.namespace: Invalid value: "other": does not match event.namespace']);
  });
  it('of the new API must say who did what', () => {
    assert.deepEqual(judgeCreate(EVENTS_V1_EVENT_STRATEGY, NEW).errors, []);
    assert.deepEqual(
      judgeCreate(EVENTS_V1_EVENT_STRATEGY, { ...NEW, action: '', type: 'Bad', series: { count: 1, lastObservedTime: null } }).errors,
      [
        'action: Required value',
        'series.count: Invalid value: "": should be at least 2',
        'series.lastObservedTime: Required value',
        'type: Invalid value: "": has invalid value: Bad',
      ],
    );
  });
  it('of the new API changes its series only', () => {
    const series = { count: 2, lastObservedTime: '2024-01-01T00:01:00.000000Z' };
    const { errors } = judgeUpdate(EVENTS_V1_EVENT_STRATEGY, NEW, { series, action: 'Undid', 'regarding/name': 'q' });
    assert.deepEqual(errors, [
      'involvedObject: Invalid value: {"Kind":"Pod","Namespace":"default","Name":"q","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}: field is immutable',
      'action: Invalid value: "Undid": field is immutable',
    ]);
  });
  it('is the same in both APIs', () => {
    const { object } = judgeCreate(EVENTS_V1_EVENT_STRATEGY, { ...NEW, note: 'n', deprecatedCount: 0 });
    assert.deepEqual(toEventsV1Event(toCoreEvent(object)), object);
  });
  it('shows when, what and how often', () => {
    const event = {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off \n',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:01:00Z',
      source: { component: 'kubelet', host: 'n1' },
    } as Event;
    assert.deepEqual(EVENT_TABLE.cells(event, Date.UTC(2026, 0, 1, 0, 2, 0)), [
      '60s',
      'Warning',
      'BackOff',
      'pod/p',
      'spec.containers{c}',
      'kubelet, n1',
      'Back-off',
      '2m',
      '3',
      'e',
    ]);
  });
});
