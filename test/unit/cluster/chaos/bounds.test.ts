// That the bounds of the chaos test see what breaks them: each write is made in a controller's name, once within the bound and once beyond it.
import assert from 'node:assert/strict';
import {
  DAEMONSETS,
  DEPLOYMENTS,
  JOBS,
  PODDISRUPTIONBUDGETS,
  PODS,
  REPLICASETS,
  STATEFULSETS,
} from '../../../../src/api/schema/resources.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject, ResourceType } from '../../../../src/apimachinery/meta/resource.ts';
import { draft, type Draft } from '../../../../src/base/json.ts';
import { Client } from '../../../../src/client/client.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newManualCluster, podTemplate, reportPod } from '../../controllers/support.ts';
import { BudgetWatch } from './budgets.ts';
import { countProblem } from './counts.ts';
import { rolloutProblem } from './rollouts.ts';
import { ask, PATHS } from './workloads.ts';

const NODES = 3;
const selector = { matchLabels: { app: 'web' } };
const template = podTemplate('web');
type Owner = readonly [ResourceType, KubeObject];

/** A cluster without controllers, in which a test writes in their names, and what the bounds find. */
class Scene {
  readonly cluster: Cluster = newManualCluster(NODES, { controllers: ['serviceaccount-controller'] });
  readonly found: string[] = [];

  constructor() {
    const { cluster } = this;
    const budgets = new BudgetWatch(cluster);
    cluster.api.store.onRevision((revision) => {
      for (const problem of [rolloutProblem(cluster, revision), countProblem(cluster, revision), budgets.problem(revision)])
        if (problem !== undefined) this.found.push(problem);
    });
  }

  as(controller: string): Client {
    return new Client(this.cluster.api, `system:serviceaccount:kube-system:${controller}`, [], 'test');
  }

  /** An object with that spec; `status` is what the bounds go by. */
  make<T extends KubeObject>(type: ResourceType<T>, name: string, spec: object, owner?: Owner, status?: object): T {
    const admin = this.cluster.admin();
    const metadata = { name, namespace: 'default', labels: { app: 'web' }, ...(owner === undefined ? {} : ownedBy(owner)) };
    const made = admin.create(type, draft({ metadata, spec }) as unknown as Draft<T>);
    return status === undefined ? made : admin.modify(type, 'default', name, (copy) => void Object.assign(copy, { status }), 'status')!;
  }

  /** Pods of an object that are ready, made without anybody's bound. */
  ready(owner: Owner, names: readonly string[]): readonly Pod[] {
    return names.map((name, index) => {
      const pod = this.make(PODS, name, { ...template.spec, nodeName: `n${index % NODES}` }, owner);
      reportPod(this.cluster, pod, true);
      return pod;
    });
  }
}

function ownedBy([{ kind }, { metadata }]: Owner): { ownerReferences: object[] } {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true }] };
}

const set = (name: string): object => ({ selector, serviceName: name, template });

