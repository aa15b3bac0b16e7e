import type { ServerResponse } from 'node:http';
import type { WatchStream } from '../../apiserver/endpoints/http.ts';

const EVENTS_AT_ONCE = 500;
const BOOKMARK_INTERVAL_MS = 60_000;

/** Writes a watch as long as the client reads, until its time is up. Reads on only when the socket has taken what it was given. */
export function streamWatch(response: ServerResponse, watch: WatchStream): void {
  for (const [name, value] of Object.entries(watch.headers)) response.setHeader(name, value);
  response.writeHead(200);
  response.flushHeaders();
  let scheduled = false;
  let blocked = false;
  let closed = false;

  const pump = (): void => {
    scheduled = false;
    while (!blocked && !closed) {
      const text = watch.read(EVENTS_AT_ONCE);
      if (text !== '') blocked = !response.write(text, watch.binary === true ? 'latin1' : 'utf8');
      if (watch.ended) return end();
      if (text === '') return;
    }
  };
  // Many writes of one slice of the simulation are one wake-up.
  const wake = (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(pump);
  };
  const end = (): void => {
    if (closed) return;
    closed = true;
    changes.dispose();
    clearTimeout(timeout);
    clearInterval(bookmarks);
    response.end();
  };

  const changes = watch.onChange(wake);
  const timeout = setTimeout(end, watch.timeoutMs);
  const bookmarks = setInterval(() => {
    const text = blocked ? '' : watch.bookmark();
    if (text !== '') blocked = !response.write(text, watch.binary === true ? 'latin1' : 'utf8');
  }, BOOKMARK_INTERVAL_MS);
  response.on('drain', () => {
    blocked = false;
    wake();
  });
  response.on('close', end);
  pump();
}
