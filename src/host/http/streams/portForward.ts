/**
 * Ports of a Pod over SPDY streams: for each connection a stream for data and one for what went wrong.
 * Invariant: a port that refuses is told on the error stream and ends both. Counterpart: k8s.io/kubelet/pkg/cri/streaming/portforward.
 */
import { Buffer } from 'node:buffer';
import type { PortStreams } from '../../../apiserver/endpoints/http.ts';
import type { SpdyStream } from './spdySession.ts';

export const PORT_PROTOCOL = 'portforward.k8s.io';

export class PortForward {
  private readonly ports: PortStreams;
  /** Streams for errors that wait for the stream for data of the same connection. */
  private readonly errors = new Map<string, SpdyStream>();

  constructor(ports: PortStreams) {
    this.ports = ports;
  }

  add(stream: SpdyStream): void {
    const id = stream.headers['requestid'] ?? '';
    if (stream.headers['streamtype'] === 'error') {
      this.errors.set(id, stream);
      return;
    }
    const error = this.errors.get(id);
    this.errors.delete(id);
    this.connect(stream, error, Number(stream.headers['port'] ?? '0'));
  }

  private connect(data: SpdyStream, error: SpdyStream | undefined, port: number): void {
    const connection = this.ports.dial(port);
    if (typeof connection === 'string') {
      error?.write(
        Buffer.from(`error forwarding port ${port} to pod: failed to connect to localhost:${port} inside namespace: ${connection}`),
      );
      error?.end();
      data.end();
      return;
    }
    const end = (): void => {
      data.end();
      error?.end();
    };
    data.onData = (bytes) => {
      data.write(connection.send(bytes));
      if (connection.ended) end();
    };
    data.onEnd = end;
  }
}
