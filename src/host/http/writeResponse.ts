import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { HttpResponse } from '../../apiserver/endpoints/http.ts';

/** Answers from this size on are compressed for clients that understand it, as the real API server does. */
const COMPRESS_FROM_BYTES = 128 * 1024;

export function writeResponse(
  response: ServerResponse,
  answer: HttpResponse,
  requestHeaders: Readonly<Record<string, string | undefined>>,
): void {
  const body = answer.bytes === undefined ? Buffer.from(answer.body, 'utf8') : Buffer.from(answer.bytes);
  const compress = isCompressed(body, requestHeaders['accept-encoding'] ?? '');
  const content = compress ? gzipSync(body, { level: 1 }) : body;
  response.setHeader('Audit-Id', randomUUID());
  response.setHeader('Cache-Control', 'no-cache, private');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.warnings.length > 0) response.setHeader('Warning', answer.warnings.map(warning));
  if (compress) response.setHeader('Content-Encoding', 'gzip');
  if (answer.code !== 204 && answer.code !== 304) response.setHeader('Content-Length', content.length);
  response.writeHead(answer.code);
  if (answer.code === 204 || answer.code === 304) response.end();
  else response.end(content);
}

export function isCompressed(body: { readonly length: number }, acceptEncoding: string): boolean {
  return body.length >= COMPRESS_FROM_BYTES && /\bgzip\b/.test(acceptEncoding);
}

/** RFC 7234: code, agent, text in quotes. Header values are ASCII; the rest goes as its UTF-8 bytes. */
function warning(text: string): string {
  const quoted = `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `299 - ${Buffer.from(quoted, 'utf8').toString('latin1')}`;
}
