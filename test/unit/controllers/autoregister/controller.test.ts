import assert from 'node:assert/strict';
import { APISERVICES, CUSTOMRESOURCEDEFINITIONS } from '../../../../src/api/schema/resources.ts';
import { builtInPriority } from '../../../../src/api/apiregistration/apiservice/priorities.ts';
import { SERVED_GROUPS } from '../../../../src/apiserver/endpoints/served.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster } from '../support.ts';

const LABEL = 'kube-aggregator.kubernetes.io/automanaged';

function settle(cluster: Cluster): void {
  cluster.simulation.runUntil('settled');
}

function define(cluster: Cluster, served: Readonly<Record<string, boolean>>): void {
  const schema = { openAPIV3Schema: { type: 'object' } };
  cluster.admin().create(CUSTOMRESOURCEDEFINITIONS, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: Object.entries(served).map(([name, isServed], index) => ({ name, served: isServed, storage: index === 0, schema })),
    },
  });
  settle(cluster);
}

const custom = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(APISERVICES)
    .filter(({ spec }) => spec?.group === 'example.com')
    .map(({ metadata, spec }) => `${metadata.name ?? ''} ${spec?.groupPriorityMinimum ?? ''} ${spec?.versionPriority ?? ''}`);

describe('APIServices', () => {
  it('stand for all built-in versions from the beginning', () => {
    const services = newCluster().admin().list(APISERVICES);
    const local = services.filter(({ metadata }) => metadata.labels?.[LABEL] === 'onstart');
    const names = local.map(({ metadata }) => metadata.name);
    assert.equal(names.includes('v1.') && names.includes('v2.autoscaling') && names.includes('v1.resource.k8s.io'), true);
    assert.equal(names.includes('v1.apiregistration.k8s.io'), false);
    assert.equal(local.length, SERVED_GROUPS.flatMap(({ versions }) => versions).length);
    for (const { status } of local) assert.deepEqual([status?.conditions?.[0]?.status, status?.conditions?.[0]?.reason], ['True', 'Local']);
  });

  it('have priorities that give the recorded order of discovery', () => {
    const rank = (group: string, version: string): number => builtInPriority(group, version)?.groupPriorityMinimum ?? Infinity;
    const sorted = SERVED_GROUPS.toSorted(
      (left, right) => rank(right.group, right.preferred) - rank(left.group, left.preferred) || (left.group < right.group ? -1 : 1),
    );
    assert.deepEqual(sorted, SERVED_GROUPS);
    for (const { group, versions } of SERVED_GROUPS.slice(1)) {
      const priorities = versions.map((version) => builtInPriority(group, version)?.versionPriority ?? 0);
      assert.deepEqual(
        priorities.toSorted((left, right) => right - left),
        priorities,
      );
    }
  });

  it('follow what definitions serve', () => {
    const cluster = newCluster();
    define(cluster, { v1: true, v1beta1: true, v1alpha1: false });
    assert.deepEqual(custom(cluster), ['v1.example.com 1000 100', 'v1beta1.example.com 1000 100']);
    const [made] = cluster
      .admin()
      .list(APISERVICES)
      .filter(({ spec }) => spec?.group === 'example.com');
    assert.equal(made?.metadata.labels?.[LABEL], 'true');
    cluster.admin().modify(CUSTOMRESOURCEDEFINITIONS, '', 'widgets.example.com', ({ spec }) => {
      for (const version of spec.versions) version.served = version.name !== 'v1beta1';
    });
    settle(cluster);
    assert.deepEqual(custom(cluster), ['v1.example.com 1000 100', 'v1alpha1.example.com 1000 100']);
    cluster.admin().delete(CUSTOMRESOURCEDEFINITIONS, '', 'widgets.example.com');
    settle(cluster);
    assert.deepEqual(custom(cluster), []);
  });

  it('of definitions are made again and set right, unless somebody else has made them', () => {
    const cluster = newCluster();
    define(cluster, { v1: true });
    cluster.admin().delete(APISERVICES, '', 'v1.example.com');
    settle(cluster);
    cluster.admin().modify(APISERVICES, '', 'v1.example.com', ({ spec }) => void (spec!.groupPriorityMinimum = 5));
    settle(cluster);
    assert.deepEqual(custom(cluster), ['v1.example.com 1000 100']);
    cluster.admin().modify(APISERVICES, '', 'v1.example.com', (object) => {
      delete object.metadata.labels;
      object.spec!.groupPriorityMinimum = 5;
    });
    settle(cluster);
    assert.deepEqual(custom(cluster), ['v1.example.com 5 100']);
  });
});
