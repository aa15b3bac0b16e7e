import assert from 'node:assert/strict';
import { EVENTS, INGRESSES, PODS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { get } from '../../../../src/runtime/http.ts';
import { SELF_SIGNED, SIGNED } from './certificates.ts';
import { apply, clusterWith, run, service, webPod } from '../support.ts';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }
          - { path: /none, pathType: Prefix, backend: { service: { name: none, port: { number: 80 } } } }
          - { path: /empty, pathType: Prefix, backend: { service: { name: empty, port: { number: 80 } } } }
---
`;
const WEB = service('web', 'ports: [{ name: http, port: 80 }]');
const EMPTY = service('empty', 'ports: [{ port: 80 }]');

function visit(cluster: Cluster, host: string, path: string, tls = false): string {
  const found = cluster.network.lookupOutside(host);
  if (!found.ok) return found.failure;
  const answer = cluster.network.requestFrom(
    { kind: 'outside', address: '203.0.113.50' },
    { address: found.addresses[0]!, port: tls ? 443 : 80, tls },
    get(host, path),
  );
  if (!answer.ok) return answer.failure;
  const { code, body, headers } = answer.response;
  return [code, code === 200 ? body.split(' ')[0] : headers['location'], answer.certificate?.issuer]
    .filter((part) => part !== undefined)
    .join(' ');
}

const FAKE = 'Kubernetes Ingress Controller Fake Certificate';
const PROTOCOL = 'nginx.ingress.kubernetes.io/backend-protocol';
const secret = (crt: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: cert }\ntype: kubernetes.io/tls\ndata: { tls.crt: ${crt}, tls.key: a2V5 }\n---\n`;

