import type { Json } from '../../../base/json.ts';
import type { ConnectFailure, RequestFailure } from '../../network.ts';
import type { PodNetwork } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import type { Memory } from './support.ts';

/** How long Linux tries to connect. */
const CONNECT_MS = 127_000;

/** When the first packet of a connection is sent again. */
const RETRIES_MS = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000];

interface Timed {
  readonly ok: boolean;
  readonly failure?: string;
  readonly afterMs: number;
}

export type Answered<T> = T | Wait;

/**
 * Asks the network once and gives its answer when its time has come.
 * @param giveUpMs after so long the process stops waiting for an answer that never comes
 */
export function answered<T extends Timed>(
  task: Task,
  memory: Memory,
  key: string,
  ask: (network: PodNetwork) => T,
  giveUpMs: number,
): Answered<T> {
  const known = memory[key] as { readonly begunMs: number; readonly atMs: number; readonly value: Json } | undefined;
  if (known !== undefined && task.nowMs < known.atMs) return { for: 'time', atMs: known.atMs };
  if (known !== undefined && known.value !== null) return known.value as unknown as T;
  const begunMs = known?.begunMs ?? task.nowMs;
  const { network } = task.machine;
  const value = network === undefined ? (UNREACHABLE as unknown as T) : ask(network);
  const never = !value.ok && (value.failure === 'timeout' || value.failure === 'no-answer');
  // The kernel asks for the connection again and again: by then somebody may be there.
  const again = value.failure === 'timeout' ? RETRIES_MS.find((ms) => begunMs + ms > task.nowMs && ms < giveUpMs) : undefined;
  if (again !== undefined) {
    memory[key] = { begunMs, atMs: begunMs + again, value: null };
    return { for: 'time', atMs: begunMs + again };
  }
  const atMs = never ? begunMs + giveUpMs : task.nowMs + Math.min(Math.ceil(value.afterMs), giveUpMs);
  memory[key] = { begunMs, atMs, value: value as unknown as Json };
  return atMs > task.nowMs ? { for: 'time', atMs } : value;
}

const UNREACHABLE = { ok: false, failure: 'try-again', afterMs: 0, why: 'no network', server: '10.96.0.10' };

export function connectTimeout(ownMs: number | undefined): number {
  return Math.min(ownMs ?? CONNECT_MS, CONNECT_MS);
}

export function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes('::') || /^[0-9a-f]*:[0-9a-f:]+$/i.test(host);
}

/** In the words of the C library. @param limited the program gave up by itself */
export function reasonOf(failure: ConnectFailure | RequestFailure | string, limited: boolean): string {
  switch (failure) {
    case 'refused':
      return 'Connection refused';
    case 'unreachable':
      return 'No route to host';
    case 'timeout':
      return limited ? 'Connection timed out' : 'Operation timed out';
    case 'reset':
      return 'Connection reset by peer';
    default:
      return 'Network unreachable';
  }
}
