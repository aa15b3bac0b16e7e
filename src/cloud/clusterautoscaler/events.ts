import { CONFIGMAPS } from '../../api/schema/resources.ts';
import type { ObjectReference } from '../../api/schema/types/core/v1.ts';
import type { Json } from '../../base/json.ts';
import { objectReference, type Client } from '../../client/client.ts';
import { EventRecorder, type EventType } from '../../client/eventRecorder.ts';
import { STATUS_NAME } from './status.ts';

/** The same event about the same object is told once in so long (`--record-duplicated-events=false`). */
export const DUPLICATE_MS = 300_000;

/** Events of the autoscaler: about Pods and nodes, and about the whole, which hang on its status. */
export class AutoscalerEvents {
  private readonly client: Client;
  private readonly now: () => number;
  private readonly recorder: EventRecorder;
  private readonly told = new Map<string, number>();

  constructor(client: Client, now: () => number) {
    this.client = client;
    this.now = now;
    this.recorder = new EventRecorder(client, { component: 'cluster-autoscaler' }, now);
  }

  about(object: ObjectReference, type: EventType, reason: string, message: string): void {
    const now = this.now();
    for (const [key, at] of this.told) {
      if (at + DUPLICATE_MS > now) break;
      this.told.delete(key);
    }
    const key = [object.uid ?? '', reason, message].join('\0');
    if (this.told.has(key)) return;
    this.told.set(key, now);
    this.recorder.event(object, type, reason, message);
  }

  cluster(type: EventType, reason: string, message: string): void {
    const status = this.client.get(CONFIGMAPS, 'kube-system', STATUS_NAME);
    if (status !== undefined) this.about(objectReference(CONFIGMAPS, status), type, reason, message);
  }

  checkpoint(): Json {
    return { recorder: this.recorder.checkpoint(), told: [...this.told] };
  }

  restore(state: Json): void {
    const { recorder, told } = state as { readonly recorder: Json; readonly told: readonly [string, number][] };
    this.recorder.restore(recorder);
    this.told.clear();
    for (const [key, at] of told) this.told.set(key, at);
  }
}
