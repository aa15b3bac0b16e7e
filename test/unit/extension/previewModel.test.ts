import assert from 'node:assert/strict';
import { durationText, previewModel } from '../../../src/extension/forecast/previewModel.ts';
import type { DocumentForecast, Forecast } from '../../../src/host/protocol/forecast.ts';

const at = (line: number) => ({ start: { line, character: 0 }, end: { line: line + 5, character: 0 } });
const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' };
const document = (line: number, more: Partial<DocumentForecast>): DocumentForecast => ({
  uri: 'file:///w/shop.yaml',
  document: 0,
  range: at(line),
  subject: 'pod/a',
  ref,
  action: 'created',
  outlook: 'good',
  text: 'would be ready in 2s on worker-1',
  ...more,
});
const forecast = (more: Partial<Forecast>): Forecast => ({
  documents: [document(0, {})],
  files: [],
  aheadMs: 3_000,
  end: 'stable',
  pods: [],
  moments: [],
  changes: [],
  leftOut: { moments: 0, changes: 0 },
  ...more,
});
const model = (more: Partial<Forecast>) => previewModel(forecast(more), ['file:///w/shop.yaml'], (uri) => uri.slice('file:///w/'.length));

describe('the panel of a forecast', () => {
  it('says in one sentence how it would go', () => {
    const bad = document(0, { outlook: 'trouble' });
    const refused = document(0, { outlook: 'refused', action: 'rejected' });
    const cases: readonly (readonly [readonly DocumentForecast[], string, string])[] = [
      [[document(0, {})], 'The document would go well.', 'ok'],
      [[document(0, {}), document(6, {})], 'All 2 documents would go well.', 'ok'],
      [[bad], 'Of one document 1 would not run as written.', 'warn'],
      [[bad, refused, refused], 'Of 3 documents 1 would not run as written, 2 would be refused.', 'error'],
    ];
    for (const [documents, summary, tone] of cases) {
      const made = model({ documents });
      assert.deepEqual([made.summary, made.tone], [summary, tone]);
    }
  });

  it('says why it was not looked further', () => {
    assert.equal(model({}).ahead, 'After 3s nothing goes on any more.');
    assert.match(model({ end: 'limit', aheadMs: 3_600_000 }).ahead, /^After 1h something still goes on/);
    assert.match(model({ end: 'budget', aheadMs: 61_000 }).ahead, /^Looked 1m1s ahead/);
  });

  it('gives each document its findings, without saying again what they are', () => {
    const finding = (line: number) =>
      ({ range: at(line), severity: 'warning', message: 'Forecast: it would not', code: 'Forecast', path: 'spec', fixes: [] }) as const;
    const made = model({
      documents: [document(0, {}), document(10, {})],
      files: [{ uri: 'file:///w/shop.yaml', diagnostics: [finding(3), finding(12)] }],
    });
    assert.deepEqual(
      made.documents.map(({ place, findings }) => [place, findings]),
      [
        ['shop.yaml:1', [{ path: 'spec', message: 'it would not' }]],
        ['shop.yaml:11', [{ path: 'spec', message: 'it would not' }]],
      ],
    );
  });

  it('names who acts as people name them', () => {
    const moment = { afterMs: 72_500, subject: 'pod/a', more: 1, text: 'ready', tone: 'good' } as const;
    const actors = [
      'system:serviceaccount:kube-system:job-controller',
      'system:kube-scheduler',
      'system:node:worker-1',
      'kubernetes-admin',
    ];
    const { moments } = model({ moments: actors.map((actor) => ({ ...moment, actor })) });
    assert.deepEqual(
      moments.map(({ actor }) => actor),
      ['job-controller', 'kube-scheduler', 'node:worker-1', 'kubernetes-admin'],
    );
    assert.deepEqual([moments[0]?.after, moments[0]?.tone], ['+1m12s', 'ok']);
  });

  it('writes times shortly', () => {
    assert.deepEqual([0, 450, 2_000, 12_340, 60_000, 3_723_000].map(durationText), ['0s', '0.5s', '2s', '12s', '1m', '1h2m3s']);
  });
});
