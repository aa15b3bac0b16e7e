import { jsonEqual } from '../../../src/base/json.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { Action, Case, Expectation, Manifest } from './case.ts';
import { jsonPatch, mergePatch, World } from './world.ts';

/** What the recording's runner sees of one Pod. */
interface Observation {
  readonly result: string;
  readonly node?: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly nominatedNode?: string | undefined;
}

export interface CaseResult {
  readonly differences: readonly string[];
  /** Scores of attempts that have recorded ones: how many were compared, how many were equal. */
  readonly scores: { readonly compared: number; readonly equal: number };
}

/** Replays one case as the corpus' runner does and says what differs. */
export function replayCase(testCase: Case): CaseResult {
  const world = new World();
  const run = new Replay(world, testCase);
  return run.run();
}

class Replay {
  private readonly world: World;
  private readonly testCase: Case;
  private compared = 0;
  private equal = 0;

  constructor(world: World, testCase: Case) {
    this.world = world;
    this.testCase = testCase;
  }

  run(): CaseResult {
    const differences = this.setUp();
    const { pending, expect, then = [] } = this.testCase;
    for (let i = 0; i < pending.length && differences.length === 0; i++) {
      differences.push(...this.checkPod(pending[i] as Manifest, expect[i] as Expectation));
    }
    for (const step of then) {
      if (differences.length > 0) break;
      for (const action of step.do) differences.push(...this.act(action));
      this.world.run(20_000);
      for (const wanted of step.expect) {
        const [namespace = '', name = ''] = wanted.pod.split('/');
        differences.push(
          ...compare(wanted, this.observe(namespace, name)).map((text) => `after ${JSON.stringify(step.do).slice(0, 120)}: ${text}`),
        );
      }
    }
    return { differences, scores: { compared: this.compared, equal: this.equal } };
  }

