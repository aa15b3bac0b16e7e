import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import type { Forecast, ForecastSummary } from '../../../../../src/host/protocol/forecast.ts';
import { forecastOf, summaryOf } from '../../../../../src/host/worker/forecast/forecast.ts';
import { lookAhead, type RunContext } from '../../../../../src/host/worker/forecast/run.ts';
import { createApiJudge } from '../../../../../src/manifest/apiJudge.ts';

export const URI = 'file:///shop.yaml';

/** Slices of a few events, so that every test sees many of them. */
export function contextOf(cluster: Cluster, more: Partial<RunContext> = {}): RunContext {
  let asked = 0;
  return {
    cluster,
    judge: createApiJudge(),
    token: { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
    budget: 100_000,
    expired: () => ++asked % 500 === 0,
    turn: () => Promise.resolve(),
    ...more,
  };
}

export async function forecast(cluster: Cluster, text: string, more: Partial<RunContext> = {}): Promise<Forecast> {
  const params = { files: [{ uri: URI, text }], namespace: 'default' };
  const context = contextOf(cluster, more);
  const run = await lookAhead(context, params);
  const found = run === undefined ? undefined : await forecastOf(run, params, context);
  if (run === undefined || found === undefined) throw new Error('the forecast was cancelled');
  return found;
}

/** `2 of 5 would stay Pending: Insufficient cpu` of each document. */
export function texts({ documents }: ForecastSummary): readonly string[] {
  return documents.map(({ text }) => text);
}

/** The text under each finding, and the finding: `3 ← Forecast: …`. */
export function findings(text: string, { files }: ForecastSummary): readonly string[] {
  const lines = text.split('\n');
  return files.flatMap(({ diagnostics }) =>
    diagnostics.map(({ range: { start, end }, message, severity }) => {
      const under = start.line === end.line ? (lines[start.line] ?? '').slice(start.character, end.character) : '…';
      return `${under} ← ${severity}: ${message}`;
    }),
  );
}

export { summaryOf };
