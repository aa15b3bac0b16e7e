import assert from 'node:assert/strict';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { KubeletMode } from '../../../../src/cluster/options.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';

const PODS = '/api/v1/namespaces/default/pods';

/** A cluster with one node and the Pod `p` on it, and its logs as they are asked for. */
function open(kubelet: KubeletMode, program: string) {
  const cluster = Cluster.create({ seed: 'server', startTime: Date.UTC(2026, 0, 2), preset: 'default', nodes: 1, kubelet });
  const { api, simulation } = cluster;
  const host = createRestHost({ api, adminToken: 'secret', kubelets: cluster.kubelets });
  const send = (method: string, url: string, body?: object): { readonly code: number; readonly text: string } => {
    const { pathname, searchParams } = new URL(url, 'https://test');
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = handleRequest(api, { method, path: pathname, query: searchParams, headers: {}, body: text, user: ADMIN }, host);
    assert(answer.kind === 'response');
    const isStatus = answer.code >= 400;
    return { code: answer.code, text: isStatus ? (JSON.parse(answer.body) as { readonly message: string }).message : answer.body };
  };
  const advance = (ms: number): void => void simulation.advance(simulation.now() + ms);
  advance(30_000);
  const pod = {
    metadata: { name: 'p', annotations: { 'kubepad.dev/program.c': program } },
    spec: { nodeName: 'worker-1', restartPolicy: 'Always', containers: [{ name: 'c', image: 'registry.example/p:1' }] },
  };
  assert.equal(send('POST', PODS, pod).code, 201);
  return { advance, send, logs: (query = '') => send('GET', `${PODS}/p/log${query}`) };
}

describe("the kubelet's API", () => {
  it('gives logs from a time, a number of lines, with times and up to a number of bytes', () => {
    const { advance, logs } = open('realistic', 'log one; sleep 10; log two; sleep 10; log three; run');
    advance(60_000);
    assert.deepEqual(logs(), { code: 200, text: 'one\ntwo\nthree\n' });
    assert.equal(logs('?tailLines=1').text, 'three\n');
    assert.equal(logs('?tailLines=0').text, '');
    assert.equal(logs('?limitBytes=5').text, 'one\nt');
    assert.match(logs('?timestamps=true&tailLines=1').text, /^2026-01-02T00:0\d:\d\d\.\d{9}Z three\n$/);
    assert.equal(logs('?sinceSeconds=1').text, '');
    assert.equal(logs('?sinceTime=2026-01-01T00:00:00Z').text, 'one\ntwo\nthree\n');
  });

  it('gives the log of the start before, once there was one', () => {
    const { advance, logs } = open('realistic', 'log first; exit 1 | log second; run');
    advance(5_000);
    assert.equal(logs('?previous=true').code === 400 || logs('?previous=true').text === 'first\n', true);
    advance(60_000);
    assert.deepEqual([logs('?previous=true').text, logs().text], ['first\n', 'second\n']);
  });

  const refusals: readonly (readonly [query: string, code: number, text: RegExp])[] = [
    ['?tailLines=-1', 422, /tailLines: Invalid value: -1: must be greater than or equal to 0/],
    ['?limitBytes=0', 422, /limitBytes: Invalid value: 0: must be greater than 0/],
    ['?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z', 422, /at most one of `sinceTime` or `sinceSeconds` may be specified/],
    ['?container=zz', 400, /container zz is not valid for pod p/],
    ['?previous=true', 400, /previous terminated container "c" in pod "p" not found/],
  ];
  for (const [query, code, text] of refusals) {
    it(`refuses logs ${query}`, () => {
      const { advance, logs } = open('fast', 'log one; run');
      advance(10_000);
      const answer = logs(query);
      assert.equal(answer.code, code);
      assert.match(answer.text, text);
    });
  }

  it('cannot be asked where nobody plays the kubelet', () => {
    const { logs } = open('manual', 'run');
    const { code, text } = logs();
    assert.equal(code, 500);
    assert.match(text, /^Get "https:\/\/\S+:10250\/containerLogs\/default\/p\/c": dial tcp \S+: connect: connection refused$/);
  });
});
