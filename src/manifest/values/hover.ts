/**
 * What a value means beyond its text: a quantity in full, the next runs of a schedule, a time span, the parts of an image, a
 * label that Kubernetes itself reads.
 * Invariant: pure; the time is given. Counterpart: none; the parsers are those of the API server and its controllers.
 */
import { parseSchedule } from '../../api/batch/cronjob/times.ts';
import { scheduleError } from '../../api/batch/cronjob/schedule.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { parseQuantity } from '../../apimachinery/quantity/quantity.ts';
import type { FieldInfo } from '../fields.ts';
import { isRecord } from '../recognise.ts';
import { WELL_KNOWN } from './wellKnown.ts';

export interface ValueAt {
  readonly info: FieldInfo;
  readonly path: Path;
  readonly value: unknown;
  /** The whole object. */
  readonly object: unknown;
  /** Milliseconds since 1970, of the cluster's clock. */
  readonly nowMs: number;
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const RUNS = 5;

/** Markdown; empty where the value says all by itself. */
export function valueText(at: ValueAt): string {
  const { info, path, value } = at;
  const names = path.segments().map(({ segment }) => String(segment));
  const name = names.at(-1) ?? '';
  const label = WELL_KNOWN[name];
  if (label !== undefined && ['labels', 'annotations', 'matchLabels', 'nodeSelector', 'selector'].includes(names.at(-2) ?? ''))
    return label;
  if (name === 'topologyKey' || name === 'key') {
    const known = typeof value === 'string' ? WELL_KNOWN[value] : undefined;
    if (known !== undefined) return known;
  }
  if (info.definition === QUANTITY) return quantityText(value, name);
  if (name === 'schedule' && info.holder?.endsWith('.CronJobSpec') === true) return runsText(at);
  if (name === 'image' && typeof value === 'string') return imageText(value);
  if (name.endsWith('Seconds') && typeof value === 'number' && value >= 60) return `${value} s = ${spanText(value)}`;
  return '';
}

/** `1.5Gi` > `1.5Gi = 1,610,612,736 bytes` */
function quantityText(value: unknown, name: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const parsed = parseQuantity(String(value));
  if ('error' in parsed) return '';
  const { nano } = parsed.quantity;
  const exact = decimal(nano);
  if (name === 'cpu' || name.endsWith('.cpu')) return `\`${value}\` = ${exact} CPU, ${decimal(nano * 1000n)} millicores`;
  const bytes = /memory|storage|hugepages|sizeLimit|Bytes/.test(name);
  if (!bytes) return `\`${value}\` = ${exact}`;
  const mebi = (Number(nano / 1_000_000n) / 1000 / 2 ** 20).toFixed(1).replace(/\.0$/, '');
  const milli = String(value).endsWith('m') ? ' (`m` means thousandths of a byte; `M` or `Mi` may be meant)' : '';
  return `\`${value}\` = ${exact} bytes, ${mebi} MiB${milli}`;
}

/** A number of billionths, in full: `1,500.25`. */
function decimal(nano: bigint): string {
  const size = nano < 0n ? -nano : nano;
  const whole = (size / 1_000_000_000n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = (size % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nano < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`;
}

function runsText({ value, object, nowMs }: ValueAt): string {
  if (typeof value !== 'string' || scheduleError(value) !== undefined) return '';
  const spec = isRecord(object) && isRecord(object['spec']) ? object['spec'] : {};
  const { timeZone } = spec;
  const zone = typeof timeZone === 'string' && timeZone !== '' ? timeZone : undefined;
  const schedule = parseSchedule(value, zone);
  if (schedule === undefined) return '';
  const runs: string[] = [];
  for (let at = schedule.next(nowMs); at !== undefined && runs.length < RUNS; at = schedule.next(at))
    runs.push(timeText(at, zone ?? 'UTC'));
  if (runs.length === 0) return 'This never comes.';
  const paused = spec['suspend'] === true ? ' (suspended: none of them happens)' : '';
  return `Next runs, in ${zone ?? 'UTC'} by the cluster's clock${paused}:\n${runs.map((run) => `- ${run}`).join('\n')}`;
}

function timeText(ms: number, timeZone: string): string {
  const options = { timeZone, dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', options).format(ms);
  } catch {
    return new Date(ms).toISOString();
  }
}

const SPANS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** `5400` > `1 h 30 min` */
function spanText(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [size, unit] of SPANS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

function imageText(image: string): string {
  const [named = '', digest] = image.split('@', 2);
  const colon = named.lastIndexOf(':');
  const tag = colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined;
  const repository = tag === undefined ? named : named.slice(0, colon);
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const path = hasHost ? repository.slice(slash + 1) : slash < 0 ? `library/${repository}` : repository;
  const lines = [`- Registry: \`${hasHost ? first : 'docker.io'}\``, `- Repository: \`${path}\``];
  if (digest !== undefined) lines.push(`- Digest: \`${digest}\` (always the same content)`);
  else lines.push(`- Tag: \`${tag ?? 'latest'}\`${tag === undefined ? ' (none is written: the newest, pulled at every start)' : ''}`);
  return lines.join('\n');
}
