/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// What a case sees of its cluster: objects and events as the recordings have them, at rest; and the kubelet that it plays meanwhile.
import { isTimed, type Case, type Obj } from './case.ts';
import { compare, NODE_NOISE } from './compare.ts';
import { AGE, canonical, clean, compareText, multiset, Norm, reduce } from './normalise.ts';
import { sum } from './objects.ts';
import { behaviour, type Keeper, type StatusReports } from './puppet.ts';
import { isNamespaced, type World } from './world.ts';

const MERGE = 'application/merge-patch+json';
const KUBELETS: readonly string[] = ['kubelet', 'kwok', 'kwok-controller', 'kubepad-kubelet'];

/** One cluster and its nodes, for one case or for all that have the same nodes. */
export interface Session {
  readonly world: World;
  readonly keeper: Keeper;
  readonly reports: StatusReports;
  /** Nodes are there already. */
  ready: boolean;
}

interface Worst {
  maxTotal: number;
  minAvailable: number;
}

type State = Record<string, readonly Obj[]>;

export class View {
  readonly norm = new Norm();
  /** Nodes whose kubelet says nothing. */
  readonly silent = new Set<string>();
  /** Nodes that the case made, and whether it plays their kubelet. */
  readonly added = new Map<string, boolean>();
  /** The Deployment whose limits are watched. */
  limited: string | undefined;
  private readonly test: Case;
  private readonly world: World;
  private readonly keeper: Keeper;
  private readonly reports: StatusReports;
  private readonly kinds: readonly string[];
  private readonly recordNode: boolean;
  private readonly manual: boolean;
  private readonly handled = new Set<string>();
  private eventsBefore = new Map<string, number>();
  private eventsNow = new Map<string, number>();
  private acted = 0;
  private readonly sets = new Map<string, readonly [number, number]>();
  private worst: Worst = { maxTotal: 0, minAvailable: 1e9 };

  constructor(test: Case, { world, keeper, reports }: Session) {
    this.test = test;
    this.world = world;
    this.keeper = keeper;
    this.reports = reports;
    this.kinds = test.kinds ?? ['pods'];
    this.recordNode = test.recordNode ?? Array.isArray(test.nodes);
    this.manual = (test.kubelet ?? 'auto') === 'manual';
    if (test.trace === true) this.traceReplicaSets();
  }

  poll(): State {
    const state: State = {};
    const { test } = this;
    const needsRevisions = this.kinds.includes('statefulsets') || this.kinds.includes('daemonsets');
    const learned = ['pods', 'replicasets', 'controllerrevisions', 'jobs'].filter((kind) =>
      (test.learn ?? ['pods', 'replicasets']).includes(kind),
    );
    for (const kind of new Set([...this.kinds, ...(needsRevisions ? ['controllerrevisions'] : []), ...learned])) {
      if (kind === 'events') continue;
      if (isNamespaced(kind)) state[kind] = [test.id, ...(test.namespaces ?? [])].flatMap((namespace) => this.world.list(kind, namespace));
      else state[kind] = this.world.list(kind).filter((object) => this.isMine(object));
    }
    for (const kind of ['replicasets', 'controllerrevisions', 'jobs', 'pods']) this.norm.learn(state[kind] ?? []);
    this.acted = this.puppet(state['pods'] ?? []);
    return state;
  }

  private isMine(object: Obj): boolean {
    const { name } = object['metadata'];
    if (object['kind'] === 'Node') return Array.isArray(this.test.nodes);
    return name.startsWith(this.test.id) || (this.test.names ?? []).includes(name);
  }

  private isManual(node: string): boolean {
    const { nodes } = this.test;
    if (typeof nodes === 'string') return nodes.startsWith('manual');
    const own = (nodes ?? []).find(({ name }) => name === node);
    if (own !== undefined) return own.kubelet === 'manual';
    return this.added.get(node) ?? false;
  }

