import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** What the real API server takes. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** The body; `too long`, or `broken off` if the connection ended before it was whole: half a manifest must not be carried out. */
export function readBody(message: IncomingMessage): Promise<Buffer | 'too long' | 'broken off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
    });
    message.on('end', () => resolve(length > BODY_LIMIT_BYTES ? 'too long' : Buffer.concat(chunks)));
    message.on('error', () => resolve('broken off'));
    message.on('close', () => resolve('broken off'));
  });
}
