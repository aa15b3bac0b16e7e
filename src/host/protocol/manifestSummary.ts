/**
 * What became of a run, in one sentence and as a table.
 * Invariant: pure; the words are those of kubectl where it has them. Counterpart: the printers of `kubectl apply`.
 */
import type { ManifestAction, ManifestResult } from './protocol.ts';

export type Run = 'apply' | 'dryRun' | 'delete';

export interface Summary {
  /** `5 applied, 1 unchanged, 1 rejected` */
  readonly text: string;
  readonly severity: 'info' | 'warning' | 'error';
}

export function summarize(run: Run, results: readonly ManifestResult[], cancelled: boolean): Summary {
  const counts = new Map<string, number>();
  for (const { action } of results) {
    const word = wordOf(run, action);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = order.filter((word) => counts.has(word)).map((word) => `${counts.get(word) ?? 0} ${word}`);
  const rejected = counts.get('rejected') ?? 0;
  const text = `${run === 'dryRun' ? 'Dry run: ' : ''}${parts.length === 0 ? 'nothing to do' : parts.join(', ')}${cancelled ? ' (cancelled)' : ''}`;
  return { text, severity: rejected === 0 ? (cancelled ? 'warning' : 'info') : rejected === results.length ? 'error' : 'warning' };
}

/** The table of the output channel: one line per document, messages and warnings below it. */
export function table(results: readonly ManifestResult[], nameOf: (uri: string) => string): string {
  const rows = results.map(
    (result) =>
      [result.subject, result.action, `${nameOf(result.uri)}:${result.range.start.line + 1}`, result.message, result.warnings] as const,
  );
  const width = (index: 0 | 1 | 2, title: string): number => Math.max(title.length, ...rows.map((row) => row[index].length));
  const [first, second, third] = [width(0, 'OBJECT'), width(1, 'RESULT'), width(2, 'FILE')];
  const line = (a: string, b: string, c: string): string => `${a.padEnd(first)}   ${b.padEnd(second)}   ${c.padEnd(third)}`.trimEnd();
  return [
    line('OBJECT', 'RESULT', 'FILE'),
    ...rows.flatMap(([subject, action, place, message, warnings]) => [
      line(subject, action, place),
      ...(message === '' ? [] : message.split('\n').map((part) => `    ${part}`)),
      ...warnings.map((warning) => `    Warning: ${warning}`),
    ]),
  ].join('\n');
}

const order = [
  'applied',
  'would be created',
  'would be changed',
  'deleted',
  'would be deleted',
  'unchanged',
  'not found',
  'rejected',
  'skipped',
];

function wordOf(run: Run, action: ManifestAction): string {
  if (action === 'created') return run === 'dryRun' ? 'would be created' : 'applied';
  if (action === 'configured') return run === 'dryRun' ? 'would be changed' : 'applied';
  return action;
}
