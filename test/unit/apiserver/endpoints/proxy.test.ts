import assert from 'node:assert/strict';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { clusterWith, service, webPod } from '../../network/support.ts';

describe('The proxy of the API server', () => {
  const cluster = clusterWith([
    webPod('web', { program: 'run; serve 80 /broken 500; serve 80 200' }),
    service('web', 'ports: [{ name: http, port: 8080, targetPort: http }]'),
    service('two', 'ports: [{ name: http, port: 80 }, { name: other, port: 81 }]', 'app: web'),
    service('empty', 'ports: [{ port: 80 }]'),
  ]);

  const ask = (of: Cluster, path: string): readonly [code: number, body: string] => {
    const host = createRestHost({ api: of.api, adminToken: 'token', kubelets: of.kubelets });
    const request = {
      method: 'GET',
      path: `/api/v1/namespaces/default/${path}`,
      query: new URLSearchParams(),
      headers: {},
      body: '',
      user: ADMIN,
    };
    const answer = handleRequest(of.api, request, host);
    assert.ok(answer.kind === 'response');
    return [answer.code, answer.body];
  };

  const rows: readonly (readonly [path: string, code: number, body: RegExp])[] = [
    ['pods/web/proxy/', 200, /^web main \/$/m],
    ['pods/web:80/proxy/some/page', 200, /^web main \/some\/page$/m],
    ['pods/http:web:80/proxy/', 200, /^web main/],
    ['pods/web:80/proxy/broken', 500, /Internal Server Error/],
    ['pods/web:81/proxy/', 503, /error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused/],
    ['pods/gone/proxy/', 404, /pods \\?"gone\\?" not found/],
    ['services/web/proxy/', 200, /^web main \/$/m],
    ['services/web:http/proxy/page', 200, /^web main \/page$/m],
    ['services/web:8080/proxy/', 200, /^web main/],
    ['services/two:http/proxy/', 200, /^web main/],
    ['services/web:9/proxy/', 503, /no service port \\?"9\\?" found for service \\?"web\\?"/],
    ['services/empty/proxy/', 503, /no endpoints available for service \\?"empty\\?"/],
  ];
  for (const [path, code, body] of rows) {
    it(`answers ${path} with ${code}`, () => {
      const [found, text] = ask(cluster, path);
      assert.equal(found, code, text);
      assert.match(text, body);
    });
  }
});
