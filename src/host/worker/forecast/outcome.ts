/**
 * What becomes of one document in the end: a few words to stand above it, and findings with the fields to blame.
 * Invariant: reads the fork as it is when the look ahead has ended; the same fork gives the same words. Counterpart: none in Kubernetes.
 */
import { humanDuration } from '../../../api/duration.ts';
import type { Deployment } from '../../../api/schema/types/apps/v1.ts';
import type { Job } from '../../../api/schema/types/batch/v1.ts';
import type { Node, PersistentVolumeClaim, Pod } from '../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import type { Outlook } from '../../protocol/forecast.ts';
import { summarise } from '../../projection/podSummary.ts';
import { liveState } from '../liveState.ts';
import { dipOf, type Dip } from './capacity.ts';
import { familyOf, type Family } from './family.ts';
import type { CapacityStep, Warning } from './recorder.ts';
import { troubleOf, type Field, type Trouble } from './trouble.ts';

export interface OutcomeSources {
  readonly store: Store;
  readonly warnings: (uid: string | undefined) => readonly Warning[];
  /** How often a container of a Pod had been restarted when the look ahead began. */
  readonly restartsBefore: (pod: Pod, container: string) => number;
  /** Of a CronJob: one run of it. */
  readonly trial: KubeObject | undefined;
  /** Of the object; undefined where nothing is kept account of. */
  readonly capacity: readonly CapacityStep[] | undefined;
  /** When the object was last written as a consequence, virtual milliseconds; undefined: never. */
  readonly lastWriteAt: number | undefined;
  readonly startAt: number;
  readonly endAt: number;
  /** A Deployment's rollout that would go through if its old Pods went first. */
  readonly deadlocked: boolean;
}

export interface Finding {
  readonly severity: 'warning' | 'information';
  readonly message: string;
  /** Of the Pod, or of the object itself. */
  readonly of: 'pod' | 'object';
  readonly fields: Field;
}

export interface Outcome {
  readonly outlook: Outlook;
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly pods: readonly { readonly pod: Pod; readonly reason: string }[];
}

const NOTHING: Outcome = { outlook: 'none', text: '', findings: [], pods: [] };

export function outcomeOf(kind: string, object: KubeObject, sources: OutcomeSources): Outcome {
  const family = familyOf(sources.store, kind, object);
  if (family !== undefined) return workload(kind, object, family, sources);
  switch (kind) {
    case 'CronJob':
      return sources.trial === undefined ? NOTHING : cronJob(sources.trial, sources);
    case 'PersistentVolumeClaim':
      return claim(object as PersistentVolumeClaim, sources);
    case 'Service': {
      const endpoints = liveState(sources.store, kind, object);
      if ((object as { readonly spec?: { readonly selector?: unknown } }).spec?.selector === undefined) return NOTHING;
      return { ...NOTHING, outlook: endpoints.startsWith('0 ') ? 'note' : 'good', text: `would have ${endpoints}` };
    }
    default:
      return NOTHING;
  }
}

function claim(object: PersistentVolumeClaim, { warnings }: OutcomeSources): Outcome {
  const phase = object.status?.phase ?? 'Pending';
  if (phase === 'Bound') return { ...NOTHING, outlook: 'good', text: 'would be Bound' };
  const warning = warnings(object.metadata.uid).at(-1);
  if (warning === undefined) return { ...NOTHING, outlook: 'note', text: `would be ${phase} until a Pod uses it` };
  const message = `Forecast: the claim would stay ${phase}: ${warning.message}`;
  const fields: Field = [['spec', 'storageClassName'], ['spec']];
  return {
    ...NOTHING,
    outlook: 'trouble',
    text: `would stay ${phase}: ${warning.reason}`,
    findings: [{ severity: 'warning', message, of: 'object', fields }],
  };
}

/** A run as `kubectl create job --from` begins it says how the runs to come will go. */
function cronJob(trial: KubeObject, sources: OutcomeSources): Outcome {
  const outcome = outcomeOf('Job', trial, sources);
  const findings = outcome.findings.map((finding) => ({
    ...finding,
    of: 'pod' as const,
    message: finding.message.replace('Forecast: ', 'Forecast of a run: '),
  }));
  return { ...outcome, text: `a run ${outcome.text}`, findings };
}

interface Group {
  readonly trouble: Trouble;
  readonly count: number;
}

function workload(kind: string, object: KubeObject, family: Family, sources: OutcomeSources): Outcome {
  const nodes = sources.store.list('nodes') as readonly Node[];
  const judged = family.pods.map((pod) => ({
    pod,
    trouble: troubleOf(pod, { nodes, warnings: sources.warnings, restartsBefore: sources.restartsBefore }),
  }));
  const pods = [
    ...judged.map(({ pod, trouble }) => ({ pod, reason: trouble?.message ?? '' })),
    ...family.former.map((pod) => ({ pod, reason: 'of an older revision' })),
  ];
  const groups = grouped(judged.flatMap(({ trouble }) => trouble ?? []));
  const outcome = kind === 'Job' ? job(object as Job, groups, sources) : replicas(kind, object, family, groups, sources);
  return { ...outcome, pods };
}

