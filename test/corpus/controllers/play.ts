/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// Plays one case: the steps of the corpus' own runner in its mode with a virtual clock, in this process.
import { isTimed, nodesOf, type Case, type Obj } from './case.ts';
import { compare, NODE_NOISE } from './compare.ts';
import { AGE, canonical, clean, compareText, multiset, Norm, reduce } from './normalise.ts';
import { behaviour, Keeper, nodeConditions, nodeObject, StatusReports } from './puppet.ts';
import { isNamespaced, pluralOf, World, type Answer } from './world.ts';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const PATCH_TYPES: Readonly<Record<string, string>> = { patch: MERGE, strategic: STRATEGIC, json: 'application/json-patch+json' };
const KUBELETS: readonly string[] = ['kubelet', 'kwok', 'kwok-controller', 'kubepad-kubelet'];
const SILENT_STEPS: readonly string[] = ['check', 'wait', 'settle', 'until', 'align'];

export interface Played {
  readonly passed: number;
  readonly total: number;
  /** Lines that say what differed. */
  readonly problems: readonly string[];
}

class StepError extends Error {}

export function play(test: Case): Played {
  return new Play(test, newSession(test)).run();
}

/** One cluster and its nodes, for one case or for all that have the same nodes. */
interface Session {
  readonly world: World;
  readonly keeper: Keeper;
  readonly reports: StatusReports;
  /** Nodes are there already. */
  ready: boolean;
}

function newSession(test: Case): Session {
  const world = new World(test);
  const keeper = new Keeper(world);
  world.hooks.push(() => keeper.tick());
  return { world, keeper, reports: new StatusReports(world), ready: false };
}

/** Plays cases one after the other on clusters that they share where they have the same nodes, as the corpus' own runner does. */
export function* playShared(tests: readonly Case[]): Generator<readonly [Case, Played]> {
  const sessions = new Map<string, Session>();
  for (const test of tests) {
    const key = `${test.profile ?? 'default'} ${typeof test.nodes === 'string' ? test.nodes : test.nodes === undefined ? 'auto3' : test.id}`;
    let session = sessions.get(key);
    if (session === undefined) sessions.set(key, (session = newSession(test)));
    const one = new Play(test, session);
    const played = one.run();
    one.cleanUp();
    yield [test, played];
  }
}

interface Worst {
  maxTotal: number;
  minAvailable: number;
}

type State = Record<string, readonly Obj[]>;

class Play {
  private readonly test: Case;
  private readonly session: Session;
  private readonly world: World;
  private readonly keeper: Keeper;
  private readonly reports: StatusReports;
  private readonly norm = new Norm();
  private readonly kinds: readonly string[];
  private readonly recordNode: boolean;
  private readonly manual: boolean;
  private readonly silent = new Set<string>();
  private readonly handled = new Set<string>();
  private readonly added = new Map<string, boolean>();
  private eventsBefore = new Map<string, number>();
  private eventsNow = new Map<string, number>();
  private acted = 0;
  private readonly sets = new Map<string, readonly [number, number]>();
  private worst: Worst = { maxTotal: 0, minAvailable: 1e9 };
  private limited: string | undefined;

  constructor(test: Case, session: Session) {
    this.test = test;
    this.session = session;
    this.world = session.world;
    this.keeper = session.keeper;
    this.reports = session.reports;
    this.kinds = test.kinds ?? ['pods'];
    this.recordNode = test.recordNode ?? Array.isArray(test.nodes);
    this.manual = (test.kubelet ?? 'auto') === 'manual';
    if (test.trace === true) this.traceReplicaSets();
  }