describe('The Ingress controller', () => {
  it('takes up Ingresses of its class and writes their address', () => {
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, INGRESS], { ingressClass: 'nginx' });
    const client = cluster.admin();
    assert.equal(client.get(INGRESSES, 'default', 'shop')?.spec?.ingressClassName, 'nginx');
    assert.equal(client.get(INGRESSES, 'default', 'shop')?.status?.loadBalancer?.ingress, undefined);
    run(cluster, 60);
    assert.deepEqual(client.get(INGRESSES, 'default', 'shop')?.status?.loadBalancer?.ingress, [{ ip: '172.18.255.200' }]);
    const events = client.list(EVENTS, 'default').filter(({ involvedObject }) => involvedObject.kind === 'Ingress');
    assert.deepEqual(
      events.map(({ type, reason, message, count, source }) => [type, reason, message, count, source?.component]),
      [['Normal', 'Sync', 'Scheduled for sync', 2, 'nginx-ingress-controller']],
    );
  });

  it('leaves other classes alone', () => {
    const cluster = clusterWith([webPod('web'), WEB, INGRESS.replace('rules:', 'ingressClassName: other\n  rules:')], {
      ingressClass: 'nginx',
    });
    run(cluster, 60);
    assert.equal(cluster.admin().get(INGRESSES, 'default', 'shop')?.status?.loadBalancer?.ingress, undefined);
    assert.equal(visit(cluster, '172.18.255.200', '/'), '404');
  });

  it('answers by host and path, 404 and 503 where there is nothing behind', () => {
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, INGRESS], { ingressClass: 'nginx' });
    run(cluster, 60);
    assert.equal(visit(cluster, 'shop.example.com', '/'), '200 web');
    assert.equal(visit(cluster, 'shop.example.com', '/none'), '503');
    assert.equal(visit(cluster, 'shop.example.com', '/empty'), '503');
    assert.equal(visit(cluster, '172.18.255.200', '/'), '404');
    assert.equal(visit(cluster, 'shop.example.com', '/', true), '200 web Kubernetes Ingress Controller Fake Certificate');
  });

  it('is not there without its class, and not while it is down', () => {
    const without = clusterWith([webPod('web'), WEB, EMPTY, INGRESS]);
    assert.equal(visit(without, '172.18.255.200', '/'), 'refused');
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, INGRESS], { ingressClass: 'nginx' });
    apply(
      cluster,
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: off }\nspec: { type: ComponentDown, target: { component: ingress-nginx-controller } }',
    );
    run(cluster, 61);
    assert.equal(visit(cluster, '172.18.255.200', '/'), 'refused');
    assert.equal(cluster.admin().get(INGRESSES, 'default', 'shop')?.status?.loadBalancer?.ingress, undefined);
  });

  it('shows the certificate of the Secret and sends to HTTPS', () => {
    const tls = INGRESS.replace('spec:', 'spec:\n  tls: [{ hosts: [shop.example.com], secretName: cert }]');
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, tls], { ingressClass: 'nginx' });
    run(cluster, 60);
    // Until the Secret is there, the controller has a certificate of its own for the host, and sends there all the same.
    assert.equal(visit(cluster, 'shop.example.com', '/x'), '308 https://shop.example.com/x');
    assert.equal(visit(cluster, 'shop.example.com', '/x', true), '200 web Kubernetes Ingress Controller Fake Certificate');
    apply(cluster, secret(SIGNED));
    run(cluster, 1);
    assert.equal(visit(cluster, 'shop.example.com', '/x'), '308 https://shop.example.com/x');
    assert.equal(visit(cluster, 'shop.example.com', '/x', true), '200 web Example CA');
  });

  const certificates: readonly (readonly [what: string, crt: string, tls: string, host: string, issuer: string])[] = [
    ['that of the entry which names the host', SIGNED, '{ hosts: [shop.example.com], secretName: cert }', 'shop.example.com', 'Example CA'],
    ['one for the host, where no entry names it', SIGNED, '{ secretName: cert }', 'shop.example.com', 'Example CA'],
    ['one of a wildcard', SIGNED, '{ secretName: cert }', 'eu.shop.example.com', 'Example CA'],
    ['one by its common name', SELF_SIGNED, '{ hosts: [shop.example.com], secretName: cert }', 'shop.example.com', 'shop.example.com'],
    ['its own, where that of the Secret is for another host', SELF_SIGNED, '{ secretName: cert }', 'eu.shop.example.com', FAKE],
    ['its own, where the Secret holds none', 'Y2VydA==', '{ hosts: [shop.example.com], secretName: cert }', 'shop.example.com', FAKE],
  ];
  for (const [what, crt, entry, host, issuer] of certificates) {
    it(`shows a client of TLS ${what}`, () => {
      const text = INGRESS.replace('spec:', `spec:\n  tls: [${entry}]`).replace('shop.example.com\n', `${host}\n`);
      const cluster = clusterWith([webPod('web'), WEB, EMPTY, secret(crt), text], { ingressClass: 'nginx' });
      run(cluster, 60);
      assert.equal(visit(cluster, host, '/', true), `200 web ${issuer}`);
    });
  }

  it('is asked by the name that the client says in TLS, and routes by the host that it says in HTTP', () => {
    const tls = INGRESS.replace('spec:', 'spec:\n  tls: [{ secretName: cert }]');
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, secret(SIGNED), tls], { ingressClass: 'nginx' });
    run(cluster, 60);
    const ask = (serverName: string): string | undefined => {
      const target = { address: '172.18.255.200', port: 443, tls: true, serverName };
      const answer = cluster.network.requestFrom({ kind: 'outside', address: '203.0.113.50' }, target, get('shop.example.com', '/'));
      return answer.ok ? `${answer.response.code} ${answer.certificate?.issuer ?? ''}` : answer.failure;
    };
    assert.equal(ask('shop.example.com'), '200 Example CA');
    assert.equal(ask('other.example.com'), `200 ${FAKE}`);
  });

  it('has its hosts known outside when they have an address, not before', () => {
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, INGRESS]);
    run(cluster, 120);
    assert.equal(visit(cluster, 'shop.example.com', '/'), 'not-found', 'nobody serves the Ingress');
    assert.equal(visit(cluster, 'example.com', '/'), '200 <!doctype', 'any other host is somebody');
  });

  const aliases: readonly (readonly [what: string, name: string, ports: string, annotations: string, answer: string])[] = [
    ['a host outside', 'pages.example.org', '', '', '200 <!doctype'],
    [
      'a host outside that speaks TLS',
      'pages.example.org',
      'ports: [{ port: 80, targetPort: 443 }]',
      `${PROTOCOL}: HTTPS`,
      '200 <!doctype',
    ],
    ['a host outside, in plain on its port for TLS', 'pages.example.org', 'ports: [{ port: 80, targetPort: 443 }]', '', '400'],
    ['another Service', 'web.default.svc.cluster.local', '', '', '200 web'],
    ['a name that nobody knows', 'nobody.default.svc.cluster.local', '', '', '502'],
  ];
  for (const [what, name, ports, annotations, answer] of aliases) {
    it(`passes on to an alias of ${what}`, () => {
      const alias = service('alias', `type: ExternalName\nexternalName: ${name}\n${ports}`, '');
      const text = INGRESS.replace('name: none', 'name: alias').replace(
        '{ name: shop }',
        `{ name: shop, annotations: { ${annotations} } }`,
      );
      const cluster = clusterWith([webPod('web'), WEB, EMPTY, alias, text], { ingressClass: 'nginx' });
      run(cluster, 60);
      assert.equal(visit(cluster, 'shop.example.com', '/none'), answer);
    });
  }

  it('says another host to what is behind, where an annotation asks for it', () => {
    const alias = service('alias', 'type: ExternalName\nexternalName: pages.example.org', '');
    const vhost = 'nginx.ingress.kubernetes.io/upstream-vhost: pages.example.org';
    const text = INGRESS.replace('name: none', 'name: alias').replace('{ name: shop }', `{ name: shop, annotations: { ${vhost} } }`);
    const cluster = clusterWith([webPod('web'), WEB, EMPTY, alias, text], { ingressClass: 'nginx' });
    run(cluster, 60);
    const answer = cluster.network.requestFrom(
      { kind: 'outside', address: '203.0.113.50' },
      { address: '172.18.255.200', port: 80 },
      get('shop.example.com', '/none'),
    );
    assert.match(answer.ok ? answer.response.body : answer.failure, /<title>pages\.example\.org</);
  });

  const annotated: readonly (readonly [annotation: string, tls: boolean, answer: string])[] = [
    ['ssl-redirect: "false"', true, '200 web'],
    ['force-ssl-redirect: "true"', false, '308 https://shop.example.com/x'],
    ['ssl-redirect: "true"', false, '200 web'],
  ];
  for (const [annotation, tls, answer] of annotated) {
    it(`minds ${annotation} ${tls ? 'with' : 'without'} tls`, () => {
      const text = INGRESS.replace('spec:', `${tls ? 'spec:\n  tls: [{ hosts: [shop.example.com] }]' : 'spec:'}`).replace(
        /metadata: \{/,
        `metadata: { annotations: { nginx.ingress.kubernetes.io/${annotation} },`,
      );
      const cluster = clusterWith([webPod('web'), WEB, EMPTY, text], { ingressClass: 'nginx' });
      run(cluster, 60);
      assert.equal(visit(cluster, 'shop.example.com', '/x'), answer);
    });
  }

  it('tries the next Pod where one does not answer, and says 502 or 504 where none does', () => {
    const pods = [1, 2, 3].map((n) => webPod(`web-${n}`, { node: `worker-${n}`, labels: 'app: web' }));
    const cluster = clusterWith([...pods, WEB, EMPTY, INGRESS], { ingressClass: 'nginx' });
    run(cluster, 60);
    // The endpoints do not change while their controller is away.
    apply(
      cluster,
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: off }\nspec: { type: ComponentDown, target: { component: endpointslice-controller } }',
    );
    run(cluster, 1);
    for (const name of ['web-1', 'web-2']) cluster.admin().delete(PODS, 'default', name, { gracePeriodSeconds: 0 });
    run(cluster, 5);
    for (let n = 0; n < 5; n++, run(cluster, 1)) assert.equal(visit(cluster, 'shop.example.com', '/'), '200 web-3');
    cluster.admin().delete(PODS, 'default', 'web-3', { gracePeriodSeconds: 0 });
    run(cluster, 5);
    assert.equal(visit(cluster, 'shop.example.com', '/'), '502');
  });
});

describe('Load balancers of a cloud', () => {
  it('lead to node ports, and only to nodes with endpoints where the policy is Local', () => {
    const spec = 'type: LoadBalancer\nports: [{ port: 80 }]';
    const cluster = clusterWith([], { preset: 'eks' });
    run(cluster, 60);
    const node = cluster.admin().list({ group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false })[0]!.metadata.name!;
    for (const text of [
      webPod('web', { node }),
      service('web', spec),
      service('local', `${spec}\nexternalTrafficPolicy: Local`, 'app: web'),
    ])
      apply(cluster, text);
    run(cluster, 10);
    for (const name of ['web', 'local']) {
      const host = cluster
        .admin()
        .get({ group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true }, 'default', name) as unknown as {
        status: { loadBalancer: { ingress: { hostname: string }[] } };
      };
      assert.equal(visit(cluster, host.status.loadBalancer.ingress[0]!.hostname, '/'), '200 web', name);
    }
  });
});
