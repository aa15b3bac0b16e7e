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
  /** When the driver's answer was there. */
  answeredMs: number | null;
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

/** Begins an operation: from now on the driver's answer is waited for. */
export function beginOperation(attachment: Attachment, phase: 'attaching' | 'detaching', nowMs: number): void {
  Object.assign(attachment, { phase, sinceMs: nowMs, answeredMs: null, lostMs: null });
}

/** How long the driver has to answer. */
const OPERATION_TIMEOUT_MS = 120_000;
const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 7_000;
const LOOK_FACTOR = 1.05;

/**
 * An operation looks for its answer after 0.5 s and then in ever longer intervals (5 % each time), until its time is over.
 * @param isAnswered whether the answer is there
 * @returns when to look again; undefined: now the answer counts, or its absence does
 */
export function nextLook(attachment: Attachment, isAnswered: boolean, nowMs: number): number | undefined {
  const { sinceMs } = attachment;
  if (!isAnswered) attachment.answeredMs = null;
  else attachment.answeredMs ??= nowMs;
  const endMs = sinceMs + OPERATION_TIMEOUT_MS;
  const at = attachment.answeredMs === null ? endMs : Math.min(endMs, lookAfter(sinceMs, attachment.answeredMs));
  return nowMs < at ? at : undefined;
}

function lookAfter(sinceMs: number, answeredMs: number): number {
  let [at, delay] = [sinceMs, FIRST_LOOK_MS];
  do {
    at += Math.round(delay);
    delay = Math.min(delay * LOOK_FACTOR, LONGEST_LOOK_MS);
  } while (at < answeredMs);
  return at;
}
