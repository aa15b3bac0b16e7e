import type { Container, Pod, Probe } from '../../api/schema/types/core/v1.ts';
import type { Start } from '../../runtime/programs/grammar.ts';
import type { Programs } from '../programs/programs.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import { execIn, grpcIn, httpIn, tcpIn } from '../../runtime/programs/interpreter.ts';
import { startOfRecord } from '../../runtime/programs/programOf.ts';

/** What one probe came to, and how long it took. */
export interface ProbeOutcome {
  readonly result: 'success' | 'warning' | 'failure';
  readonly output: string;
  readonly tookMs: number;
}

const SUCCESS: ProbeOutcome = { result: 'success', output: '', tookMs: 0 };

/** Asks a container once. Texts as the kubelet's probers write them. @param ip address of the Pod */
export function probeContainer(
  programs: Programs,
  pod: Pod,
  container: Container,
  record: ContainerRecord,
  probe: Probe,
  ip: string,
  nowMs: number,
): ProbeOutcome {
  const own = startOfRecord(pod, container, record);
  const [server] =
    own.command === undefined ? [] : programs.servers(record.id).filter(({ start: each }) => answers(each, container, probe));
  const start = server?.start ?? own;
  const atMs = nowMs - (server?.startedAtMs ?? record.startedAtMs ?? nowMs);
  const timeout = probe.timeoutSeconds ?? 1;
  if (probe.exec !== undefined) return exec(probe.exec.command ?? [], execIn(start, probe.exec.command ?? [], atMs), timeout);
  if (probe.httpGet !== undefined) {
    const { port, path = '/', scheme = 'HTTP', host } = probe.httpGet;
    const number = portOf(container, port);
    const address = `${host ?? ip}:${number}`;
    const route = path.startsWith('/') ? path : `/${path}`;
    const url = `Get "${scheme.toLowerCase()}://${address}${route}"`;
    const answer = httpIn(start, number, route, atMs);
    const speaksHttp = start.http?.some((rule) => rule.port === number) === true;
    if (scheme === 'HTTPS' && speaksHttp && typeof answer === 'number')
      return failure(`${url}: http: server gave HTTP response to HTTPS client`);
    return http(answer, url, address, timeout);
  }
  if (probe.tcpSocket !== undefined) {
    const { port, host } = probe.tcpSocket;
    const number = portOf(container, port);
    if (tcpIn(start, number, atMs) === 'open') return SUCCESS;
    return failure(`dial tcp ${host ?? ip}:${number}: connect: connection refused`);
  }
  if (probe.grpc !== undefined) return grpc(grpcIn(start, probe.grpc.port, atMs), `${ip}:${probe.grpc.port}`, timeout);
  return SUCCESS;
}

/** What a probe comes to that fails for another reason than the program. `starting`: nothing listens yet; `slow`: the answer does not come in time. */
export function failProbe(container: Container, probe: Probe, ip: string, how: 'starting' | 'failing' | 'slow'): ProbeOutcome {
  const { exec: command, httpGet, tcpSocket, grpc: service } = probe;
  if (command !== undefined) return exec(command.command ?? [], { kind: 'exited', exitCode: 1, output: 'check failed', afterMs: 0 }, 1);
  if (httpGet !== undefined) {
    const { port, path = '/', scheme = 'HTTP', host } = httpGet;
    const address = `${host ?? ip}:${portOf(container, port)}`;
    return http(
      how === 'starting' ? 'refused' : how === 'slow' ? 'hang' : 500,
      `Get "${scheme.toLowerCase()}://${address}${path.startsWith('/') ? path : `/${path}`}"`,
      address,
      probe.timeoutSeconds ?? 1,
    );
  }
  if (tcpSocket !== undefined)
    return failure(`dial tcp ${tcpSocket.host ?? ip}:${portOf(container, tcpSocket.port)}: connect: connection refused`);
  return grpc(how === 'starting' ? 'refused' : 'not-serving', `${ip}:${service?.port ?? 0}`, probe.timeoutSeconds ?? 1);
}

/** Whether a server of the container listens where the probe asks. */
function answers(start: Start, container: Container, { httpGet, tcpSocket, grpc: service }: Probe): boolean {
  const port = httpGet?.port ?? tcpSocket?.port ?? service?.port;
  return port !== undefined && tcpIn(start, portOf(container, port), Number.MAX_SAFE_INTEGER) === 'open';
}

/** A port by number or by the name it has in the container. */
export function portOf(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

function exec(command: readonly string[], result: ReturnType<typeof execIn>, timeoutSeconds: number): ProbeOutcome {
  if (result.kind === 'hangs' || result.afterMs > timeoutSeconds * 1000) {
    return failure(`command timed out: "${command.join(' ')}" timed out after ${timeoutSeconds}s`, timeoutSeconds * 1000);
  }
  return result.exitCode === 0 ? { ...SUCCESS, tookMs: result.afterMs } : failure(result.output, result.afterMs);
}

function http(answer: ReturnType<typeof httpIn>, url: string, address: string, timeoutSeconds: number): ProbeOutcome {
  if (answer === 'hang') {
    return failure(`${url}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`, timeoutSeconds * 1000);
  }
  if (answer === 'refused') return failure(`${url}: dial tcp ${address}: connect: connection refused`);
  if (answer < 200 || answer >= 400) return failure(`HTTP probe failed with statuscode: ${answer}`);
  if (answer < 300) return SUCCESS;
  return { result: 'warning', output: `Probe terminated redirects, Response body: status ${answer}`, tookMs: 0 };
}

function grpc(answer: ReturnType<typeof grpcIn>, address: string, timeoutSeconds: number): ProbeOutcome {
  if (answer === 'serving') return SUCCESS;
  if (answer === 'not-serving') return failure('service unhealthy (responded with "NOT_SERVING")');
  return failure(
    `timeout: failed to connect service "${address}" within ${timeoutSeconds}s: context deadline exceeded`,
    timeoutSeconds * 1000,
  );
}

function failure(output: string, tookMs = 0): ProbeOutcome {
  return { result: 'failure', output, tookMs };
}