  run(): Played {
    const { test } = this;
    const problems: string[] = [];
    let [passed, total] = [0, 0];
    const judge = (differences: readonly string[], title: string): void => {
      total++;
      if (differences.length === 0) passed++;
      else problems.push(title, ...differences);
    };
    try {
      if (!this.session.ready) this.makeNodes();
      this.session.ready = true;
      for (const name of [test.id, ...(test.namespaces ?? [])]) this.makeNamespace(name);
      for (const [index, step] of test.steps.entries()) {
        const want = test.expect?.[index] ?? null;
        const result = this.step(step);
        if (!SILENT_STEPS.some((key) => key in step)) this.afterAction();
        if ('check' in step) {
          const check: Obj = typeof step['check'] === 'string' ? { label: step['check'] } : step['check'];
          judge(this.check(check, want ?? {}), `step ${index} check ${check['label'] ?? ''}`);
        } else if (want !== 'any' && (result !== null || want !== null)) {
          const isTimedStep = typeof want === 'object' && want !== null && 'took' in want;
          const agrees = isTimedStep ? !('outside' in (result ?? {})) : canonical(result) === canonical(want);
          judge(
            agrees ? [] : [`  expected ${JSON.stringify(want)}`, `  got      ${JSON.stringify(result)}`],
            `step ${index} ${JSON.stringify(step).slice(0, 200)}`,
          );
        }
      }
    } catch (error) {
      total++;
      problems.push(error instanceof StepError ? error.message : ((error as Error).stack ?? String(error)));
    }
    return { passed, total, problems };
  }

  /** Deletes what the case made and waits until it is gone. */
  cleanUp(): void {
    const { world, test } = this;
    const namespaces = [test.id, ...(test.namespaces ?? [])];
    const free = (kind: string, namespace: string | undefined, name: string): void =>
      void world.request('PATCH', world.path(kind, namespace, name), { metadata: { finalizers: null } }, MERGE);
    for (const pod of world.list('pods', test.id)) if (pod['metadata'].finalizers) free('pods', test.id, pod['metadata'].name);
    for (const name of namespaces) world.request('DELETE', world.path('namespaces', undefined, name));
    for (const kind of test.finalizerKinds ?? [])
      for (const object of world.list(kind, test.id)) free(kind, test.id, object['metadata'].name);
    this.silent.clear();
    for (let tries = 0; tries < 60; tries++) {
      for (const name of namespaces) {
        for (const pod of world.list('pods', name)) {
          world.request('DELETE', world.path('pods', name, pod['metadata'].name), {
            kind: 'DeleteOptions',
            apiVersion: 'v1',
            gracePeriodSeconds: 0,
          });
        }
      }
      if (namespaces.every((name) => world.request('GET', world.path('namespaces', undefined, name)).code === 404)) break;
      world.sleep(0.5);
    }
    for (const kind of ['persistentvolumes', 'storageclasses', 'clusterroles', 'priorityclasses']) {
      if (!(test.clusterKinds ?? []).includes(kind)) continue;
      for (const object of world.list(kind)) {
        if (!object['metadata'].name.startsWith(test.id)) continue;
        world.request('DELETE', world.path(kind, undefined, object['metadata'].name));
        free(kind, undefined, object['metadata'].name);
      }
    }
  }

  // What exists before the first step.

  private makeNodes(): void {
    for (const node of nodesOf(this.test)) {
      this.world.request('POST', this.world.path('nodes'), nodeObject(this.world, node));
      if (node.kubelet === 'manual') this.keeper.nodes.set(node.name, node.beat ?? true);
    }
    this.keeper.beat();
    const neverReady = new Set(
      nodesOf(this.test)
        .filter(({ ready = true }) => ready !== true)
        .map(({ name }) => name),
    );
    for (let tries = 0; tries < 60; tries++) {
      const waiting = this.world
        .list('nodes')
        .filter((node) => !neverReady.has(node['metadata'].name))
        .filter(
          (node) =>
            getPath(node, 'status.conditions.[Ready].status') !== 'True' ||
            (node['spec'].taints ?? []).some((taint: Obj) => taint['key'] === 'node.kubernetes.io/not-ready'),
        );
      if (waiting.length === 0) return;
      this.world.sleep(0.5);
    }
    throw new StepError('some nodes did not become ready');
  }