  private setUp(): string[] {
    const problems: string[] = [];
    const must = (manifest: Manifest): void => {
      const outcome = this.world.create(manifest);
      if (!outcome.ok) problems.push(`set-up: ${manifest.kind} ${String(manifest.metadata['name'])}: ${outcome.status.message ?? ''}`);
    };
    const { namespaces = {}, nodes, objects = [], bound = [] } = this.testCase;
    for (const [name, labels] of Object.entries({ default: {}, 'team-a': {}, 'team-b': {}, ...namespaces })) {
      if (this.world.get('Namespace', '', name) === undefined) must({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
      else this.world.patch('Namespace', '', name, { metadata: { labels } });
      must({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
    }
    for (const node of nodes) this.createNode(node);
    for (const { status, ...object } of objects) {
      must(this.substituteOwner(object as Manifest));
      if (status !== undefined)
        this.world.patch(object['kind'] as string, namespaceOf(object as Manifest), nameOf(object as Manifest), { status }, 'status');
    }
    this.bindClaims(objects);
    for (const pod of bound) this.createBound(pod);
    // The keeper of the budgets has counted before the first Pod comes.
    this.world.run(1_000);
    return problems;
  }

  private createNode(node: Manifest): void {
    this.world.create({ apiVersion: 'v1', kind: 'Node', metadata: node.metadata, spec: node['spec'] ?? {} });
    this.world.patch('Node', '', nameOf(node), { status: node['status'] }, 'status');
    const taints = (node['spec'] as { taints?: unknown[] } | undefined)?.taints ?? null;
    this.world.patch('Node', '', nameOf(node), { spec: { taints } });
  }

  private createBound(pod: Manifest, node?: string): void {
    const { status, ...rest } = this.substituteOwner(pod);
    const spec = node === undefined ? rest['spec'] : { ...(rest['spec'] as object), nodeName: node };
    this.world.create({ ...rest, spec } as Manifest);
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'True' },
    ];
    this.world.patch(
      'Pod',
      namespaceOf(pod),
      nameOf(pod),
      { status: { phase: 'Running', conditions, ...(status as object | undefined) } },
      'status',
    );
  }

  private substituteOwner(manifest: Manifest): Manifest {
    const references = manifest.metadata['ownerReferences'] as readonly { kind: string; name: string; uid: string }[] | undefined;
    if (references === undefined) return manifest;
    const ownerReferences = references.map((reference) => ({
      ...reference,
      uid:
        reference.uid === '$uid'
          ? (this.world.get(reference.kind, namespaceOf(manifest), reference.name)?.metadata.uid ?? '')
          : reference.uid,
    }));
    return { ...manifest, metadata: { ...manifest.metadata, ownerReferences } };
  }

  private bindClaims(objects: readonly Manifest[]): void {
    for (const claim of objects) {
      const spec = claim['spec'] as { volumeName?: string; accessModes?: unknown; resources?: { requests?: unknown } } | undefined;
      if (claim.kind !== 'PersistentVolumeClaim' || spec?.volumeName === undefined) continue;
      const namespace = namespaceOf(claim);
      const live = this.world.get('PersistentVolumeClaim', namespace, nameOf(claim));
      if (this.world.get('PersistentVolume', '', spec.volumeName) === undefined) continue;
      const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: nameOf(claim), uid: live?.metadata.uid };
      this.world.patch('PersistentVolume', '', spec.volumeName, { spec: { claimRef } });
      this.world.patch('PersistentVolume', '', spec.volumeName, { status: { phase: 'Bound' } }, 'status');
      const status = { phase: 'Bound', accessModes: spec.accessModes, capacity: spec.resources?.requests };
      this.world.patch('PersistentVolumeClaim', namespace, nameOf(claim), { status }, 'status');
    }
  }

  private checkPod(pod: Manifest, wanted: Expectation): readonly string[] {
    const namespace = namespaceOf(pod);
    const name = nameOf(pod);
    const before = this.placed();
    const outcome = this.world.create(this.substituteOwner(pod));
    if (!outcome.ok) {
      if (wanted.result !== 'rejected')
        return [`create: expected ${wanted.result}, got ${outcome.status.code} ${outcome.status.message ?? ''}`];
      return differs('message', wanted.message, outcome.status.message);
    }
    this.world.run();
    let got = this.observe(namespace, name);
    if (got.result === 'reserved') {
      // Its claims may be bound in a moment; the recording's runner waited for five seconds.
      this.world.run(5_000);
      got = this.observe(namespace, name);
    }
    this.compareScores(outcome.object.metadata.uid ?? '', wanted);
    let differences = compare(wanted, got);
    if (wanted.victims !== undefined) {
      differences = [
        ...differences.filter((text) => !text.startsWith('node ')),
        ...this.checkPreemption(wanted, got, before, namespace, name),
      ];
    } else if (differences.length === 0 && wanted.result === 'scheduled' && got.node !== wanted.node) {
      // A tie: go on from the recorded choice, so that later Pods see the recorded state.
      this.world.delete('Pod', namespace, name);
      this.createBound(pod, wanted.node);
      this.world.run();
    }
    if (this.testCase.dropUnschedulable === true && got.result !== 'scheduled' && wanted.finalNode === undefined) {
      this.world.delete('Pod', namespace, name);
      this.world.run();
    }
    return differences.map((text) => `pod ${wanted.pod}: ${text}`);
  }

  private compareScores(uid: string, { scores }: Expectation): void {
    if (scores === undefined) return;
    this.compared++;
    const got = this.world.scheduler.explanation(uid)?.scores ?? {};
    const wanted: Record<string, Record<string, number>> = {};
    const found: Record<string, Record<string, number>> = {};
    for (const [node, plugins] of Object.entries(scores)) {
      wanted[node] = Object.fromEntries(
        Object.entries(plugins)
          .filter(([plugin]) => plugin !== 'total')
          .map(([plugin, score]) => [plugin, score.weighted]),
      );
      found[node] = Object.fromEntries(Object.entries(got[node] ?? {}).map(([plugin, score]) => [plugin, score.weighted]));
    }
    if (jsonEqual(wanted, found)) this.equal++;
  }

  private checkPreemption(
    wanted: Expectation,
    got: Observation,
    before: ReadonlySet<string>,
    namespace: string,
    name: string,
  ): readonly string[] {
    const allowed = wanted.preemptBest ?? [];
    const live = new Map(
      (this.world.api.store.list('pods') as readonly Pod[]).map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]),
    );
    const victims = [...before].filter((key) => live.get(key)?.metadata.deletionTimestamp !== undefined || !live.has(key)).sort();
    const pod = this.world.get('Pod', namespace, name) as Pod | undefined;
    const nominated = pod?.spec?.nodeName ?? pod?.status?.nominatedNodeName ?? got.nominatedNode ?? '';
    if (!allowed.includes(nominated)) return [`nominatedNode expected ${allowed.join(' or ')}, got ${nominated}`];
    const recorded = [...(wanted.candidates?.[nominated]?.victims ?? [])].sort();
    if (!jsonEqual(victims, recorded)) return [`victims expected ${recorded.join(', ')}, got ${victims.join(', ')}`];
    for (const victim of victims) {
      const [ns = '', victimName = ''] = victim.split('/');
      this.world.delete('Pod', ns, victimName);
    }
    this.world.run(20_000);
    if (wanted.finalNode === undefined) return [];
    const final = (this.world.get('Pod', namespace, name) as Pod | undefined)?.spec?.nodeName;
    return differs('finalNode', nominated, final);
  }

  private placed(): ReadonlySet<string> {
    const pods = this.world.api.store.list('pods') as readonly Pod[];
    return new Set(
      pods
        .filter((pod) => (pod.spec?.nodeName ?? '') !== '' && pod.metadata.deletionTimestamp === undefined)
        .map((pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`),
    );
  }

  private observe(namespace: string, name: string): Observation {
    const pod = this.world.get('Pod', namespace, name) as Pod | undefined;
    if (pod === undefined) return { result: 'gone' };
    if ((pod.spec?.nodeName ?? '') !== '') return { result: 'scheduled', node: pod.spec?.nodeName ?? '' };
    const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const nominatedNode = pod.status?.nominatedNodeName;
    if (condition?.status === 'False') {
      if (condition.reason === 'SchedulingGated') return { result: 'gated', reason: condition.reason, message: condition.message };
      return { result: 'unschedulable', reason: condition.reason, message: condition.message, nominatedNode };
    }
    return nominatedNode === undefined ? { result: 'ignored' } : { result: 'reserved', node: nominatedNode };
  }

  private act(action: Action): readonly string[] {
    const { world } = this;
    const namespace = action.namespace ?? 'default';
    if (action.op === 'delete') world.delete(action.kind ?? '', namespace, action.name ?? '');
    else if (action.op === 'create') {
      const object = action.object as Manifest;
      if (object.kind === 'Node') this.createNode(object);
      else if (object.kind === 'Pod' && (object['spec'] as { nodeName?: string }).nodeName !== undefined) this.createBound(object);
      else world.create(object);
    } else {
      const change = action.json === undefined ? (object: unknown): unknown => mergePatch(object, action.body) : jsonPatch(action.json);
      const refusal = world.change(action.kind ?? '', namespace, action.name ?? '', change, action.subresource ?? '');
      const text = (refusal?.message ?? '').split('\n@@')[0] ?? '';
      if (action.refused !== undefined) return differs('refusal', action.refused.message, text);
      if (refusal !== undefined) return [`action refused: ${text}`];
    }
    return [];
  }
}

function compare(wanted: Expectation, got: Observation): readonly string[] {
  if (wanted.result !== got.result) {
    if (wanted.victims !== undefined && got.result === 'scheduled') return [];
    return [`result expected ${wanted.result} ${wanted.node ?? wanted.message ?? ''}, got ${got.result} ${got.node ?? got.message ?? ''}`];
  }
  if (got.result === 'scheduled' || got.result === 'reserved') {
    return wanted.best?.includes(got.node ?? '') === true
      ? []
      : [`node expected ${(wanted.best ?? []).join(' or ')}, got ${got.node ?? ''}`];
  }
  if (got.result !== 'unschedulable' && got.result !== 'gated') return [];
  return [
    ...([wanted.message, ...(wanted.laterMessages ?? [])].includes(got.message) ? [] : differs('message', wanted.message, got.message)),
    ...differs('reason', wanted.reason, got.reason),
    ...(wanted.victims === undefined ? differs('nominatedNode', wanted.nominatedNode, got.nominatedNode) : []),
  ];
}

function differs(what: string, wanted: unknown, got: unknown): readonly string[] {
  return wanted === got ? [] : [`${what} expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];
}

function nameOf(manifest: Manifest): string {
  return manifest.metadata['name'] as string;
}

function namespaceOf(manifest: Manifest): string {
  return (manifest.metadata['namespace'] as string | undefined) ?? 'default';
}
