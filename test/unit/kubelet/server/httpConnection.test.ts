import assert from 'node:assert/strict';
import { HttpConnection } from '../../../../src/kubelet/server/httpConnection.ts';

/** What is answered to pieces that come one after the other, and what the server was asked. */
function talk(...pieces: readonly string[]) {
  const asked: string[] = [];
  const connection = new HttpConnection(({ method, path, body }) => {
    asked.push(`${method} ${path} ${body}`);
    return { code: 200, contentType: 'text/plain', body: 'ok' };
  });
  const lines = pieces.map((piece) => new TextDecoder().decode(connection.send(new TextEncoder().encode(piece))).split('\r\n', 1)[0]);
  return { asked, lines, ended: connection.ended };
}

const OK = 'HTTP/1.1 200 OK';
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\n';

describe('a connection to a web server in a container', () => {
  it('takes requests in pieces, one after the other', () => {
    assert.deepEqual(talk('GET / HT', 'TP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n'), {
      asked: ['GET / ', 'GET /b '],
      lines: ['', OK],
      ended: false,
    });
    assert.deepEqual(talk(`${POST}Content-Length: 5\r\n\r\nhel`, 'lo'), { asked: ['POST /x hello'], lines: ['', OK], ended: false });
    assert.equal(talk('GET / HTTP/1.1\r\nConnection: close\r\n\r\n').ended, true);
  });

  it('takes bodies in chunks, with what stands behind a size and behind the last chunk', () => {
    const chunked = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
    assert.deepEqual(talk(`${chunked}5\r\nhello\r\n`, '6;a=b\r\n world\r\n0\r\n', '\r\n'), {
      asked: ['POST /x hello world'],
      lines: ['', '', OK],
      ended: false,
    });
    assert.deepEqual(talk(`${chunked}2\r\nhi\r\n0\r\nSum: 1\r\n\r\nGET /next HTTP/1.1\r\n\r\n`).asked, ['POST /x hi', 'GET /next ']);
  });

  const refused: readonly (readonly [what: string, line: string, ...pieces: string[]])[] = [
    ['what is no request', 'HTTP/1.1 400 Bad Request', 'hello\r\n\r\n'],
    ['a size of a chunk that is none', 'HTTP/1.1 400 Bad Request', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a head without an end', 'HTTP/1.1 431 Request Header Fields Too Large', 'GET / HTTP/1.1\r\n', 'A: b\r\n'.repeat(20_000)],
    ['a body that is too large', 'HTTP/1.1 413 Request Entity Too Large', `${POST}Content-Length: 99999999\r\n\r\n`],
    ['a chunk that is too large', 'HTTP/1.1 413 Request Entity Too Large', `${POST}Transfer-Encoding: chunked\r\n\r\nfffffff\r\n`],
  ];
  for (const [what, line, ...pieces] of refused)
    it(`ends with ${what}`, () => {
      const { lines, asked, ended } = talk(...pieces, 'GET / HTTP/1.1\r\n\r\n');
      assert.deepEqual([lines.filter((each) => each !== ''), asked, ended], [[line], [], true]);
    });
});
