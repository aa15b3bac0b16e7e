/**
 * What the worker tells of faults, and what it is asked about them. Part of the contract in `protocol.ts`.
 * Invariant: a fault that has begun in the recorded past is known, whether its object is still there or not.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { ObjectRef } from './view.ts';

export interface FaultSummary {
  readonly ref: ObjectRef;
  readonly type: string;
  /** It goes on. */
  readonly active: boolean;
  /** What it did, in one line. */
  readonly text: string;
}

export const faultRequests = {
  /** Those that have begun, the last one first. */
  list: new RequestType<Readonly<Record<string, never>>, readonly FaultSummary[], void>('fault/list'),
} as const;

export const tellOfFaults = {
  /** One is over: it was ended, or its time had passed. */
  over: new NotificationType<FaultSummary>('fault/over'),
} as const;
