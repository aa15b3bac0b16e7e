/**
 * Header blocks of SPDY/3.1: names and values, compressed over the whole life of a connection with a dictionary of its own.
 * Invariant: blocks are read in the order in which they came. Counterpart: draft-mbelshe-httpbis-spdy-00, section 2.6.10.
 */
import { Buffer } from 'node:buffer';
import { createInflate } from 'node:zlib';

export type SpdyHeaders = Readonly<Record<string, string>>;

/** The first part of the dictionary: words, each behind its length. */
const WORDS =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status';
const MORE_WORDS = ['200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'];
/** The second part: pieces that are often seen. */
const PIECES =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

export const DICTIONARY = Buffer.concat([
  ...[...WORDS.split(' '), ...MORE_WORDS].flatMap((word) => [uint32(word.length), Buffer.from(word, 'latin1')]),
  Buffer.from(PIECES, 'latin1'),
]);

const MAX_BLOCK_BYTES = 64 * 1024;

export class HeaderReader {
  private readonly inflate = createInflate({ dictionary: DICTIONARY });
  private output: Buffer[] = [];

  constructor() {
    this.inflate.on('data', (chunk: Buffer) => this.output.push(chunk));
  }

  /** @returns undefined for a block that is none */
  read(block: Buffer): Promise<SpdyHeaders | undefined> {
    return new Promise((resolve) => {
      const fail = (): void => resolve(undefined);
      this.inflate.once('error', fail);
      this.inflate.write(block, () => {
        this.inflate.flush(() => {
          this.inflate.off('error', fail);
          const bytes = Buffer.concat(this.output);
          this.output = [];
          resolve(bytes.length > MAX_BLOCK_BYTES ? undefined : parse(bytes));
        });
      });
    });
  }

  dispose(): void {
    this.inflate.destroy();
  }
}

function parse(bytes: Buffer): SpdyHeaders | undefined {
  let at = 0;
  const number = (): number => {
    const value = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0;
    at += 4;
    return value;
  };
  const text = (): string => {
    const length = number();
    const value = bytes.toString('latin1', at, at + length);
    at += length;
    return value;
  };
  const headers: Record<string, string> = {};
  for (let left = number(); left > 0 && at < bytes.length; left--) headers[text().toLowerCase()] = text();
  return at > bytes.length ? undefined : headers;
}

/** An empty stored block: until it comes, readers hold back what was before it. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** Writes blocks without compressing them: as stored pieces of one zlib stream. */
export class HeaderWriter {
  private begun = false;

  write(headers: SpdyHeaders): Buffer {
    const pairs = Object.entries(headers).flatMap((pair) => pair.flatMap((text) => [uint32(text.length), Buffer.from(text, 'latin1')]));
    const block = Buffer.concat([uint32(Object.keys(headers).length), ...pairs]);
    const lengths = Buffer.alloc(5);
    lengths.writeUInt16LE(block.length, 1);
    lengths.writeUInt16LE(~block.length & 0xffff, 3);
    const start = this.begun ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x78, 0x20]), uint32(adler32(DICTIONARY))]);
    this.begun = true;
    return Buffer.concat([start, lengths, block, FLUSH]);
  }
}

function adler32(bytes: Buffer): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
