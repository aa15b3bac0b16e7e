// What a person would have seen on a timeline of the cluster: one line per visible change of a Pod or Node.
import type { Deployment, ReplicaSet } from '../../../src/api/schema/types/apps/v1.ts';
import type { CronJob, Job } from '../../../src/api/schema/types/batch/v1.ts';
import type { Event, Node, PersistentVolume, PersistentVolumeClaim, Pod, Service } from '../../../src/api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../src/api/schema/types/discovery/v1.ts';
import type { VolumeAttachment } from '../../../src/api/schema/types/storage/v1.ts';
import type { Fault } from '../../../src/api/kubepad/types.ts';
import type { Revision } from '../../../src/apiserver/storage/revision.ts';
import { columnsChange, conditionChanges, endpointsOf, eventLine, ownerChange, replicaSetLine } from './changes.ts';

/**
 * `columns`: Pods as `kubectl get pods -w` prints them. `conditions`: of all but Pods, which are `podConditions`. `events`: all of them,
 * when they are new; `decisions`: those of all but the kubelets. `objects`: what comes and goes of every resource, instead of Pods.
 */
export type Shown =
  | 'attachments'
  | 'claims'
  | 'columns'
  | 'conditions'
  | 'containers'
  | 'decisions'
  | 'deployments'
  | 'endpoints'
  | 'events'
  | 'explanations'
  | 'jobs'
  | 'objects'
  | 'podConditions'
  | 'replicasets'
  | 'services'
  | 'warnings';

/** Collects lines from revisions; generated names are replaced by the order in which they appeared. */
export class Timeline {
  readonly lines: string[] = [];
  private readonly origin: number;
  private readonly shown: readonly Shown[];
  private readonly names = new Map<string, string>();
  /** Generated names of Pods and what they are called here. */
  private readonly aliases = new Map<string, string>();

  constructor(originMs: number, shown: readonly Shown[]) {
    this.origin = originMs;
    this.shown = shown;
  }

  note(atMs: number, text: string): void {
    this.lines.push(`${this.clock(atMs)}  ${text}`);
  }

  see(revision: Revision): void {
    const { resource, type, object, previous, at } = revision;
    this.seeMore(revision);
    if (resource === 'pods') {
      this.seePod(at, type, object as Pod, previous as Pod | undefined);
      if (this.shown.includes('explanations')) this.seeExplanation(at, object as Pod, previous as Pod | undefined);
    }
    if (resource === 'nodes' && this.shown.includes('attachments')) this.seeVolumesOf(at, object as Node, previous as Node | undefined);
    if (resource === 'nodes') this.seeNode(at, type, object as Node, previous as Node | undefined);
    else if (resource === 'volumeattachments.storage.k8s.io' && this.shown.includes('attachments'))
      this.seeAttachment(at, type, object as unknown as VolumeAttachment, previous as VolumeAttachment | undefined);
    else if (resource === 'persistentvolumeclaims' && this.shown.includes('claims'))
      this.seeClaim(at, type, object as PersistentVolumeClaim, previous as PersistentVolumeClaim | undefined);
    else if (resource === 'persistentvolumes' && this.shown.includes('claims')) this.seeVolume(at, type, object as PersistentVolume);
    else if (resource === 'faults.kubepad.dev') this.seeFault(at, type, object as Fault, previous as Fault | undefined);
    else if (resource === 'deployments.apps' && this.shown.includes('deployments'))
      this.seeDeployment(at, object as Deployment, previous as Deployment | undefined);
    else if (resource === 'jobs.batch' && this.shown.includes('jobs')) this.seeJob(at, type, object as Job, previous as Job | undefined);
    else if (resource === 'cronjobs.batch' && this.shown.includes('jobs'))
      this.seeCronJob(at, object as CronJob, previous as CronJob | undefined);
    else if (resource === 'services' && this.shown.includes('services'))
      this.seeService(at, type, object as unknown as Service, previous as Service | undefined);
    else if (resource === 'events' && (this.shown.includes('events') || this.shown.includes('decisions'))) {
      const isShown = this.shown.includes('events') || (object as unknown as Event).source?.component !== 'kubelet';
      if (type === 'ADDED' && isShown) this.note(at, eventLine(object as unknown as Event, this.alias));
    } else if (resource === 'events' && this.shown.includes('warnings')) this.seeEvent(at, type, object as unknown as Event);
  }

