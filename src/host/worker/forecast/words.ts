/** A forecast in words, for terminals and editors without a panel. */
import { humanDuration } from '../../../api/duration.ts';
import type { Forecast } from '../../protocol/forecast.ts';

/** What a reader calls a file. */
export type NameOf = (uri: string) => string;

/** A line for each document, its findings below it, then where the Pods would be. */
export function forecastWords({ documents, files, pods, aheadMs, end }: Forecast, nameOf: NameOf): string {
  const width = Math.max(0, ...documents.map(({ subject }) => subject.length));
  const lines = documents.flatMap(({ uri, range, subject, action, text: outcome }) => [
    `${subject.padEnd(width)}   ${outcome === '' ? (WORDS[action] ?? action) : outcome}`,
    ...(files.find((file) => file.uri === uri)?.diagnostics ?? [])
      .filter(({ range: { start } }) => start.line >= range.start.line && start.line <= range.end.line)
      .map(
        ({ range: { start }, message }) =>
          `    ${nameOf(uri)}:${start.line + 1}:${start.character + 1}: ${message.replace(/^Forecast: /, '')}`,
      ),
  ]);
  const byNode = Map.groupBy(pods, ({ node }) => node);
  const placed = [...byNode]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([node, own]) => `${node === '' ? 'no node' : node}: ${own.map(({ ref }) => ref.name).join(', ')}`);
  const why = { stable: 'nothing goes on any more', limit: 'something still goes on', budget: 'it was not looked further' }[end];
  return `${[...lines, ...(placed.length === 0 ? [] : ['', ...placed]), '', `${humanDuration(aheadMs)} ahead: ${why}.`].join('\n')}\n`;
}

const WORDS: Readonly<Record<string, string>> = {
  created: 'would be created',
  configured: 'would be changed',
  unchanged: 'stays as it is',
};
