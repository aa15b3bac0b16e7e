/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// Plays one case: the steps of the corpus' own runner in its mode with a virtual clock, in this process.
import { nodesOf, type Case, type Obj } from './case.ts';
import { canonical } from './normalise.ts';
import { getPath, StepError } from './objects.ts';
import { Keeper, nodeObject, StatusReports } from './puppet.ts';
import { Steps } from './steps.ts';
import { View, type Session } from './view.ts';
import { World } from './world.ts';

const MERGE = 'application/merge-patch+json';
const SILENT_STEPS: readonly string[] = ['check', 'wait', 'settle', 'until', 'align'];

export interface Played {
  readonly passed: number;
  readonly total: number;
  /** Lines that say what differed. */
  readonly problems: readonly string[];
}

export function play(test: Case): Played {
  return new Play(test, newSession(test)).run();
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

class Play {
  private readonly test: Case;
  private readonly session: Session;
  private readonly world: World;
  private readonly keeper: Keeper;
  private readonly view: View;
  private readonly steps: Steps;

  constructor(test: Case, session: Session) {
    this.test = test;
    this.session = session;
    this.world = session.world;
    this.keeper = session.keeper;
    this.view = new View(test, session);
    this.steps = new Steps(test, session, this.view);
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
        const result = this.steps.step(step);
        if (!SILENT_STEPS.some((key) => key in step)) this.view.afterAction();
        if ('check' in step) {
          const check: Obj = typeof step['check'] === 'string' ? { label: step['check'] } : step['check'];
          judge(this.view.check(check, want ?? {}), `step ${index} check ${check['label'] ?? ''}`);
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
    this.view.silent.clear();
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
}
