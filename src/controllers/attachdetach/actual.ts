/** What the controller knows of the nodes that it has asked to have a volume: plain data, one record a volume. */
export interface VolumeState {
  readonly volume: string;
  /** In the order in which they were begun. */
  readonly attachments: Attachment[];
  /** Nodes of which it was said that they cannot have the volume as long as another one has it. */
  refused: string[];
}

/**
 * One volume on one node.
 * attaching: asked for, the answer is waited for. attached: the driver says so. failed: it did not come to it, or not certainly.
 * detaching: the object that asked for it is deleted, its end is waited for.
 */
export interface Attachment {
  readonly node: string;
  /** The VolumeAttachment. */
  readonly name: string;
  /** The volume as the status of nodes calls it. */
  readonly uniqueName: string;
  phase: 'attaching' | 'attached' | 'failed' | 'detaching';
  /** Since when the present operation goes on, milliseconds since 1970. */
  sinceMs: number;
  /** Operations in a row that failed, and when the next one may begin. */
  failures: number;
  retryAtMs: number;
  /** Since when the volume should not be on the node any more. */
  unwantedMs: number | null;
  /** Since when its object does not say any more that it is attached. */
  lostMs: number | null;
  /** Whether the node's kubelet has it in use; one that has not said so yet may. */
  mounted: boolean;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 122_000;

export function noteFailure(attachment: Attachment, nowMs: number): void {
  attachment.retryAtMs = nowMs + Math.min(FIRST_RETRY_MS * 2 ** attachment.failures, LONGEST_RETRY_MS);
  attachment.failures++;
}

/** How long the driver has to answer. */
export const OPERATION_TIMEOUT_MS = 120_000;
const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 7_000;
const LOOK_FACTOR = 1.05;

/** When an operation looks for its answer next: after 0.5 s, then each time 5 % later, and at last when its time is over. */
export function lookAt(sinceMs: number, nowMs: number): number {
  let [at, delay] = [sinceMs, FIRST_LOOK_MS];
  do {
    at += Math.round(delay);
    delay = Math.min(delay * LOOK_FACTOR, LONGEST_LOOK_MS);
  } while (at < nowMs);
  return Math.min(at, Math.max(sinceMs + OPERATION_TIMEOUT_MS, nowMs));
}
