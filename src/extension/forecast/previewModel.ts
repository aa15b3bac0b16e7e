/** A forecast as the panel shows it: in words and counts. Pure. */
import type { DocumentForecast, Forecast, ForecastMoment, ForecastPod } from '../../host/protocol/forecast.ts';
import type { ManifestAction } from '../../host/protocol/protocol.ts';
import type { PreviewDocument, PreviewModel, PreviewMoment, PreviewPod, PreviewTone } from '../../webview/preview/protocol.ts';

/** @param nameOf a file's name as a person knows it */
export function previewModel(forecast: Forecast, files: readonly string[], nameOf: (uri: string) => string): PreviewModel {
  const { documents, pods, moments, changes, leftOut } = forecast;
  const troubled = documents.filter(({ outlook }) => outlook === 'trouble').length;
  const refused = documents.filter(({ outlook }) => outlook === 'refused').length;
  const [only] = files;
  return {
    of: files.length === 1 && only !== undefined ? nameOf(only) : `${files.length} files`,
    summary: summaryText(documents.length, troubled, refused),
    tone: refused > 0 ? 'error' : troubled > 0 ? 'warn' : 'ok',
    ahead: aheadText(forecast),
    documents: documents.map((document) => documentRow(document, forecast, nameOf)),
    pods: pods.map(podRow),
    moments: moments.map(momentRow),
    changes: changes.map(({ subject, change }) => ({ subject, change })),
    leftOut,
  };
}

function summaryText(count: number, troubled: number, refused: number): string {
  const all = count === 1 ? 'The document' : `All ${count} documents`;
  if (troubled === 0 && refused === 0) return `${all} would go well.`;
  const parts = [
    ...(troubled === 0 ? [] : [`${troubled} would not run as written`]),
    ...(refused === 0 ? [] : [`${refused} would be refused`]),
  ];
  return `Of ${count === 1 ? 'one document' : `${count} documents`} ${parts.join(', ')}.`;
}

function aheadText({ aheadMs, end }: Forecast): string {
  const time = durationText(aheadMs);
  switch (end) {
    case 'stable':
      return aheadMs < 1000 ? 'Nothing goes on after it.' : `After ${time} nothing goes on any more.`;
    case 'limit':
      return `After ${time} something still goes on, such as a restart; it was not looked further.`;
    case 'budget':
      return `Looked ${time} ahead; further would take too long.`;
  }
}

const ACTIONS = {
  created: 'would be created',
  configured: 'would be changed',
  unchanged: 'stays as it is',
  deleted: 'would be deleted',
  'not found': 'is not there',
  rejected: 'would be refused',
  skipped: 'is skipped',
} as const satisfies Readonly<Record<ManifestAction, string>>;

const TONES = { good: 'ok', note: 'idle', trouble: 'warn', refused: 'error', none: 'idle' } as const satisfies Readonly<
  Record<DocumentForecast['outlook'], PreviewTone>
>;

function documentRow(
  { uri, range, subject, action, outlook, text }: DocumentForecast,
  { files }: Forecast,
  nameOf: (uri: string) => string,
): PreviewDocument {
  const within = (files.find((file) => file.uri === uri)?.diagnostics ?? []).filter(
    ({ range: { start } }) => start.line >= range.start.line && start.line <= range.end.line,
  );
  return {
    subject,
    place: `${nameOf(uri)}:${range.start.line + 1}`,
    action: ACTIONS[action],
    tone: TONES[outlook],
    text,
    findings: within.map(({ path, message }) => ({ path, message: message.replace(/^Forecast: /, '') })),
  };
}

function podRow({ ref, owner, node, status, ready, reason }: ForecastPod): PreviewPod {
  const tone = reason === '' ? 'ok' : reason.startsWith('of an older') ? 'idle' : 'warn';
  return { name: ref.name, owner, node, status, ready, reason, tone };
}

function momentRow({ afterMs, subject, more, text, actor, tone }: ForecastMoment): PreviewMoment {
  return {
    after: `+${durationText(afterMs)}`,
    subject,
    more,
    text,
    actor: actor.replace(/^system:(serviceaccount:kube-system:)?/, ''),
    tone: tone === 'good' ? 'ok' : tone === 'bad' ? 'warn' : 'idle',
  };
}

/** `0.4s`, `12s`, `1m12s`, `1h`; tenths only while seconds are few. */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [
    [hours, 'h'],
    [minutes, 'm'],
    [rest, 's'],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}
