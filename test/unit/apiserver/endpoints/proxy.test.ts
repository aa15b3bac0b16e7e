import assert from 'node:assert/strict';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import type { HttpResponse } from '../../../../src/apiserver/endpoints/http.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { clusterWith, service, webPod } from '../../network/support.ts';

describe('The proxy of the API server', () => {
  const cluster = clusterWith([
    webPod('web', { program: 'run; serve 80 /broken 500; serve 80 200' }),
    service('web', 'ports: [{ name: http, port: 8080, targetPort: http }]'),
    service('two', 'ports: [{ name: http, port: 80 }, { name: other, port: 81 }]', 'app: web'),
    service('empty', 'ports: [{ port: 80 }]'),
    service('plain', 'ports: [{ port: 8080, targetPort: 80 }]', 'app: web'),
    webPod('tls', { program: 'run; serve 8443 200' }),
    webPod('echo').replace('registry.test/web:1', 'registry.k8s.io/echoserver:1.10'),
    webPod('umlaut', { spec: "      args: ['-text=grün']" }).replace('registry.test/web:1', 'hashicorp/http-echo'),
  ]);

  const answerTo = (of: Cluster, path: string, method = 'GET', body = ''): HttpResponse => {
    const host = createRestHost({ api: of.api, adminToken: 'token', kubelets: of.kubelets });
    const request = {
      method,
      path: `/api/v1/namespaces/default/${path.split('?')[0] ?? ''}`,
      query: new URLSearchParams(path.split('?')[1] ?? ''),
      headers: {},
      body,
      user: ADMIN,
    };
    const answer = handleRequest(of.api, request, host);
    assert.ok(answer.kind === 'response');
    return answer;
  };

  const rows: readonly (readonly [path: string, code: number, body: RegExp])[] = [
    ['pods/web/proxy/', 200, /^web main \/$/m],
    ['pods/web:80/proxy/some/page', 200, /^web main \/some\/page$/m],
    ['pods/http:web:80/proxy/', 200, /^web main/],
    ['pods/web:80/proxy/broken', 500, /Internal Server Error/],
    ['pods/https:web:80/proxy/', 503, /error trying to reach service: tls: first record does not look like a TLS handshake/],
    ['services/https:web:http/proxy/', 503, /tls: first record does not look like a TLS handshake/],
    ['pods/https:tls:8443/proxy/', 200, /^tls main \/$/m],
    ['pods/tls:8443/proxy/', 400, /^Client sent an HTTP request to an HTTPS server\.$/m],
    ['pods/web:81/proxy/', 503, /error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused/],
    ['pods/gone/proxy/', 404, /pods \\?"gone\\?" not found/],
    ['pods/ftp:web:80/proxy/', 400, /invalid pod request \\?"ftp:web:80\\?"/],
    ['pods/a:b:web:80/proxy/', 400, /invalid pod request/],
    ['pods/web:80/proxy/page/', 200, /^web main \/page\/$/m],
    ['pods/umlaut/proxy/', 200, /^grün$/m],
    ['services/plain/proxy/', 200, /^web main \/$/m],
    ['services/ftp:web:80/proxy/', 400, /invalid service request \\?"ftp:web:80\\?"/],
    // Without a port the one without a name is meant.
    ['services/web/proxy/', 503, /no endpoints available for service \\?"web\\?"/],
    ['services/web:none/proxy/', 503, /no endpoints available for service \\?"web:none\\?"/],
    ['services/web:http/proxy/page', 200, /^web main \/page$/m],
    ['services/web:8080/proxy/', 200, /^web main/],
    ['services/two:http/proxy/', 200, /^web main/],
    ['services/web:9/proxy/', 503, /no service port 9 found for service \\?"web\\?"/],
    ['services/empty/proxy/', 503, /no endpoints available for service \\?"empty\\?"/],
  ];
  for (const [path, code, body] of rows) {
    it(`answers ${path} with ${code}`, () => {
      const answer = answerTo(cluster, path);
      assert.equal(answer.code, code, answer.body);
      assert.match(answer.body, body);
    });
  }

  it('passes on method, path, query and body', () => {
    const { body } = answerTo(cluster, 'pods/echo/proxy/cart?item=3', 'POST', '{"n":1,"of":"grün"}');
    assert.match(body, /method=POST\n\treal path=\/cart\?item=3\n/);
    assert.match(body, /Request Body:\n\{"n":1,"of":"grün"\}\n/);
    assert.match(answerTo(cluster, 'pods/echo/proxy/').body, /method=GET[^]*-no body in request-/);
  });

  it('sends who asks for the root without a slash to the one with a slash', () => {
    const { code, headers } = answerTo(cluster, 'pods/web:80/proxy?x=1');
    assert.deepEqual([code, headers['Location']], [301, '/api/v1/namespaces/default/pods/web:80/proxy/?x=1']);
    assert.equal(answerTo(cluster, 'pods/web:80/proxy', 'POST').code, 200);
  });

  it('gives the bytes that the server gave', () => {
    assert.deepEqual(answerTo(cluster, 'pods/umlaut/proxy/').bytes, new TextEncoder().encode('grün\n'));
  });
});
