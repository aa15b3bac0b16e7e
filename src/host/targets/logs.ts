/**
 * Logs of containers of a real cluster, and what they write from then on.
 * Invariant: every line is told once: the stream begins at the last line that was read, and what is known is passed over.
 * Counterpart: kubectl logs -f --timestamps.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { failure, type Status } from '../../apimachinery/errors/status.ts';
import { getObject, type RestAnswer } from '../../kubectl/rest.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { Answer, LogsParams } from '../protocol/protocol.ts';
import { defaultContainer } from '../worker/logFollowers.ts';
import { lineReader } from './reflector.ts';
import type { Transport } from './transport.ts';

/** More than an editor keeps of a log. */
const LINES = 10_000;

export class RealLogs {
  private readonly transport: Transport;
  private readonly tell: (follow: string, text: string) => void;
  private readonly followed = new Map<string, AbortController>();

  constructor(transport: Transport, tell: (follow: string, text: string) => void) {
    this.transport = transport;
    this.tell = tell;
  }

  async read({ ref, container: wanted, previous, tailLines = LINES, follow }: LogsParams): Promise<Answer<string>> {
    let container = wanted;
    if (container === undefined) {
      const pod = await getObject(this.transport, ref);
      if (!pod.ok) return pod;
      container = defaultContainer(pod.value as unknown as Pod);
    }
    const path = `/api/v1/namespaces/${encodeURIComponent(ref.namespace)}/pods/${encodeURIComponent(ref.name)}/log`;
    const query = { container, timestamps: 'true' };
    const answer = await this.transport.request({
      method: 'GET',
      path,
      query: { ...query, tailLines: String(tailLines), ...(previous ? { previous: 'true' } : {}) },
      accept: '*/*',
    });
    const { code, body, warnings } = answer;
    if (code !== 200 || typeof body !== 'string') return { ok: false, status: statusOf(answer) };
    if (follow !== undefined) this.follow(follow, path, query, body);
    return { ok: true, value: body, warnings };
  }

  stop(follow: string): void {
    this.followed.get(follow)?.abort();
    this.followed.delete(follow);
  }

  dispose(): void {
    for (const follow of [...this.followed.keys()]) this.stop(follow);
  }

  private follow(follow: string, path: string, query: Readonly<Record<string, string>>, known: string): void {
    this.stop(follow);
    const ended = new AbortController();
    this.followed.set(follow, ended);
    const last = known.trimEnd().split('\n').at(-1) ?? '';
    const sinceTime = /^\S+/.exec(last)?.[0] ?? '';
    const said = new Set(known.split('\n').slice(-LINES));
    let isNew = sinceTime === '';
    const onText = lineReader((line) => {
      if (!isNew && said.has(line)) return;
      isNew = true;
      this.tell(follow, `${line}\n`);
    });
    const request = { path, query: { ...query, follow: 'true', ...(sinceTime === '' ? {} : { sinceTime }) }, accept: '*/*' };
    // The end of a log is no failure: the container has ended, or the connection; what was read stays.
    this.transport.stream(request, { onText, signal: ended.signal }).catch(() => undefined);
  }
}

function statusOf({ code, body }: RestAnswer): Status {
  if (isRecord(body) && body['kind'] === 'Status') return body as unknown as Status;
  return failure(code, undefined, typeof body === 'string' && body !== '' ? body.trim() : `the server answered ${code}`);
}