describe('the bounds of the chaos test', () => {
  it('see a rollout above maxSurge', () => {
    const scene = new Scene();
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
    const deployment = scene.make(DEPLOYMENTS, 'web', {
      replicas: 2,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate },
    });
    scene.make(REPLICASETS, 'old', { replicas: 2, selector, template }, [DEPLOYMENTS, deployment]);
    scene.make(REPLICASETS, 'new', { replicas: 0, selector, template }, [DEPLOYMENTS, deployment]);
    const grow = (replicas: number): unknown =>
      scene.as('deployment-controller').modify(REPLICASETS, 'default', 'new', ({ spec }) => void (spec!.replicas = replicas));
    grow(1);
    assert.deepEqual(scene.found, []);
    grow(2);
    assert.deepEqual(scene.found, ['web: 4 replicas, 3 allowed']);
  });

  it('see a rollout below maxUnavailable', () => {
    const scene = new Scene();
    const rollingUpdate = { maxSurge: 0, maxUnavailable: 1 };
    const deployment = scene.make(DEPLOYMENTS, 'web', {
      replicas: 3,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate },
    });
    const status = { replicas: 3, availableReplicas: 3, readyReplicas: 3 };
    scene.make(REPLICASETS, 'old', { replicas: 3, selector, template }, [DEPLOYMENTS, deployment], status);
    const shrink = (replicas: number): unknown =>
      scene.as('deployment-controller').modify(REPLICASETS, 'default', 'old', ({ spec }) => void (spec!.replicas = replicas));
    shrink(2);
    assert.deepEqual(scene.found, []);
    shrink(1);
    assert.deepEqual(scene.found, ['web: 1 available, 2 needed, were 2']);
  });

  it('see a DaemonSet without Pods on too many nodes', () => {
    const scene = new Scene();
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    const owner = scene.make(DAEMONSETS, 'web', { selector, template, updateStrategy }, undefined, { desiredNumberScheduled: NODES });
    scene.ready([DAEMONSETS, owner], ['web-a', 'web-b', 'web-c']);
    scene.as('daemon-set-controller').delete(PODS, 'default', 'web-a');
    assert.deepEqual(scene.found, []);
    scene.as('daemon-set-controller').delete(PODS, 'default', 'web-b');
    assert.deepEqual(scene.found, ['web: 2 nodes without a Pod, 1 allowed']);
  });

  it('see a StatefulSet out of order', () => {
    const scene = new Scene();
    const owner = scene.make(STATEFULSETS, 'web', { ...set('web'), replicas: 4 });
    scene.ready([STATEFULSETS, owner], ['web-0', 'web-1', 'web-2']);
    const controller = scene.as('statefulset-controller');
    const create = (name: string): unknown =>
      controller.create(
        PODS,
        draft({ metadata: { name, namespace: 'default', ...ownedBy([STATEFULSETS, owner]) }, spec: template.spec }) as Draft<Pod>,
      );
    create('web-3');
    assert.deepEqual(scene.found, []);
    create('web-5');
    assert.deepEqual(scene.found.splice(0), ['web-5 was made before web-3 was ready']);
    controller.delete(PODS, 'default', 'web-1');
    assert.deepEqual(scene.found.splice(0), ['web-1 was taken while web-3 was not well']);
    scene.cluster.admin().modify(STATEFULSETS, 'default', 'web', ({ spec }) => void (spec!.replicas = 1));
    controller.delete(PODS, 'default', 'web-2');
    assert.deepEqual(scene.found, ['web-2 was taken before web-3']);
  });

  it('see more Pods than a ReplicaSet or a Job may have', () => {
    const scene = new Scene();
    const work = { parallelism: 1, completions: 3, template: { metadata: {}, spec: { ...template.spec, restartPolicy: 'Never' } } };
    const owners: readonly (readonly [string, Owner])[] = [
      ['replicaset-controller', [REPLICASETS, scene.make(REPLICASETS, 'web', { replicas: 1, selector, template })]],
      ['job-controller', [JOBS, scene.make(JOBS, 'work', work)]],
    ];
    for (const [controller, owner] of owners)
      for (const name of ['a', 'b']) {
        const metadata = { name: `${owner[1].metadata.name}-${name}`, namespace: 'default', ...ownedBy(owner) };
        scene.as(controller).create(PODS, draft({ metadata, spec: template.spec }) as Draft<Pod>);
      }
    assert.deepEqual(scene.found, ['ReplicaSet web: 2 Pods, 1 allowed', 'Job work: 2 Pods, 1 allowed']);
  });

  it('see an eviction beyond a budget', () => {
    const scene = new Scene();
    const owner = scene.make(REPLICASETS, 'web', { replicas: 3, selector, template });
    scene.ready([REPLICASETS, owner], ['a', 'b', 'c']);
    // The numbers are wrong: the controller that keeps them does not run.
    scene.make(PODDISRUPTIONBUDGETS, 'web', { minAvailable: 2, selector }, undefined, {
      ...{ disruptionsAllowed: 3, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, observedGeneration: 1 },
    });
    const { simulation } = scene.cluster;
    for (const name of ['a', 'b']) {
      simulation.advance(simulation.now() + 1_000);
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
      assert.equal(ask(scene.cluster, 'POST', `${PATHS.Pod}/${name}/eviction`, body).code, 201);
      assert.equal(scene.found.length, name === 'a' ? 0 : 1);
    }
    assert.deepEqual(scene.found, ['b was evicted: 1 healthy ones are left, web needs 2']);
  });
});
