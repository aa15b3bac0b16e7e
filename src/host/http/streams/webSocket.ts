/**
 * The server's side of a WebSocket: frames in and out over a socket that the HTTP server has handed over.
 * Invariant: messages are whole when they are handed on; whatever breaks the protocol closes the connection.
 * Counterpart: RFC 6455.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';

export interface WebSocketHandlers {
  readonly onMessage: (data: Buffer) => void;
  readonly onClose: () => void;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const [NORMAL, PROTOCOL_ERROR, TOO_BIG] = [1000, 1002, 1009];

/** The head of the answer that agrees to the upgrade. @param key the client's `Sec-WebSocket-Key` */
export function acceptance(key: string, protocol: string): string {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const chosen = protocol === '' ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${chosen}\r\n`;
}

export class WebSocket {
  private readonly socket: Duplex;
  private readonly handlers: WebSocketHandlers;
  private received: Buffer;
  private parts: Buffer[] = [];
  private partsLength = 0;
  private closed = false;

  /** @param head what came in behind the request already */
  constructor(socket: Duplex, head: Buffer, handlers: WebSocketHandlers) {
    this.socket = socket;
    this.handlers = handlers;
    this.received = head;
    socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      this.readFrames();
    });
    socket.on('close', () => this.end());
    socket.on('error', () => this.end());
  }

  /** Takes up what came with the request; called once the handlers are ready. */
  start(): void {
    this.readFrames();
  }

  /** @returns false if the client should get no more for now; `drain` of the socket says when */
  send(data: Uint8Array, binary = true): boolean {
    return this.closed || this.write(binary ? BINARY : TEXT, Buffer.from(data));
  }

  onDrain(listener: () => void): void {
    this.socket.on('drain', listener);
  }

  close(code = NORMAL): void {
    if (this.closed) return;
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.write(CLOSE, payload);
    this.end();
    this.socket.end();
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers.onClose();
  }

  private write(opcode: number, payload: Buffer): boolean {
    const { length } = payload;
    const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    head[0] = 0x80 | opcode;
    head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
    if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
    else if (length >= 126) head.writeUInt16BE(length, 2);
    this.socket.write(head);
    return this.socket.write(payload);
  }

  private readFrames(): void {
    while (!this.closed) {
      const { received } = this;
      const [first, second] = received;
      if (first === undefined || second === undefined) return;
      let length = second & 0x7f;
      let at = 2;
      if (length === 126) {
        if (received.length < 4) return;
        length = received.readUInt16BE(2);
        at = 4;
      } else if (length === 127) {
        if (received.length < 10) return;
        length = Number(received.readBigUInt64BE(2));
        at = 10;
      }
      if (length + this.partsLength > MAX_MESSAGE_BYTES) return this.close(TOO_BIG);
      // Clients mask what they send, and use no extensions.
      if ((second & 0x80) === 0 || (first & 0x70) !== 0) return this.close(PROTOCOL_ERROR);
      if (received.length < at + 4 + length) return;
      const mask = received.subarray(at, at + 4);
      const payload = Buffer.from(received.subarray(at + 4, at + 4 + length));
      for (let index = 0; index < length; index++) payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
      this.received = received.subarray(at + 4 + length);
      this.frame(first & 0x0f, (first & 0x80) !== 0, payload);
    }
  }

  private frame(opcode: number, final: boolean, payload: Buffer): void {
    switch (opcode) {
      case CONTINUATION:
      case TEXT:
      case BINARY:
        this.parts.push(payload);
        this.partsLength += payload.length;
        if (!final) return;
        {
          const message = this.parts.length === 1 ? payload : Buffer.concat(this.parts);
          this.parts = [];
          this.partsLength = 0;
          this.handlers.onMessage(message);
        }
        return;
      case PING:
        this.write(PONG, payload);
        return;
      case PONG:
        return;
      case CLOSE:
        return this.close();
      default:
        this.close(PROTOCOL_ERROR);
    }
  }
}
