import assert from 'node:assert/strict';
import { APISERVICES, PODS, SERVICES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster, podTemplate } from '../support.ts';

function available(cluster: Cluster, name: string): string {
  cluster.simulation.runUntil('settled');
  const condition = cluster
    .admin()
    .get(APISERVICES, '', name)
    ?.status?.conditions?.find(({ type }) => type === 'Available');
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}: ${condition?.message ?? ''}`;
}

function service(cluster: Cluster, port: number): void {
  cluster.admin().create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'adapter', namespace: 'default' },
    spec: { selector: { app: 'adapter' }, clusterIP: '10.96.0.50', ports: [{ name: 'https', port, protocol: 'TCP', targetPort: 6443 }] },
  });
}

describe('availability of APIServices', () => {
  it('is given for the metrics server, which the simulation plays', () => {
    assert.equal(available(newCluster(), 'v1beta1.metrics.k8s.io'), 'True Passed: all checks passed');
    assert.equal(newCluster({ metrics: false }).admin().get(APISERVICES, '', 'v1beta1.metrics.k8s.io'), undefined);
  });

  it('tells the first thing that is wrong with the server of another', () => {
    const cluster = newCluster();
    const name = 'v1.example.com';
    cluster.admin().create(APISERVICES, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name },
      spec: {
        group: 'example.com',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'adapter', namespace: 'default', port: 443 },
      },
    });
    assert.equal(available(cluster, name), 'False ServiceNotFound: service/adapter in "default" is not present');
    service(cluster, 80);
    assert.equal(available(cluster, name), 'False ServicePortError: service/adapter in "default" is not listening on port 443');
    cluster.admin().modify(SERVICES, 'default', 'adapter', ({ spec }) => void (spec!.ports![0]!.port = 443));
    assert.equal(
      available(cluster, name),
      'False MissingEndpoints: endpointslices for service/adapter in "default" have no addresses with port name "https"',
    );
    cluster.admin().create(PODS, {
      ...podTemplate('adapter'),
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'default', labels: { app: 'adapter' } },
    });
    const url = 'https://10.96.0.50:443/apis/example.com/v1';
    assert.equal(
      available(cluster, name),
      `False FailedDiscoveryCheck: failing or missing response from ${url}: bad status from ${url}: 404`,
    );
  });
});
