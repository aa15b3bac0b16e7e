import type { Json } from '../../base/json.ts';
import type { EndpointRule } from './serviceRule.ts';

interface Session {
  /** `address port` */
  readonly endpoint: string;
  readonly untilMs: number;
}

/** Sessions are looked through for old ones when there are so many. */
const SWEEP_AT = 4_096;

/** Which client goes to which endpoint, for Services with sessionAffinity. Each kube-proxy keeps its own. */
export class Sessions {
  private sessions: Record<string, Session> = {};
  private count = 0;
  private sweepAt = SWEEP_AT;

  /** The endpoint that the client used last, if it may still be used; else the one that was chosen. Either begins the time anew. */
  stick(client: string, chosen: EndpointRule, endpoints: readonly EndpointRule[], nowMs: number, timeoutMs: number): EndpointRule {
    const before = this.sessions[client];
    const same = before === undefined || before.untilMs < nowMs ? undefined : endpoints.find((each) => nameOf(each) === before.endpoint);
    const endpoint = same ?? chosen;
    if (before === undefined && ++this.count > this.sweepAt) this.sweep(nowMs);
    this.sessions[client] = { endpoint: nameOf(endpoint), untilMs: nowMs + timeoutMs };
    return endpoint;
  }

  /** Sessions that are over are left out. */
  checkpoint(nowMs: number): Json {
    return Object.fromEntries(Object.entries(this.sessions).filter(([, { untilMs }]) => untilMs >= nowMs)) as unknown as Json;
  }

  restore(memory: Json): void {
    this.sessions = { ...(memory as unknown as Record<string, Session> | null) };
    this.count = Object.keys(this.sessions).length;
    this.sweepAt = Math.max(SWEEP_AT, this.count * 2);
  }

  private sweep(nowMs: number): void {
    for (const [client, { untilMs }] of Object.entries(this.sessions)) if (untilMs < nowMs) delete this.sessions[client];
    this.count = Object.keys(this.sessions).length;
    this.sweepAt = Math.max(SWEEP_AT, this.count * 2);
  }
}

function nameOf({ address, port }: EndpointRule): string {
  return `${address} ${port}`;
}
