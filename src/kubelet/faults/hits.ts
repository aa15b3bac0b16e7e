/**
 * Which objects felt which fault, written to the Faults' status a second later so that a hundred Pods make one write.
 * Invariant: an object counts once for a fault; what is remembered goes with the fault.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { HIT_LIMIT } from '../../api/kubepad/fault/match.ts';
import { FAULTS, type Fault } from '../../api/kubepad/types.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { Client } from '../../client/client.ts';

interface Tally {
  readonly name: string;
  readonly uids: Set<string>;
  /** The first ones, as the status names them. */
  readonly first: string[];
  written: number;
}

export class Hits {
  private readonly client: Client;
  private readonly wake: () => void;
  private readonly tallies = new Map<string, Tally>();
  private waiting = false;

  /** @param wake asks for a call of `flush` soon */
  constructor(client: Client, wake: () => void) {
    this.client = client;
    this.wake = wake;
  }

  note(fault: Fault, uid: string, text: string): void {
    const { uid: faultUid = '', name = '' } = fault.metadata;
    let tally = this.tallies.get(faultUid);
    if (tally === undefined) this.tallies.set(faultUid, (tally = { name, uids: new Set(), first: [], written: 0 }));
    if (tally.uids.has(uid)) return;
    tally.uids.add(uid);
    if (tally.first.length < HIT_LIMIT) tally.first.push(text);
    if (this.waiting) return;
    this.waiting = true;
    this.wake();
  }

  flush(): void {
    this.waiting = false;
    for (const tally of this.tallies.values()) {
      if (tally.written !== tally.uids.size) this.write(tally);
      tally.written = tally.uids.size;
    }
  }

  forget(faultUid: string): void {
    this.tallies.delete(faultUid);
  }

  checkpoint(): JsonObject {
    const tallies = [...this.tallies].map(([uid, { name, uids, first, written }]) => ({
      uid,
      name,
      uids: [...uids],
      first: [...first],
      written,
    }));
    return { tallies: tallies as unknown as Json, waiting: this.waiting };
  }

  restore(memory: Json): void {
    const { tallies, waiting } = memory as unknown as {
      readonly tallies: readonly {
        readonly uid: string;
        readonly name: string;
        readonly uids: string[];
        readonly first: string[];
        readonly written: number;
      }[];
      readonly waiting: boolean;
    };
    this.tallies.clear();
    for (const { uid, name, uids, first, written } of tallies)
      this.tallies.set(uid, { name, uids: new Set(uids), first: [...first], written });
    this.waiting = waiting;
  }

  private write({ name, uids, first }: Tally): void {
    try {
      this.client.modify(
        FAULTS,
        '',
        name,
        (fault) => void (fault.status = { ...fault.status, hits: uids.size, hit: [...first] }),
        'status',
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
