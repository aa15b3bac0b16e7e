import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import type { HttpResponse } from '../../apiserver/endpoints/http.ts';

/** Answers from this size on are compressed for clients that understand it, as the real API server does. */
const COMPRESS_FROM_BYTES = 128 * 1024;
/** Pieces are put together until they are worth a write. */
const CHUNK_CHARACTERS = 256 * 1024;

export function writeResponse(
  response: ServerResponse,
  answer: HttpResponse,
  requestHeaders: Readonly<Record<string, string | undefined>>,
): void {
  response.setHeader('Audit-Id', randomUUID());
  response.setHeader('Cache-Control', 'no-cache, private');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.warnings.length > 0) response.setHeader('Warning', answer.warnings.map(warning));
  const accepted = requestHeaders['accept-encoding'] ?? '';
  if (answer.pieces !== undefined) {
    // Who goes away in the middle gets no answer; there is nobody to tell.
    writePieces(response, answer.code, answer.pieces, accepted).catch(() => response.destroy());
    return;
  }
  const body = answer.bytes === undefined ? Buffer.from(answer.body, 'utf8') : Buffer.from(answer.bytes);
  const compress = isCompressed(body, accepted);
  const content = compress ? gzipSync(body, { level: 1 }) : body;
  if (compress) response.setHeader('Content-Encoding', 'gzip');
  if (answer.code !== 204 && answer.code !== 304) response.setHeader('Content-Length', content.length);
  response.writeHead(answer.code);
  if (answer.code === 204 || answer.code === 304) response.end();
  else response.end(content);
}

export function isCompressed(body: { readonly length: number }, acceptEncoding: string): boolean {
  return body.length >= COMPRESS_FROM_BYTES && acceptsGzip(acceptEncoding);
}

function acceptsGzip(acceptEncoding: string): boolean {
  return /\bgzip\b/.test(acceptEncoding);
}

/**
 * Only as fast as the client reads; between two writes the process sees to everybody else. All of it goes through one buffer,
 * as memory outside of the heap, allocated anew for every write, makes the garbage collector run.
 */
async function writePieces(response: ServerResponse, code: number, pieces: Iterable<string>, accepted: string): Promise<void> {
  let target: Writable = response;
  if (acceptsGzip(accepted)) {
    response.setHeader('Content-Encoding', 'gzip');
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    response.once('close', () => gzip.destroy());
    target = gzip;
  }
  response.writeHead(code);
  let buffer = Buffer.alloc(0);
  for (const chunk of chunksOf(pieces)) {
    const bytes = Buffer.byteLength(chunk);
    if (buffer.length < bytes) buffer = Buffer.allocUnsafe(bytes + CHUNK_CHARACTERS / 4);
    buffer.write(chunk, 'utf8');
    await written(target, buffer.subarray(0, bytes));
  }
  target.end();
}

/** Resolves when the bytes are used no more. */
function written(target: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    target.write(bytes, (error) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}

function* chunksOf(pieces: Iterable<string>): Generator<string, undefined> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** RFC 7234: code, agent, text in quotes. Header values are ASCII; the rest goes as its UTF-8 bytes. */
function warning(text: string): string {
  const quoted = `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `299 - ${Buffer.from(quoted, 'utf8').toString('latin1')}`;
}
