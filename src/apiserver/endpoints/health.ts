import type { ApiServer } from '../apiServer.ts';
import { lacksStorage } from '../outage.ts';
import { answer, plainText } from './answer.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** The version that this API server speaks for. */
export const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'kubepad',
  platform: 'linux/amd64',
} as const;

/** /version, the health checks, and what little there is to measure. */
export function health(api: ApiServer, { path, query }: HttpRequest): HttpResponse | undefined {
  switch (path.replace(/\/$/, '')) {
    case '/version':
      return answer(VERSION, 200, { mediaType: 'application/json', pretty: true });
    case '/healthz':
    case '/livez':
    case '/readyz':
      if (lacksStorage(api.store)) return plainText(500, `[+]ping ok\n[-]etcd failed: reason withheld\n${path.slice(1)} check failed\n`);
      return plainText(200, query.has('verbose') ? `[+]ping ok\n[+]etcd ok\n${path.slice(1)} check passed\n` : 'ok');
    case '/metrics':
      return plainText(200, metrics(api), 'text/plain; version=0.0.4; charset=utf-8');
    default:
      return undefined;
  }
}

function metrics(api: ApiServer): string {
  const lines = ['# HELP apiserver_storage_objects Number of stored objects by resource.', '# TYPE apiserver_storage_objects gauge'];
  for (const resource of api.store.resources())
    lines.push(`apiserver_storage_objects{resource="${resource}"} ${api.store.count(resource)}`);
  return `${lines.join('\n')}\n`;
}
