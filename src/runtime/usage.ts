/**
 * What a running program uses of the machine while nothing loads it: a little of the CPU that was asked for, more of the memory.
 * Invariant: a function of the container and the time, so the same run shows the same figures; never above a limit.
 * Counterpart: what cAdvisor reads from cgroups.
 */
import { fnv1a } from '../base/fnv.ts';

export interface Usage {
  readonly nanoCpu: number;
  readonly memoryBytes: number;
}

export interface Allowance {
  /** What was asked for; 0: nothing. */
  readonly requestedMilliCpu: number;
  readonly requestedBytes: number;
  /** Infinity: no limit. */
  readonly limitMilliCpu: number;
  readonly limitBytes: number;
}

const UNASKED_MILLI_CPU = 50;
const UNASKED_BYTES = 48 * 1024 * 1024;
/** Of the CPU asked for, an idle program uses this share on average, and swings around it. */
const CPU_SHARE = 0.04;
const MEMORY_SHARE = 0.55;
const PERIOD_MS = 180_000;

/** What is known of a program by its name. */
export interface IdleProfile {
  readonly memoryBytes: number;
  readonly idleMilliCpu?: number;
}

/**
 * @param id names the container; two containers do not swing together
 * @param profile undefined: the program uses a share of what was asked for
 */
export function idleUsage(id: string, allowance: Allowance, ageMs: number, profile?: IdleProfile): Usage {
  const { requestedMilliCpu, requestedBytes, limitMilliCpu, limitBytes } = allowance;
  const own = share(id);
  const wave = 1 + 0.3 * Math.sin((2 * Math.PI * ageMs) / PERIOD_MS + own * 2 * Math.PI);
  const usualMilliCpu = profile?.idleMilliCpu ?? (requestedMilliCpu || UNASKED_MILLI_CPU) * CPU_SHARE;
  const milliCpu = Math.min(usualMilliCpu * (0.6 + 0.8 * own) * wave, limitMilliCpu);
  // A program takes its memory within the first minute.
  const grown = 0.5 + 0.5 * Math.min(ageMs / 60_000, 1);
  const usualBytes = profile?.memoryBytes ?? (requestedBytes || UNASKED_BYTES) * MEMORY_SHARE;
  const memory = Math.min(usualBytes * (0.8 + 0.4 * own) * grown, limitBytes * 0.95);
  return { nanoCpu: Math.round(milliCpu * 1e6), memoryBytes: Math.round(memory) };
}

/** A number in [0, 1) that belongs to a text. */
function share(text: string): number {
  const hash = fnv1a(text);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