/** Equal troubles counted, the most frequent first. */
function grouped(troubles: readonly Trouble[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const trouble of troubles) {
    const key = `${trouble.verb} ${trouble.short}`;
    groups.set(key, { trouble: groups.get(key)?.trouble ?? trouble, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}

type Said = Omit<Outcome, 'pods'>;

function replicas(kind: string, object: KubeObject, family: Family, groups: readonly Group[], sources: OutcomeSources): Said {
  const { wanted, pods, former } = family;
  const dip = dipOf(sources.capacity ?? [], wanted, sources.endAt);
  const missing = Math.max(0, wanted - pods.length);
  const refused = missing === 0 ? undefined : sources.warnings(family.maker?.metadata.uid).find(({ reason }) => reason === 'FailedCreate');
  if (groups.length === 0 && refused !== undefined) return notCreated(missing, wanted, refused.message);
  if (groups.length > 0) return troubled(kind, object, family, groups, dip, sources.deadlocked);
  if (missing > 0 || former.length > 0) return unfinished(object, family, sources);
  return finished(kind, object, family, dip, sources);
}

function troubled(
  kind: string,
  object: KubeObject,
  family: Family,
  groups: readonly Group[],
  dip: Dip | undefined,
  deadlocked: boolean,
): Said {
  const { wanted, pods, former } = family;
  const isPod = kind === 'Pod';
  const parts = groups.map(({ trouble: { verb, short }, count }, index) => {
    const text = `would ${verb}: ${short}`;
    return isPod ? text : `${count}${index === 0 ? ` of ${wanted}` : ''} ${text}`;
  });
  const missing = kind === 'StatefulSet' ? wanted - pods.length - former.length : 0;
  if (missing > 0) parts.push(`${missing} would wait for it`);
  const fine = pods.length - groups.reduce((sum, { count }) => sum + count, 0);
  const stops = former.length === 0 ? '' : deadlocked ? 'rollout would deadlock: ' : `rollout would stop at ${fine} of ${wanted}: `;
  const findings = groups.flatMap(({ trouble, count }) =>
    findingsOf(trouble, wanted === 1 ? 'the Pod' : `${count} of ${plural(wanted, 'Pod')}`),
  );
  return {
    outlook: 'trouble',
    text: `${stops}${parts.join(', ')}`,
    findings: [...findings, ...rolloutFindings(object, family, fine, deadlocked), ...dipFindings(kind, object, dip)],
  };
}

function findingsOf({ verb, message, fields }: Trouble, who: string): readonly Finding[] {
  const text = `Forecast: ${who} would ${verb}: ${message}`;
  return fields.map((field) => ({ severity: 'warning', message: text, of: 'pod', fields: field }));
}

/** What a Deployment would be told off for, and what holds it up. */
function rolloutFindings(object: KubeObject, { wanted, former }: Family, fine: number, deadlocked: boolean): readonly Finding[] {
  const { spec, status } = object as Deployment;
  const late = status?.conditions?.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');
  if (spec?.strategy === undefined || former.length === 0) return [];
  const { maxUnavailable = 0 } = spec.strategy.rollingUpdate ?? {};
  const deadline =
    late === undefined
      ? ''
      : `, and be reported as ProgressDeadlineExceeded after ${humanDuration((spec.progressDeadlineSeconds ?? 600) * 1000)}`;
  const kept = `${plural(former.length, 'old Pod')} would stay${deadline}`;
  const message = deadlocked
    ? `Forecast: the rollout would deadlock: its new Pods need what the old ones hold, and maxUnavailable ${maxUnavailable} keeps those; ${kept}. With the strategy Recreate it would go through.`
    : `Forecast: the rollout would stop at ${fine} of ${wanted}; ${kept}.`;
  const fields: Field = [
    ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable'],
    ['spec', 'strategy'],
    ['spec', 'replicas'],
  ];
  return [{ severity: deadlocked ? 'warning' : 'information', message, of: 'object', fields }];
}

function notCreated(missing: number, wanted: number, message: string): Said {
  const quota = /exceeded quota: ([^,]+)/.exec(message)?.[1];
  const isInsecure = message.includes('violates PodSecurity');
  const short = quota !== undefined ? `exceeded quota ${quota}` : isInsecure ? 'violates PodSecurity' : 'forbidden';
  const counts = /requested: (?:count\/)?pods=/.test(message);
  const finding: Finding = {
    severity: 'warning',
    message: `Forecast: ${missing} of ${plural(wanted, 'Pod')} would not be created: ${message.replace(/^Error creating: /, '')}`,
    of: counts ? 'object' : 'pod',
    fields: counts ? [['spec', 'replicas'], ['spec']] : [['spec', isInsecure ? 'securityContext' : 'containers'], ['spec']],
  };
  return { outlook: 'trouble', text: `${missing} of ${wanted} would not be created: ${short}`, findings: [finding] };
}

/** Nothing is wrong with the Pods that are there, and yet not all are: somebody holds it up, or it takes longer than was looked ahead. */
function unfinished(object: KubeObject, { wanted, pods, former }: Family, { endAt, startAt }: OutcomeSources): Said {
  const { spec } = object as Deployment;
  if (spec?.paused === true) return { outlook: 'note', text: `rollout paused at ${pods.length} of ${wanted}`, findings: [] };
  const onDelete =
    (object as { readonly spec?: { readonly updateStrategy?: { readonly type?: string } } }).spec?.updateStrategy?.type === 'OnDelete';
  const kept = former.length === 0 ? '' : `, ${plural(former.length, 'Pod')} of the old revision ${onDelete ? 'until deleted' : 'left'}`;
  const after = onDelete ? '' : ` after ${humanDuration(endAt - startAt)}`;
  return { outlook: 'note', text: `${pods.length}/${wanted} updated${after}${kept}`, findings: [] };
}

function finished(kind: string, object: KubeObject, { wanted, pods }: Family, dip: Dip | undefined, sources: OutcomeSources): Said {
  const { startAt, lastWriteAt } = sources;
  const took = tookText(startAt, lastWriteAt);
  const nodes = [...new Set(pods.map(({ spec }) => spec?.nodeName ?? ''))];
  const findings = dipFindings(kind, object, dip);
  if (kind === 'Pod') {
    const { counts } = summarise(object as Pod);
    return {
      outlook: 'good',
      text: counts === 'succeeded' ? `would succeed${took}` : `would be ready${took} on ${nodes[0] ?? ''}`,
      findings,
    };
  }
  const where = wanted === 0 ? '' : nodes.length === 1 ? `, on ${nodes[0] ?? ''}` : `, ${nodes.length} nodes`;
  const lost = dip === undefined ? '' : `, down to ${dip.least} of ${dip.floor} for ${humanDuration(dip.ms)}`;
  return { outlook: findings.length > 0 ? 'note' : 'good', text: `${pods.length}/${wanted} ready${took}${where}${lost}`, findings };
}

/** Fewer for a while is what rolling means; none at all is worth a word. */
function dipFindings(kind: string, object: KubeObject, dip: Dip | undefined): readonly Finding[] {
  if (dip === undefined || dip.noneMs === 0) return [];
  const field = kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const type = (object as { readonly spec?: Readonly<Record<string, { readonly type?: string }>> }).spec?.[field]?.type ?? '';
  const message = `Forecast: for ${humanDuration(dip.noneMs)} none of the ${plural(dip.floor, 'Pod')} would be available (${type}).`;
  return [
    {
      severity: 'information',
      message,
      of: 'object',
      fields: [
        ['spec', field, 'type'],
        ['spec', field],
        ['spec', 'replicas'],
      ],
    },
  ];
}

function job({ spec, status }: Job, groups: readonly Group[], { startAt, endAt, lastWriteAt }: OutcomeSources): Said {
  const took = tookText(startAt, lastWriteAt);
  const ended = status?.conditions?.find(({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'));
  if (ended?.type === 'Complete') return { outlook: 'good', text: `would complete${took}`, findings: [] };
  const findings = groups.flatMap(({ trouble, count }) => findingsOf(trouble, plural(count, 'Pod')));
  const [first] = groups;
  const why = first === undefined ? '' : `${first.trouble.short}`;
  if (ended !== undefined) {
    const own: Finding = {
      severity: 'warning',
      message: `Forecast: the Job would fail: ${ended.message ?? ''}`,
      of: 'object',
      fields: [
        ['spec', 'backoffLimit'],
        ['spec', 'template'],
      ],
    };
    return {
      outlook: 'trouble',
      text: `would fail${took}: ${[ended.reason ?? '', why].filter((part) => part !== '').join(', ')}`,
      findings: findings.length > 0 ? findings : [own],
    };
  }
  if (spec?.suspend === true) return { outlook: 'note', text: 'would be suspended', findings: [] };
  if (first !== undefined) return { outlook: 'trouble', text: `${first.count} would ${first.trouble.verb}: ${why}`, findings };
  return { outlook: 'note', text: `would still run after ${humanDuration(endAt - startAt)}`, findings: [] };
}

/** ` in 12s`; nothing where it is done at once. */
function tookText(startAt: number, lastWriteAt: number | undefined): string {
  const ms = (lastWriteAt ?? startAt) - startAt;
  return ms < 1000 ? '' : ` in ${humanDuration(ms)}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
