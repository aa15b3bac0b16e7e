import assert from 'node:assert/strict';
import { PODS as PODS_RESOURCE } from '../../../src/api/schema/resources.ts';
import { innerToken } from '../../../src/apiserver/authentication/serviceaccount/innerTokens.ts';
import { apply, clusterWith, pod, run } from './support.ts';

const CURL = (path: string): string =>
  `curl -sk -H "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" https://kubernetes.default.svc${path}`;

const ACCOUNT = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: reader, namespace: default }]
---
`;

function asker(name: string, account: string, path: string): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  serviceAccountName: ${account}
  restartPolicy: Never
  containers:
    - name: main
      image: curlimages/curl:8.11.0
      command: [sh, -c, ${JSON.stringify(CURL(path))}]
---
`;
}

describe('The API server from inside', () => {
  const PODS = '/api/v1/namespaces/default/pods';
  const cluster = clusterWith([ACCOUNT, asker('allowed', 'reader', PODS), asker('denied', 'default', PODS)]);
  const log = (name: string): string =>
    (cluster.kubelets.readLogs({ namespace: 'default', pod: name, container: 'main' }) ?? []).map(({ text }) => text).join('\n');

  it('answers a program with the rights of its ServiceAccount', () => {
    run(cluster, 20);
    assert.match(log('allowed'), /"kind": ?"PodList"/);
    assert.match(log('denied'), /pods is forbidden: User \\"system:serviceaccount:default:default\\" cannot list resource \\"pods\\"/);
  });

  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, tls = true): string => {
    const target = { address: '10.96.0.1', port: 443, tls };
    const answer = cluster.network.request(pod(cluster, 'allowed'), target, { method: 'GET', path, headers, body: '' });
    return answer.ok ? `${answer.response.code} ${answer.response.body.slice(0, 30)}` : answer.failure;
  };

  it('lets nobody in with a wrong token, and everybody look whether it is well', () => {
    assert.equal(ask('/livez'), '200 ok');
    assert.match(ask(PODS), /^403/);
    assert.match(ask(PODS, { authorization: 'Bearer nonsense' }), /^401/);
    assert.equal(ask('/livez', {}, false), 'tls-expected');
  });

  it('takes the token of a Pod as it was signed, while its Pod and its account are there', () => {
    const copy = cluster.fork();
    const asked = (token: string): string => {
      const target = { address: '10.96.0.1', port: 443, tls: true };
      const request = { method: 'GET', path: PODS, headers: { authorization: `Bearer ${token}` }, body: '' };
      const answer = copy.network.request(pod(copy, 'denied'), target, request);
      return answer.ok ? String(answer.response.code) : answer.failure;
    };
    const allowed = pod(copy, 'allowed');
    const now = copy.simulation.now();
    const token = innerToken(copy.api.store, allowed, undefined, 3607, now);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const other = btoa(atob(claims).replace('reader', 'system')).replaceAll('=', '');
    const issuer = 'https://kubernetes.default.svc.cluster.local';
    const part = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '');
    const made = (alg: string, more: object): string =>
      `${part({ alg })}.${part({ iss: issuer, aud: [issuer], nbf: 0, exp: 9e9, sub: 'system:serviceaccount:default:reader', ...more })}.x`;
    assert.deepEqual(
      [
        token,
        innerToken(copy.api.store, allowed, 'vault', 3607, now),
        innerToken(copy.api.store, pod(copy, 'denied'), undefined, 3607, now),
        `${head}.${claims}.${signature.slice(1)}`,
        `${head}.${other}.${signature}`,
        `${head}.${claims}`,
        made('none', {}),
        made('ES256', { 'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'reader', uid: 'guessed' } } }),
      ].map(asked),
      ['200', '401', '403', '401', '401', '401', '401', '401'],
    );
    copy.admin().delete(PODS_RESOURCE, 'default', 'allowed');
    run(copy, 60);
    assert.equal(asked(token), '401', 'its Pod is gone');
  });

  it('refuses while it is down', () => {
    const copy = cluster.fork();
    apply(
      copy,
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: api }\nspec: { type: ComponentDown, target: { component: kube-apiserver } }',
    );
    run(copy, 1);
    const answer = copy.network.request(
      pod(copy, 'allowed'),
      { address: '10.96.0.1', port: 443, tls: true },
      { method: 'GET', path: '/livez', headers: {}, body: '' },
    );
    assert.equal(answer.ok || answer.failure, 'refused');
  });
});