  private makeNamespace(name: string): void {
    this.world.request('POST', this.world.path('namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: this.test.nsLabels ?? {} },
    });
    for (let tries = 0; tries < 100; tries++) {
      if (this.world.request('GET', this.world.path('serviceaccounts', name, 'default')).code === 200) return;
      this.world.sleep(0.1);
    }
    throw new StepError(`namespace ${name} has no default ServiceAccount`);
  }

  // Reading and playing the kubelet.

  private poll(): State {
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

  private settle(quiet = 2, timeout = 45): void {
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

  private sleep(seconds: number): void {
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

  private afterAction(): void {
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

  private check(check: Obj, want: Obj): readonly string[] {
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

  // Steps.

  private step(step: Obj): any {
    const entry = Object.entries(step).find(([key]) => key !== 'note' && key !== 'answer');
    if (entry === undefined) throw new StepError('empty step');
    const [verb, argument] = entry as [string, any];
    switch (verb) {
      case 'create':
        return this.create(Array.isArray(argument) ? argument : [argument]);
      case 'patch':
      case 'strategic':
      case 'json': {
        const plural = pluralOf(argument.kind);
        const body = JSON.parse(this.times(JSON.stringify(argument.patch)));
        return this.refusal(this.world.request('PATCH', this.objectPath(plural, argument, argument.sub), body, PATCH_TYPES[verb]));
      }
      case 'scale':
        return this.refusal(
          this.world.request(
            'PATCH',
            this.objectPath(pluralOf(argument.kind), argument, 'scale'),
            { spec: { replicas: argument.replicas } },
            MERGE,
          ),
        );
      case 'delete': {
        const body: Obj = { kind: 'DeleteOptions', apiVersion: 'v1' };
        for (const key of ['propagationPolicy', 'gracePeriodSeconds']) if (key in argument) body[key] = argument[key];
        const answer = this.world.request('DELETE', this.objectPath(pluralOf(argument.kind), argument), body);
        if (argument.kind === 'Node') this.keeper.nodes.delete(argument.name);
        return this.refusal(answer);
      }
      case 'deletePods':
        for (const pod of this.pick(argument)) {
          const body: Obj = { kind: 'DeleteOptions', apiVersion: 'v1' };
          if ('gracePeriodSeconds' in argument) body['gracePeriodSeconds'] = argument.gracePeriodSeconds;
          this.world.request('DELETE', this.world.path('pods', this.test.id, pod['metadata'].name), body);
        }
        return null;
      case 'evict':
        return this.pick(argument).map((pod) => this.evict(pod, argument.pause));
      case 'mark':
        for (const pod of this.pick(argument)) {
          const metadata = { labels: argument.labels ?? {}, annotations: argument.annotations ?? {} };
          this.must(this.world.request('PATCH', this.world.path('pods', this.test.id, pod['metadata'].name), { metadata }, MERGE), 'mark');
        }
        return null;
      case 'setStatus':
        for (const pod of this.pick(argument)) {
          const status = this.reports.of(pod, argument.to, argument.status);
          this.must(
            this.world.request('PATCH', this.world.path('pods', this.test.id, pod['metadata'].name, 'status'), { status }, MERGE),
            'setStatus',
          );
        }
        return null;
      case 'nodeReady':
        this.reportNode(argument.node, argument.status);
        return null;
      case 'heartbeat':
        this.keeper.nodes.set(argument.node, argument.on);
        if (argument.on === true) {
          this.silent.delete(argument.node);
          this.keeper.beat();
          this.reportNode(argument.node, 'True');
        } else this.silent.add(argument.node);
        return null;
      case 'align':
        this.align(argument);
        return null;
      case 'metrics':
        for (const pod of this.pick(argument)) this.report(pod, argument);
        return null;
      case 'wait':
        this.sleep(argument);
        return null;
      case 'settle':
        this.settle(argument?.quiet, argument?.timeout);
        return null;
      case 'until':
        return this.until(argument);
      case 'check':
        if (argument?.limits?.deployment !== undefined) this.limited = argument.limits.deployment;
        return null;
      default:
        throw new StepError(`step ${verb} is not supported`);
    }
  }

  /** What the metrics API says of a Pod. */
  private report({ metadata, spec }: Obj, { cpu, memory }: Obj): void {
    const usage = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
    const containers = spec.containers.map(({ name }: Obj) => ({ name, usage }));
    const body: Obj = {
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: { name: metadata.name, namespace: this.test.id, labels: metadata.labels ?? {} },
      timestamp: this.world.timestamp(),
      window: '1s',
      containers,
    };
    const path = this.world.path('podmetrics', this.test.id);
    const made = this.world.request('POST', path, body);
    if (made.code !== 409) this.must(made, 'metrics');
    else {
      const patch = { timestamp: body['timestamp'], containers };
      this.must(this.world.request('PATCH', `${path}/${metadata.name}`, patch, MERGE), 'metrics');
    }
  }

  private create(objects: readonly Obj[]): any {
    const answers = objects.map((object) => {
      let body: Obj = JSON.parse(this.uids(this.times(JSON.stringify(object))));
      if (body['kind'] === 'NodeSpec') {
        const node = body['node'];
        body = nodeObject(this.world, node);
        this.added.set(node.name, node.kubelet === 'manual');
        if (node.kubelet === 'manual') {
          this.keeper.nodes.set(node.name, node.beat ?? true);
          if (node.beat ?? true) this.keeper.beat();
        }
      }
      const plural = pluralOf(body['kind']);
      const answer = this.answer(this.world.request('POST', this.world.path(plural, body['metadata'].namespace ?? this.test.id), body));
      // Cases of one cluster share definitions.
      return answer['code'] === 409 && body['kind'] === 'CustomResourceDefinition' ? { code: 200 } : answer;
    });
    const refused = answers.filter(({ code }) => code >= 400);
    return refused.length === 0 ? null : refused;
  }

  private objectPath(plural: string, argument: Obj, sub?: string): string {
    return this.world.path(plural, argument['namespace'] ?? this.test.id, argument['name'], sub);
  }

  private evict(pod: Obj, pause: number | undefined): any {
    const { name } = pod['metadata'];
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: this.test.id } };
    const answer = this.answer(this.world.request('POST', this.world.path('pods', this.test.id, name, 'eviction'), body));
    if (pause !== undefined) this.sleep(pause);
    return answer;
  }

  private reportNode(node: string, ready: 'True' | 'False'): void {
    this.world.request(
      'PATCH',
      this.world.path('nodes', undefined, node, 'status'),
      { status: { conditions: nodeConditions(this.world, ready) } },
      STRATEGIC,
    );
  }

  private align([low, high]: readonly [number, number]): void {
    for (;;) {
      const second = Math.floor(this.world.now()) % 60;
      if (second >= low && second <= high) return;
      this.sleep(Math.min(5, ((((low - second) % 60) + 60) % 60) + 0.3));
    }
  }

  private until(argument: Obj): any {
    const begin = this.world.now();
    const plural = pluralOf(argument['kind']);
    for (;;) {
      const state = this.poll();
      let objects = state[plural] ?? this.world.list(plural, isNamespaced(plural) ? this.test.id : undefined);
      if (argument['name'] !== undefined) objects = objects.filter(({ metadata }) => metadata.name === argument['name']);
      if (argument['selector'] !== undefined) objects = objects.filter((object) => hasLabels(object, argument['selector']));
      if (argument['deleting'] !== undefined)
        objects = objects.filter(({ metadata }) => (metadata.deletionTimestamp !== undefined) === argument['deleting']);
      const holds =
        'count' in argument
          ? objects.length === argument['count']
          : objects.length > 0 &&
            objects.every((object) => String(getPath(object, argument['path']) ?? 'None') === String(argument['equals']));
      const took = Math.round((this.world.now() - begin) * 10) / 10;
      if (holds) {
        const within = argument['within'];
        return within !== undefined && (took < within[0] || took > within[1]) ? { took, outside: within } : { took };
      }
      if (took > (argument['timeout'] ?? 60)) throw new StepError(`until: not true after ${took} s: ${JSON.stringify(argument)}`);
      this.world.sleep(0.25);
    }
  }

  /** Pods by selector, name, node, ReplicaSet, readiness; the oldest first. */
  private pick(argument: Obj): readonly Obj[] {
    let pods = (this.poll()['pods'] ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    pods = pods.filter((pod) => hasLabels(pod, argument['selector'] ?? {}));
    if (argument['pod'] !== undefined) pods = pods.filter(({ metadata }) => metadata.name === argument['pod']);
    if (argument['node'] !== undefined) pods = pods.filter((pod) => pod['spec'].nodeName === argument['node']);
    if (argument['rs'] !== undefined)
      pods = pods.filter(({ metadata }) => this.norm.text(metadata.labels?.['pod-template-hash'] ?? '') === argument['rs']);
    if (argument['unready'] === true) pods = pods.filter((pod) => getPath(pod, 'status.conditions.[Ready].status') !== 'True');
    if ('notmark' in argument) pods = pods.filter(({ metadata }) => !('mark' in (metadata.labels ?? {})));
    const order = ({ metadata }: Obj): string => `${metadata.creationTimestamp} ${metadata.name}`;
    pods = pods.toSorted((a, b) => compareText(order(a), order(b)));
    if (argument['pick'] !== undefined) {
      if (pods.length < argument['pick']) throw new StepError(`only ${pods.length} pods to pick ${argument['pick']} from`);
      pods = pods.slice(0, argument['pick']);
    }
    if (pods.length === 0) throw new StepError(`no pod matches ${JSON.stringify(argument)}`);
    return pods;
  }

  private times(text: string): string {
    return text
      .replaceAll('$NOW', this.world.timestamp())
      .replaceAll(/\$AGO:(\d+)/g, (_match, seconds: string) => this.world.timestamp(Number(seconds)));
  }

  private uids(text: string): string {
    return text.replaceAll(/\$UID:(\w+):([\w.-]+)/g, (_match, kind: string, name: string) => {
      const plural = pluralOf(kind);
      return this.world.request('GET', this.world.path(plural, this.test.id, name)).body['metadata']?.uid ?? '';
    });
  }

  private answer({ code, body }: Answer): Obj {
    const answer: Obj = { code };
    if (code >= 400) {
      answer['reason'] = body['reason'];
      answer['message'] = this.norm.text(body['message'] ?? '');
      const causes = body['details']?.causes;
      if (causes !== undefined)
        answer['causes'] = causes.map((cause: Obj) =>
          Object.fromEntries(Object.entries(cause).map(([key, value]) => [key, this.norm.text(String(value))])),
        );
    }
    return clean(answer);
  }

  private refusal(answer: Answer): Obj | null {
    return answer.code >= 400 ? this.answer(answer) : null;
  }

  private must({ code, body }: Answer, what: string): void {
    if (code >= 400) throw new StepError(`${what}: ${body['message']}`);
  }
}

function invariantsOf(worst: Worst, limits: Obj): Obj {
  return { maxTotalHeld: worst.maxTotal <= limits['maxTotal'], minAvailableHeld: worst.minAvailable >= limits['minAvailable'] };
}

/** `a.b.c`; `[Type]` selects from a list by its member `type`, `#` is a length. */
function getPath(object: any, path: string): any {
  let value = object;
  for (const part of path.match(/[^.[\]]+|\[[^\]]+\]/g) ?? []) {
    if (part === '#') return (value ?? []).length;
    if (value === undefined || value === null) return undefined;
    if (part.startsWith('[')) value = value.find((item: Obj) => item['type'] === part.slice(1, -1));
    else value = Array.isArray(value) ? value[Number(part)] : value[part];
  }
  return value;
}

function hasLabels(object: Obj, labels: Record<string, string>): boolean {
  return Object.entries(labels).every(([key, value]) => object['metadata'].labels?.[key] === value);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
