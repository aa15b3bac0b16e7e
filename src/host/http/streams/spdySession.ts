/**
 * The server's side of a SPDY/3.1 connection: streams that the client opens, with headers, data and ends in both directions.
 * Invariant: frames are handled in the order in which they came, also while headers are still being decompressed.
 * Counterpart: the library that Kubernetes' clients use for their streams (moby/spdystream).
 */
import { Buffer } from 'node:buffer';
import { HeaderReader, HeaderWriter, uint32, type SpdyHeaders } from './spdyHeaders.ts';

/** How bytes leave, and how the connection ends. */
export interface SpdyTransport {
  write(bytes: Buffer): void;
  end(): void;
}

export interface SpdyHandlers {
  readonly onStream: (stream: SpdyStream) => void;
  readonly onClose: () => void;
}

const [SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY] = [1, 2, 3, 6, 7];
const FLAG_FIN = 1;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

export class SpdyStream {
  readonly id: number;
  readonly headers: SpdyHeaders;
  onData: (bytes: Buffer) => void = () => undefined;
  onEnd: () => void = () => undefined;
  private readonly session: SpdySession;
  private ended = false;

  constructor(session: SpdySession, id: number, headers: SpdyHeaders) {
    this.session = session;
    this.id = id;
    this.headers = headers;
  }

  write(bytes: Uint8Array): void {
    if (!this.ended && bytes.length > 0) this.session.sendData(this.id, Buffer.from(bytes), false);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.session.sendData(this.id, Buffer.alloc(0), true);
  }
}

export class SpdySession {
  private readonly transport: SpdyTransport;
  private readonly handlers: SpdyHandlers;
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private readonly streams = new Map<number, SpdyStream>();
  private received = Buffer.alloc(0);
  private queue = Promise.resolve();
  private closed = false;

  constructor(transport: SpdyTransport, handlers: SpdyHandlers) {
    this.transport = transport;
    this.handlers = handlers;
  }

  receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    while (this.received.length >= 8) {
      const length = this.received.readUIntBE(5, 3);
      if (length > MAX_FRAME_BYTES) return this.close();
      if (this.received.length < 8 + length) return;
      const frame = this.received.subarray(0, 8 + length);
      this.received = this.received.subarray(8 + length);
      this.queue = this.queue.then(() => this.frame(frame));
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.reader.dispose();
    this.transport.end();
    this.handlers.onClose();
  }

  sendData(id: number, bytes: Buffer, last: boolean): void {
    if (this.closed) return;
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id, 0);
    head.writeUInt32BE(bytes.length, 4);
    head[4] = last ? FLAG_FIN : 0;
    this.transport.write(Buffer.concat([head, bytes]));
  }

  private control(type: number, payload: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(0x8003, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt32BE(payload.length, 4);
    this.transport.write(Buffer.concat([head, payload]));
  }

  private async frame(frame: Buffer): Promise<void> {
    if (this.closed) return;
    const flags = frame[4] ?? 0;
    const payload = frame.subarray(8);
    if (((frame[0] ?? 0) & 0x80) === 0) return this.data(frame.readUInt32BE(0), payload, flags);
    switch (frame.readUInt16BE(2)) {
      case SYN_STREAM:
        return await this.synStream(payload, flags);
      case RST_STREAM:
        if (payload.length >= 4) this.finish(payload.readUInt32BE(0));
        return;
      case PING:
        return this.control(PING, payload);
      case GOAWAY:
        return this.close();
      default:
        return;
    }
  }

  private async synStream(payload: Buffer, flags: number): Promise<void> {
    if (payload.length < 10) return this.close();
    const id = payload.readUInt32BE(0) & 0x7fff_ffff;
    const headers = await this.reader.read(payload.subarray(10));
    if (headers === undefined || this.closed) return this.close();
    const stream = new SpdyStream(this, id, headers);
    this.streams.set(id, stream);
    this.control(SYN_REPLY, Buffer.concat([uint32(id), this.writer.write({})]));
    this.handlers.onStream(stream);
    if ((flags & FLAG_FIN) !== 0) this.finish(id);
  }

  private data(id: number, payload: Buffer, flags: number): void {
    if (payload.length > 0) this.streams.get(id)?.onData(payload);
    if ((flags & FLAG_FIN) !== 0) this.finish(id);
  }

  /** The client has nothing more to say on a stream. */
  private finish(id: number): void {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    stream?.onEnd();
  }
}
