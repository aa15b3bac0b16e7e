import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** What the real API server takes. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** The body; undefined if it is too long. A connection that breaks off leaves what there is. */
export function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
    });
    message.on('end', () => resolve(length > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks)));
    message.on('error', () => resolve(Buffer.concat(chunks)));
  });
}