  private seeMore(revision: Revision): void {
    const { resource, type, object, previous, at } = revision;
    const named = (): string =>
      resource === 'pods' ? `pod ${this.nameOf(object as Pod)}` : `${resource.split('.')[0] ?? ''} ${object.metadata.name ?? ''}`;
    if (this.shown.includes('objects') && !QUIET.has(resource)) {
      const deleted = object.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
      if (type !== 'MODIFIED') this.note(at, `${named()} ${type === 'ADDED' ? 'created' : 'gone'}`);
      else if (deleted) this.note(at, `${named()} Terminating, held by ${(object.metadata.finalizers ?? []).join() || 'nothing'}`);
    }
    if (resource === 'endpointslices.discovery.k8s.io' && this.shown.includes('endpoints')) {
      const of = (state: unknown): string => endpointsOf(state as EndpointSlice, this.alias);
      const name = `endpoints of ${object.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
      if (type === 'DELETED') this.note(at, `${name} gone`);
      else if (previous === undefined || of(previous) !== of(object)) this.note(at, `${name}: ${of(object)}`);
    }
    if (resource === 'replicasets.apps' && this.shown.includes('replicasets')) {
      const [now, before] = [replicaSetLine(object as ReplicaSet), previous && replicaSetLine(previous as ReplicaSet)];
      if (type === 'DELETED') this.note(at, `replicaset ${object.metadata.name ?? ''} gone`);
      else if (now !== before) this.note(at, `replicaset ${object.metadata.name ?? ''}: ${now}`);
    }
    const told = resource === 'pods' ? 'podConditions' : 'conditions';
    if (this.shown.includes(told) && type !== 'DELETED' && resource !== 'nodes' && resource !== 'faults.kubepad.dev') {
      for (const line of conditionChanges(revision, this.alias)) this.note(at, `${named()} ${line}`);
    }
  }

  private seePod(at: number, type: Revision['type'], pod: Pod, previous: Pod | undefined): void {
    const name = `pod ${this.nameOf(pod)}`;
    if (this.shown.includes('objects')) return;
    if (this.shown.includes('columns')) {
      const change = type === 'DELETED' ? 'gone' : columnsChange(at, pod, previous);
      if (change !== undefined) this.note(at, `${name} ${change}`);
      return;
    }
    if (type === 'ADDED') this.note(at, `${name} created`);
    if (type === 'DELETED') {
      this.note(at, `${name} gone`);
      return;
    }
    const changes: string[] = [];
    const owner = previous && ownerChange(pod, previous);
    if (owner !== undefined) changes.push(owner);
    if (pod.spec?.nodeName !== previous?.spec?.nodeName) changes.push(`bound to ${pod.spec?.nodeName ?? ''}`);
    if (pod.status?.phase !== previous?.status?.phase && pod.status?.phase !== 'Pending') changes.push(pod.status?.phase ?? '');
    const [ready, before] = [readyOf(pod.status?.conditions), readyOf(previous?.status?.conditions)];
    if (ready !== before && (ready === 'True' || before === 'True')) changes.push(ready === 'True' ? 'ready' : 'not ready');
    const disrupted = pod.status?.conditions?.find((condition) => condition.type === 'DisruptionTarget');
    if (disrupted !== undefined && previous?.status?.conditions?.some((condition) => condition.type === 'DisruptionTarget') !== true) {
      changes.push(`disrupted by ${disrupted.reason ?? ''}`);
    }
    if (pod.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined) changes.push('Terminating');
    if (this.shown.includes('containers')) changes.push(...containerChanges(pod, previous));
    if (changes.length > 0) this.note(at, `${name} ${changes.join(', ')}`);
  }

  private seeFault(at: number, type: Revision['type'], { metadata, status }: Fault, previous: Fault | undefined): void {
    const name = `fault ${metadata.name ?? ''}`;
    if (type === 'DELETED') this.note(at, `${name} gone`);
    else if (status?.phase !== previous?.status?.phase) this.note(at, `${name} ${status?.phase ?? 'created'}`);
    if (type === 'MODIFIED' && status?.hits !== previous?.status?.hits) this.note(at, `${name} hit ${status?.hits ?? 0}`);
  }

  private seeClaim(at: number, type: Revision['type'], claim: PersistentVolumeClaim, previous: PersistentVolumeClaim | undefined): void {
    const name = `claim ${claim.metadata.name ?? ''}`;
    if (type === 'DELETED') {
      this.note(at, `${name} gone`);
      return;
    }
    const changes: string[] = type === 'ADDED' ? ['created'] : [];
    const selected = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
    if (selected !== undefined && previous?.metadata.annotations?.['volume.kubernetes.io/selected-node'] !== selected)
      changes.push(`is for ${selected}`);
    const { phase, capacity, conditions = [] } = claim.status ?? {};
    if (phase !== previous?.status?.phase) changes.push(phase ?? '');
    if (capacity?.['storage'] !== previous?.status?.capacity?.['storage']) changes.push(`has ${capacity?.['storage'] ?? ''}`);
    for (const { type: condition } of conditions)
      if (previous?.status?.conditions?.some((each) => each.type === condition) !== true) changes.push(condition);
    if (claim.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined) changes.push('Terminating');
    if (changes.length > 0) this.note(at, `${name} ${changes.join(', ')}`);
  }

  private seeVolume(at: number, type: Revision['type'], { metadata, spec }: PersistentVolume): void {
    if (type === 'MODIFIED') return;
    const zones = spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]?.values ?? [];
    const place = zones.length === 0 ? '' : ` in ${zones.join()}`;
    this.note(
      at,
      `volume ${spec?.claimRef?.name === undefined ? (metadata.name ?? '') : `of ${spec.claimRef.name}`}${place} ${type === 'ADDED' ? 'created' : 'gone'}`,
    );
  }

  private seeAttachment(at: number, type: Revision['type'], attachment: VolumeAttachment, previous: VolumeAttachment | undefined): void {
    const { metadata, spec, status } = attachment;
    const name = `attachment to ${spec.nodeName}`;
    const error = status?.attachError?.message;
    if (type !== 'MODIFIED') this.note(at, `${name} ${type === 'ADDED' ? 'asked for' : 'gone'}`);
    else if (status?.attached === true && previous?.status?.attached !== true) this.note(at, `${name} is there`);
    else if (error !== undefined && error !== previous?.status?.attachError?.message) this.note(at, `${name} fails: ${error}`);
    else if (metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined)
      this.note(at, `${name} shall go`);
  }

  private seeVolumesOf(at: number, { metadata, status }: Node, previous: Node | undefined): void {
    const name = `node ${metadata.name ?? ''}`;
    const [used, usedBefore] = [status?.volumesInUse?.length ?? 0, previous?.status?.volumesInUse?.length ?? 0];
    const [attached, attachedBefore] = [status?.volumesAttached?.length ?? 0, previous?.status?.volumesAttached?.length ?? 0];
    if (used !== usedBefore) this.note(at, `${name} uses ${used} volumes`);
    if (attached !== attachedBefore) this.note(at, `${name} has ${attached} volumes attached`);
  }

  private seeDeployment(at: number, { metadata, status }: Deployment, previous: Deployment | undefined): void {
    const counts = (state: Deployment['status']): string =>
      `${state?.replicas ?? 0} Pods, ${state?.updatedReplicas ?? 0} of the new template, ${state?.availableReplicas ?? 0} available`;
    if (counts(status) !== counts(previous?.status)) this.note(at, `deployment ${metadata.name ?? ''}: ${counts(status)}`);
  }

  private seeJob(at: number, type: Revision['type'], { metadata, status }: Job, previous: Job | undefined): void {
    const name = `job ${metadata.name ?? ''}`;
    if (type !== 'MODIFIED') this.note(at, `${name} ${type === 'ADDED' ? 'created' : 'gone'}`);
    for (const { type: condition, reason } of status?.conditions ?? [])
      if (previous?.status?.conditions?.some((each) => each.type === condition) !== true)
        this.note(at, `${name} ${condition} (${reason ?? ''})`);
  }

  private seeCronJob(at: number, { metadata, status }: CronJob, previous: CronJob | undefined): void {
    const { lastScheduleTime } = status ?? {};
    if (lastScheduleTime !== undefined && lastScheduleTime !== previous?.status?.lastScheduleTime)
      this.note(at, `cronjob ${metadata.name ?? ''} started what was due at ${lastScheduleTime.slice(11, 19)}`);
  }

  private seeExplanation(at: number, pod: Pod, previous: Pod | undefined): void {
    const of = (state: Pod | undefined, key: string): string =>
      state?.metadata.annotations?.[`kube-scheduler-simulator.sigs.k8s.io/${key}`] ?? '';
    if (of(pod, 'result-history') === of(previous, 'result-history')) return;
    for (const key of ['filter-result', 'score-result', 'finalscore-result', 'selected-node'])
      this.note(at, `pod ${this.nameOf(pod)} ${key}: ${of(pod, key)}`);
  }

  private seeService(at: number, type: Revision['type'], service: Service, previous: Service | undefined): void {
    const shown = ({ metadata, spec, status }: Service): string => {
      const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
      const finalizers = (metadata.finalizers ?? []).map((finalizer) => `, ${finalizer}`).join('');
      const leaving = metadata.deletionTimestamp === undefined ? '' : ', Terminating';
      return `${spec?.type ?? ''}, address ${addresses.length === 0 ? 'pending' : addresses.join()}${finalizers}${leaving}`;
    };
    const name = `service ${service.metadata.name ?? ''}`;
    if (type === 'DELETED') this.note(at, `${name} gone`);
    else if (previous === undefined || shown(previous) !== shown(service)) this.note(at, `${name} ${shown(service)}`);
  }

  private seeEvent(at: number, type: Revision['type'], event: Event): void {
    if (type !== 'ADDED') return;
    const { kind = '', name = '' } = event.involvedObject;
    if (kind === 'Service') this.note(at, `event about service ${name}: ${event.reason ?? ''}: ${event.message ?? ''}`);
    if (event.reason === 'SuccessfulAttachVolume' && this.shown.includes('attachments'))
      this.note(at, `pod ${anonymous(name)}: its volume came`);
    if (kind === 'Service' || event.type !== 'Warning') return;
    this.note(at, `warning about ${kind} ${anonymous(name)}: ${event.reason ?? ''}: ${anonymous(event.message ?? '')}`);
  }

  private seeNode(at: number, type: Revision['type'], node: Node, previous: Node | undefined): void {
    const name = `node ${node.metadata.name ?? ''}`;
    if (type !== 'MODIFIED') this.note(at, `${name} ${type === 'ADDED' ? 'created' : 'gone'}`);
    const changes: string[] = [];
    const [ready, before] = [readyOf(node.status?.conditions), readyOf(previous?.status?.conditions)];
    if (ready !== before) changes.push(`Ready is ${ready ?? 'unsaid'}`);
    const [taints, old] = [taintsOf(node), taintsOf(previous)];
    for (const taint of taints) if (!old.includes(taint)) changes.push(`+${taint}`);
    for (const taint of old) if (!taints.includes(taint)) changes.push(`-${taint}`);
    if (changes.length > 0) this.note(at, `${name} ${changes.join(', ')}`);
  }

  /** `web-7d9c-x2b4k` becomes `web-1`, `web-2` …: by owner, in the order of creation. */
  nameOf({ metadata }: Pod): string {
    const { name = '', uid = '', generateName } = metadata;
    if (generateName === undefined || !name.startsWith(generateName)) return name;
    let short = this.names.get(uid);
    if (short === undefined) {
      const base = (metadata.labels?.['app'] ?? generateName).replace(/-$/, '');
      const count = [...this.names.values()].filter((other) => other.startsWith(`${base}-`)).length;
      this.names.set(uid, (short = `${base}-${count + 1}`));
      this.aliases.set(name, short);
    }
    return short;
  }

  /** A text with the generated names of Pods as they are called here, and without other things that are left to chance. */
  readonly alias = (text: string): string =>
    text
      .replaceAll(/[a-z0-9]+(?:-[a-z0-9]+)+/g, (word) => this.aliases.get(word) ?? word)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*');

  /** The name in the cluster of what is called so here. */
  realName(short: string): string {
    for (const [name, alias] of this.aliases) if (alias === short) return name;
    return short;
  }

  private clock(atMs: number): string {
    const seconds = (atMs - this.origin) / 1000;
    const minutes = Math.floor(seconds / 60);
    return `${String(minutes).padStart(3)}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`;
  }
}

/** What every cluster has, or what is written all the time. */
const QUIET: ReadonlySet<string> = new Set(['events', 'leases.coordination.k8s.io', 'nodes', 'csinodes.storage.k8s.io']);

/** What became of its containers: why they wait, how they ended, how often they were started. */
function containerChanges(pod: Pod, previous: Pod | undefined): readonly string[] {
  const changes: string[] = [];
  for (const { name, state, restartCount } of pod.status?.containerStatuses ?? []) {
    const before = previous?.status?.containerStatuses?.find((each) => each.name === name);
    const { waiting, terminated } = state ?? {};
    if (restartCount !== (before?.restartCount ?? 0)) changes.push(`restart ${restartCount}`);
    if (waiting?.reason !== undefined && waiting.reason !== before?.state?.waiting?.reason) changes.push(waiting.reason);
    if (terminated !== undefined && before?.state?.terminated === undefined)
      changes.push(`${terminated.reason ?? ''} (${terminated.exitCode})`);
  }
  if (pod.status?.reason !== undefined && pod.status.reason !== previous?.status?.reason) changes.push(pod.status.reason);
  return changes;
}

function readyOf(conditions: readonly { readonly type: string; readonly status: string }[] | undefined): string | undefined {
  return conditions?.find(({ type }) => type === 'Ready')?.status;
}

function taintsOf(node: Node | undefined): readonly string[] {
  return (node?.spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
}

/** Random ends of names are left to chance. */
function anonymous(text: string): string {
  return text.replaceAll(/\b([a-z0-9-]+)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1-*');
}
