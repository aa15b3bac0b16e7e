/**
 * What the Pods of all nodes answer to the network.
 * Invariant: asks the containers' programs as they are now; a process that has ended answers nothing, whatever the API server still says.
 * Counterpart: the listening sockets of the nodes' network namespaces.
 */
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { textResponse, type HttpRequest } from '../../runtime/http.ts';
import type { Protocol, Served, Servers, Station } from '../../runtime/network.ts';
import { httpIn, tcpIn } from '../../runtime/programs/interpreter.ts';
import { serverImage } from '../../runtime/programs/servers.ts';
import { failingProbe } from '../faults/podFaults.ts';
import type { KubeletHost } from '../kubelets.ts';
import { limitsOf } from '../limits.ts';
import { listens } from './ports.ts';
import type { PodState } from '../state.ts';
import type { KubeletServer } from './server.ts';
import type { Started } from './started.ts';
import { listeners } from './usage.ts';

export class PodServers implements Servers {
  private readonly kubelet: KubeletHost;
  private readonly state: (uid: string) => PodState | undefined;
  private readonly server: KubeletServer;

  /** @param state for reading only */
  constructor(kubelet: KubeletHost, state: (uid: string) => PodState | undefined) {
    this.kubelet = kubelet;
    this.state = state;
    // Pages need no tokens.
    this.server = kubelet.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) });
  }

  machine(name: string): 'up' | 'down' | 'cut' {
    const node = this.kubelet.nodeObject(name);
    if (node === undefined || this.kubelet.findNode(name)?.down === true) return 'down';
    return this.kubelet.faults.onNode('Partition', node) === undefined ? 'up' : 'cut';
  }

  listens(pod: Pod, port: number, protocol: Protocol): 'open' | 'refused' | 'hang' {
    const all = this.awake(pod);
    if (protocol !== 'TCP') return all.some((started) => declares(started, port, protocol)) ? 'open' : 'refused';
    for (const started of all) {
      if (tcpIn(started.start, port, this.age(started)) !== 'open' || !listens(started, port)) continue;
      return httpIn(started.start, port, '/', this.age(started)) === 'hang' ? 'hang' : 'open';
    }
    return 'refused';
  }

  serve(pod: Pod, port: number, request: HttpRequest): Served {
    const { method, path } = request;
    const listener = this.listener(pod, port);
    if (listener === undefined) return { ok: false, failure: 'refused' };
    const answer = httpIn(listener.start, port, path, this.age(listener));
    if (answer === 'refused') return { ok: false, failure: 'not-http' };
    if (answer === 'hang') return { ok: false, failure: 'hang' };
    const { code, contentType, body } = this.server.answer(pod, listener, answer, request);
    const response = textResponse(code, body, contentType);
    const afterMs = this.kubelet.requested(pod, port, this.stationOf(listener, answer));
    return { ok: true, response: method === 'HEAD' ? { ...response, body: '' } : response, afterMs };
  }

  station(pod: Pod, port: number, path: string): Station | 'refused' | 'hang' | 'not-http' {
    const listener = this.listener(pod, port);
    if (listener === undefined) return 'refused';
    const answer = httpIn(listener.start, port, path, this.age(listener));
    if (typeof answer === 'string') return answer === 'hang' ? 'hang' : 'not-http';
    return this.stationOf(listener, answer);
  }

  private stationOf({ container, record }: Started, code: number): Station {
    const cost = record.described?.program?.cpuPerRequest;
    return {
      id: record.id,
      container: container.name,
      code,
      limitMilliCpu: limitsOf(container).milliCpu,
      cpuPerRequestMs: cost === undefined ? serverImage(container.image ?? '')?.requestCostMs : parseDuration(cost),
    };
  }

  private listener(pod: Pod, port: number): Started | undefined {
    return this.awake(pod).find((started) => tcpIn(started.start, port, this.age(started)) === 'open' && listens(started, port));
  }

  /** The containers that run and have got so far as to listen. */
  private awake(pod: Pod): readonly Started[] {
    const running = listeners(this.kubelet.programs, pod, this.state(pod.metadata.uid ?? ''), this.kubelet.now());
    return running.filter(({ container, record }) => failingProbe(this.kubelet, pod, container, record, 'readiness')?.how !== 'starting');
  }

  private age({ record }: Started): number {
    return this.kubelet.now() - (record.startedAtMs ?? this.kubelet.now());
  }
}

function declares({ container }: Started, port: number, protocol: Protocol): boolean {
  return (container.ports ?? []).some((each) => each.containerPort === port && each.protocol === protocol);
}
