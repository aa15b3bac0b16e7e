/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// The steps of a case: what its author did, one after the other.
import type { Case, Obj } from './case.ts';
import { clean, compareText } from './normalise.ts';
import { getPath, hasLabels, StepError } from './objects.ts';
import { nodeConditions, nodeObject, type Keeper, type StatusReports } from './puppet.ts';
import type { Session, View } from './view.ts';
import { isNamespaced, pluralOf, type Answer, type World } from './world.ts';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const PATCH_TYPES: Readonly<Record<string, string>> = { patch: MERGE, strategic: STRATEGIC, json: 'application/json-patch+json' };

export class Steps {
  private readonly test: Case;
  private readonly world: World;
  private readonly keeper: Keeper;
  private readonly reports: StatusReports;
  private readonly view: View;

  constructor(test: Case, { world, keeper, reports }: Session, view: View) {
    this.test = test;
    this.world = world;
    this.keeper = keeper;
    this.reports = reports;
    this.view = view;
  }

  step(step: Obj): any {
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
          this.view.silent.delete(argument.node);
          this.keeper.beat();
          this.reportNode(argument.node, 'True');
        } else this.view.silent.add(argument.node);
        return null;
      case 'align':
        this.align(argument);
        return null;
      case 'metrics':
        for (const pod of this.pick(argument)) this.report(pod, argument);
        return null;
      case 'wait':
        this.view.sleep(argument);
        return null;
      case 'settle':
        this.view.settle(argument?.quiet, argument?.timeout);
        return null;
      case 'until':
        return this.until(argument);
      case 'check':
        if (argument?.limits?.deployment !== undefined) this.view.limited = argument.limits.deployment;
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
        this.view.added.set(node.name, node.kubelet === 'manual');
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
    if (pause !== undefined) this.view.sleep(pause);
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
      this.view.sleep(Math.min(5, ((((low - second) % 60) + 60) % 60) + 0.3));
    }
  }

  private until(argument: Obj): any {
    const begin = this.world.now();
    const plural = pluralOf(argument['kind']);
    for (;;) {
      const state = this.view.poll();
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
    let pods = (this.view.poll()['pods'] ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    pods = pods.filter((pod) => hasLabels(pod, argument['selector'] ?? {}));
    if (argument['pod'] !== undefined) pods = pods.filter(({ metadata }) => metadata.name === argument['pod']);
    if (argument['node'] !== undefined) pods = pods.filter((pod) => pod['spec'].nodeName === argument['node']);
    if (argument['rs'] !== undefined)
      pods = pods.filter(({ metadata }) => this.view.norm.text(metadata.labels?.['pod-template-hash'] ?? '') === argument['rs']);
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
      answer['message'] = this.view.norm.text(body['message'] ?? '');
      const causes = body['details']?.causes;
      if (causes !== undefined)
        answer['causes'] = causes.map((cause: Obj) =>
          Object.fromEntries(Object.entries(cause).map(([key, value]) => [key, this.view.norm.text(String(value))])),
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
