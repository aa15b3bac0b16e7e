// Requests as a browser or another Pod sends them, and who answered.
import type { Pod, Service } from '../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { get } from '../../../src/runtime/http.ts';
import type { Lookup, Responded } from '../../../src/runtime/network.ts';
import { objectOf } from './look.ts';
import type { Timeline } from './timeline.ts';

export interface Visit {
  /** A Pod; without one somebody outside of the cluster asks. */
  readonly from?: string;
  readonly url: string;
  /** Default 1. Several come a second apart: which Pod one is sent to depends on chance, and that on the time. */
  readonly times?: number;
}

const OUTSIDE = { kind: 'outside', address: '203.0.113.50' } as const;

/** `web-1 200 ×3, timeout ×1`: the Pods that answered (or the server, where none did) with the code, by name; failures last. */
export function visited(cluster: Cluster, timeline: Timeline, { from, url, times = 1 }: Visit): string {
  const counts = new Map<string, number>();
  for (let turn = 0; turn < times; turn++) {
    const answer = ask(cluster, from === undefined ? undefined : (objectOf(cluster, timeline, `pods/${from}`) as Pod), new URL(url));
    if (turn > 0) cluster.simulation.advance(cluster.simulation.now() + 1000);
    const told = typeof answer === 'string' ? answer : tell(timeline, answer);
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  const answers = [...counts].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return answers.map(([answer, count]) => (times === 1 ? answer : `${answer} ×${count}`)).join(', ');
}

function ask({ network }: Cluster, pod: Pod | undefined, { protocol, hostname, port, pathname }: URL): Responded | string {
  const found: Lookup = pod === undefined ? network.lookupOutside(hostname) : network.lookup(pod, hostname);
  if (!found.ok) return `name is ${found.failure}`;
  const tls = protocol === 'https:';
  const target = { address: found.addresses[0] ?? '', port: port === '' ? (tls ? 443 : 80) : Number(port), tls };
  const request = get(hostname, pathname);
  return pod === undefined ? network.requestFrom(OUTSIDE, target, request) : network.request(pod, target, request);
}

function tell(timeline: Timeline, answer: Responded): string {
  if (!answer.ok) return answer.failure;
  const { code, body } = answer.response;
  const [first = ''] = body.split(/\s/);
  return code === 200 ? `${timeline.alias(first)} 200` : String(code);
}

/** The targets of a Service's balancer in `default`, and who answers requests through it. */
export function balancerOf(cluster: Cluster, timeline: Timeline, name: string): readonly string[] {
  const service = objectOf(cluster, timeline, `services/${name}`) as Service;
  const targets = cluster.network.balancerTargets(service).map(({ node, state, why }) => `  ${node} ${state}: ${why}`);
  const hostname = service.status?.loadBalancer?.ingress?.[0]?.hostname ?? '';
  return [
    `targets of ${name}:`,
    ...targets,
    `  outside asks it 10 times: ${visited(cluster, timeline, { url: `http://${hostname}/`, times: 10 })}`,
  ];
}
