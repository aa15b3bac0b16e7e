import assert from 'node:assert/strict';
import type { ManifestAction, ManifestResult } from '../../../../src/host/protocol/protocol.ts';
import { type Run, summarize, table } from '../../../../src/host/protocol/manifestSummary.ts';

const result = (action: ManifestAction, more: Partial<ManifestResult> = {}): ManifestResult => ({
  uri: 'file:///work/web.yaml',
  document: 0,
  range: { start: { line: 4, character: 0 }, end: { line: 5, character: 0 } },
  subject: 'deployment.apps/web',
  ref: undefined,
  action,
  message: '',
  warnings: [],
  diagnostics: [],
  ...more,
});

const cases: readonly (readonly [Run, readonly ManifestAction[], boolean, string, string])[] = [
  ['apply', ['created', 'configured', 'created', 'unchanged', 'rejected'], false, '3 applied, 1 unchanged, 1 rejected', 'warning'],
  ['apply', ['created'], false, '1 applied', 'info'],
  ['apply', ['rejected', 'rejected'], false, '2 rejected', 'error'],
  ['apply', [], false, 'nothing to do', 'info'],
  ['apply', ['created'], true, '1 applied (cancelled)', 'warning'],
  ['dryRun', ['created', 'configured', 'unchanged'], false, 'Dry run: 1 would be created, 1 would be changed, 1 unchanged', 'info'],
  ['delete', ['deleted', 'not found'], false, '1 deleted, 1 not found', 'info'],
];

describe('the summary of a run', () => {
  for (const [run, actions, cancelled, text, severity] of cases) {
    it(`says ${text}`, () =>
      assert.deepEqual(
        summarize(
          run,
          actions.map((action) => result(action)),
          cancelled,
        ),
        { text, severity },
      ));
  }

  it('has a table with messages and warnings below their lines', () => {
    const results = [result('created'), result('rejected', { subject: 'pod/a', message: 'first\nsecond', warnings: ['old'] })];
    assert.equal(
      table(results, () => 'web.yaml'),
      [
        'OBJECT                RESULT     FILE',
        'deployment.apps/web   created    web.yaml:5',
        'pod/a                 rejected   web.yaml:5',
        '    first',
        '    second',
        '    Warning: old',
      ].join('\n'),
    );
  });
});
