import assert from 'node:assert/strict';
import type { HttpAnswer, HttpResponse, WatchStream } from '../../../src/apiserver/endpoints/http.ts';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';

/** JSON as the server answered it; tests reach into it freely. */
export type Parsed = ReturnType<typeof JSON.parse>;

export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** An API server with its controllers and without nodes, spoken to as over the wire. */
export class Wire {
  readonly cluster = Cluster.create({ seed: 'test', startTime: START, preset: 'empty', kubelet: 'manual', freeze: true });

  constructor() {
    // The default namespace gets its ServiceAccount.
    this.advance(1000);
  }

  advance(ms: number): void {
    const { simulation } = this.cluster;
    simulation.advance(simulation.now() + ms);
  }

  send(method: string, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
    const { pathname, searchParams } = new URL(url, 'https://test');
    return handleRequest(this.cluster.api, {
      method,
      path: pathname,
      query: searchParams,
      headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'test/1', ...headers },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      user: ADMIN,
    });
  }

  /** The answer's code and body, read as JSON. */
  call(
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): { code: number; body: Parsed; answer: HttpResponse } {
    const answer = this.send(method, url, body, headers);
    assert(answer.kind === 'response');
    const isJson = (answer.headers['Content-Type'] ?? '').includes('json');
    return { code: answer.code, body: isJson && answer.body !== '' ? JSON.parse(answer.body) : answer.body, answer };
  }

  watch(url: string, headers: Readonly<Record<string, string>> = {}): WatchStream {
    const answer = this.send('GET', url, undefined, headers);
    assert(answer.kind === 'watch', JSON.stringify(answer));
    return answer;
  }
}

export function events(text: string): readonly { readonly type: string; readonly object: Parsed }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export const configMap = (name: string, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data: { x: '1' },
});

export const pod = (name: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image: 'img.example/app:1' }], ...spec },
});