  /** Acts for Pods on nodes without a kubelet; returns how often it wrote. */
  private puppet(pods: readonly Obj[]): number {
    if (!this.manual) return 0;
    let acted = 0;
    for (const pod of pods) {
      const node: string | undefined = pod['spec'].nodeName;
      if (node === undefined || this.silent.has(node) || !this.isManual(node)) continue;
      const { uid, name, namespace, deletionTimestamp, annotations = {} } = pod['metadata'];
      const path = this.world.path('pods', namespace, name);
      if (deletionTimestamp !== undefined) {
        if ('kubepad.dev/hang' in annotations || this.handled.has(`${uid} deleted`)) continue;
        this.handled.add(`${uid} deleted`);
        acted++;
        const ended = ['Succeeded', 'Failed'].includes(pod['status']?.phase);
        if (!ended && pod['spec'].restartPolicy !== 'Always')
          this.world.request('PATCH', `${path}/status`, { status: this.reports.of(pod, 'fail:143') }, MERGE);
        this.world.request('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid } });
      } else if (!this.handled.has(uid)) {
        this.handled.add(uid);
        const asked = behaviour(pod);
        if (asked === 'none') continue;
        this.world.request('PATCH', `${path}/status`, { status: this.reports.of(pod, asked) }, MERGE);
        acted++;
      }
    }
    return acted;
  }

  // Waiting.

  private reduced(object: Obj): unknown {
    return reduce(object, { test: this.test, norm: this.norm, recordNode: this.recordNode, manual: this.manual });
  }

  private fingerprint(state: State): string {
    const versions = Object.entries(state)
      .filter(([kind]) => kind !== 'nodes')
      .map(
        ([kind, objects]) =>
          `${kind} ${objects
            .map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`)
            .toSorted()
            .join()}`,
      );
    return `${versions.join(';')} ${canonical((state['nodes'] ?? []).map((node) => this.reduced(node)))}`;
  }

  settle(quiet = 2, timeout = 45): void {
    const begin = this.world.now();
    let fingerprint = this.fingerprint(this.poll());
    let since = this.world.now();
    for (;;) {
      this.world.sleep(0.6);
      const next = this.fingerprint(this.poll());
      const now = this.world.now();
      if (next !== fingerprint) [fingerprint, since] = [next, now];
      if (now - since >= quiet || now - begin > timeout) return;
    }
  }

  sleep(seconds: number): void {
    if (this.keeper.nodes.size === 0) {
      this.world.sleep(seconds);
      this.poll();
      return;
    }
    const end = this.world.now() + seconds;
    while (this.world.now() < end - 1e-9) {
      this.world.sleep(Math.min(0.4, Math.max(0.01, end - this.world.now())));
      this.poll();
    }
  }

  afterAction(): void {
    if (isTimed(this.test)) {
      this.world.sleep(0.01);
      return;
    }
    for (let tries = 0; tries < 200; tries++) {
      this.world.runUntilStable();
      this.poll();
      if (this.acted === 0) return;
    }
  }

  // Checkpoints.

  check(check: Obj, want: Obj): readonly string[] {
    const now = check['now'] === true;
    if (!now) this.settle(check['quiet'] ?? 2, check['timeout'] ?? 45);
    const { invariants: wantInvariants, ...rest } = want;
    let differences: readonly string[] = [];
    for (let attempt = 0; attempt <= 9; attempt++) {
      const got = { ...this.snapshot(), events: this.test.noEvents === true ? [] : this.events() };
      differences = compare(rest, got, this.test);
      if (differences.length === 0 || now || attempt === 9) break;
      this.sleep(1);
    }
    this.eventsBefore = new Map(this.eventsNow);
    const worst = this.takeWorst();
    if (check['limits'] !== undefined) {
      const invariants = invariantsOf(worst, check['limits']);
      if (canonical(invariants) !== canonical(wantInvariants)) differences = [...differences, `invariants: ${JSON.stringify(invariants)}`];
    }
    return differences;
  }

  private snapshot(): Obj {
    const state = this.poll();
    const out: Obj = {};
    for (const kind of this.kinds) {
      if (kind === 'events') continue;
      let objects = state[kind] ?? [];
      if (this.test.rootca !== true && kind === 'configmaps')
        objects = objects.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
      if (this.test.rootca !== true && kind === 'serviceaccounts') objects = objects.filter(({ metadata }) => metadata.name !== 'default');
      out[kind] = multiset(objects.map((object) => this.reduced(object)));
    }
    return out;
  }

  /** Events since the last checkpoint, counted by what they say. */
  private events(): Obj[] {
    const counts = new Map<string, number>();
    const nodeEvents = Array.isArray(this.test.nodes)
      ? this.world.list('events', 'default').filter((event) => event['involvedObject']?.kind === 'Node')
      : [];
    for (const event of [...this.world.list('events', this.test.id), ...nodeEvents]) {
      const source: string = event['source']?.component || event['reportingComponent'] || '';
      if (KUBELETS.includes(source) || NODE_NOISE.includes(event['reason'])) continue;
      let message = this.norm.text(event['message'] ?? '').replaceAll(AGE, '<dur>');
      if (!this.recordNode) message = message.replaceAll(/\bnode-\d+\b/g, '<node>');
      const { kind = '', name = '' } = event['involvedObject'];
      const key = JSON.stringify([kind, this.norm.text(name), event['type'] ?? '', event['reason'] ?? '', message, source]);
      counts.set(key, (counts.get(key) ?? 0) + (event['count'] || event['series']?.count || 1));
    }
    this.eventsNow = counts;
    return [...counts]
      .map(([key, count]) => ({ key, count: count - (this.eventsBefore.get(key) ?? 0) }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => compareText(a.key, b.key))
      .map(({ key, count }) => {
        const [kind, name, type, reason, message, from] = JSON.parse(key) as string[];
        return clean({ kind, name, type, reason, message, from, count });
      });
  }

  /** Follows the sums over the ReplicaSets of a Deployment through every write. */
  private traceReplicaSets(): void {
    this.world.cluster.api.store.onRevision((revision) => {
      if (revision.resource !== 'replicasets.apps' || revision.object.metadata.namespace !== this.test.id) return;
      const { spec, status } = revision.object as Obj;
      const name = revision.object.metadata.name ?? '';
      if (revision.type === 'DELETED') this.sets.delete(name);
      else this.sets.set(name, [spec?.replicas ?? 0, status?.availableReplicas ?? 0]);
      const prefix = `${this.limited ?? 'web'}-`;
      const values = [...this.sets].filter(([set]) => set.startsWith(prefix)).map(([, value]) => value);
      this.worst.maxTotal = Math.max(this.worst.maxTotal, sum(values.map(([replicas]) => replicas)));
      this.worst.minAvailable = Math.min(this.worst.minAvailable, sum(values.map(([, available]) => available)));
    });
  }

  /** The worst sums since the last checkpoint. */
  private takeWorst(): Worst {
    const { worst } = this;
    this.worst = { maxTotal: 0, minAvailable: 1e9 };
    return worst;
  }
}

function invariantsOf(worst: Worst, limits: Obj): Obj {
  return { maxTotalHeld: worst.maxTotal <= limits['maxTotal'], minAvailableHeld: worst.minAvailable >= limits['minAvailable'] };
}
