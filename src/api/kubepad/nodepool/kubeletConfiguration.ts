/**
 * How the kubelets of a NodePool are configured: the fields of KubeletConfiguration that the simulated kubelet acts on, by their names.
 * Invariant: what is absent has the real default; once `evictionHard` is given, its defaults are gone unless they are asked for.
 * Counterpart: k8s.io/kubelet/config/v1beta1.KubeletConfiguration and ParseThresholdConfig of pkg/kubelet/eviction.
 */
import { formatQuantity, fromMilli, fromValue, milliValue, value } from '../../../apimachinery/quantity/quantity.ts';
import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { parseDuration } from '../duration.ts';

export const EVICTION_SIGNALS = ['imagefs.available', 'memory.available', 'nodefs.available'] as const;
export type EvictionSignal = (typeof EVICTION_SIGNALS)[number];

type Amounts = Readonly<Record<string, string>>;

export interface KubeletConfiguration {
  /** How many Pods a machine takes; default: as its resources say. */
  readonly maxPods?: number;
  /** What is kept from Pods for the system, and for the kubelet and the runtime: machines that come later have less allocatable. */
  readonly systemReserved?: Amounts;
  readonly kubeReserved?: Amounts;
  /** Signal > amount or percentage below which Pods are evicted at once. */
  readonly evictionHard?: Amounts;
  /** The same, but only after the signal's `evictionSoftGracePeriod`. */
  readonly evictionSoft?: Amounts;
  readonly evictionSoftGracePeriod?: Amounts;
  /** How much more than the threshold is freed once it was met. */
  readonly evictionMinimumReclaim?: Amounts;
  /** How long a condition of pressure stays after the pressure ended. Default 5m. */
  readonly evictionPressureTransitionPeriod?: string;
  /** What a Pod that is evicted by a soft threshold gets to end, in seconds, at most. Default 0. */
  readonly evictionMaxPodGracePeriod?: number;
  /** Whether signals that `evictionHard` does not name keep their defaults. */
  readonly mergeDefaultEvictionSettings?: boolean;
  /** From which use of the disk on unused images are deleted, and down to which. Default 85 and 80. */
  readonly imageGCHighThresholdPercent?: number;
  readonly imageGCLowThresholdPercent?: number;
  /** So long an image that is new on the machine is left alone. Default 2m. */
  readonly imageMinimumGCAge?: string;
}

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', additionalProperties: TEXT };
const COUNT: Schema = { type: 'integer', format: 'int32' };

export const KUBELET_CONFIGURATION_SCHEMA: Schema = {
  type: 'object',
  properties: {
    maxPods: COUNT,
    systemReserved: TEXTS,
    kubeReserved: TEXTS,
    evictionHard: TEXTS,
    evictionSoft: TEXTS,
    evictionSoftGracePeriod: TEXTS,
    evictionMinimumReclaim: TEXTS,
    evictionPressureTransitionPeriod: TEXT,
    evictionMaxPodGracePeriod: COUNT,
    mergeDefaultEvictionSettings: { type: 'boolean' },
    imageGCHighThresholdPercent: COUNT,
    imageGCLowThresholdPercent: COUNT,
    imageMinimumGCAge: TEXT,
  },
};

export const KUBELET_CONFIGURATION_GO_FACTS =
  'maxPods* systemReserved kubeReserved evictionHard evictionSoft evictionSoftGracePeriod evictionMinimumReclaim evictionPressureTransitionPeriod evictionMaxPodGracePeriod mergeDefaultEvictionSettings* imageGCHighThresholdPercent* imageGCLowThresholdPercent* imageMinimumGCAge';

/** A line below which a machine is in need. */
export interface Threshold {
  readonly signal: EvictionSignal;
  readonly isSoft: boolean;
  /** A quantity, or a percentage of the capacity. */
  readonly amount: string;
  readonly graceMs: number;
  readonly minReclaim: string;
}

/** What follows from a configuration. */
export interface KubeletSettings {
  /** Memory first, as it is relieved first. */
  readonly thresholds: readonly Threshold[];
  /** Others than the default ones may be met without anything special going on. */
  readonly hasOwnThresholds: boolean;
  readonly transitionMs: number;
  readonly maxPodGraceSeconds: number;
  readonly imageHighPercent: number;
  readonly imageLowPercent: number;
  readonly imageMinAgeMs: number;
}

const DEFAULT_EVICTION_HARD: Amounts = { 'memory.available': '100Mi', 'nodefs.available': '10%', 'imagefs.available': '15%' };
const DEFAULT_TRANSITION_MS = 300_000;
const DEFAULT_IMAGE_AGE_MS = 120_000;
const ORDER: readonly EvictionSignal[] = ['memory.available', 'nodefs.available', 'imagefs.available'];

export function kubeletSettings(configuration: KubeletConfiguration = {}): KubeletSettings {
  const { evictionSoft = {}, evictionSoftGracePeriod = {}, evictionMinimumReclaim = {} } = configuration;
  const hard = evictionHardOf(configuration);
  const thresholds = ORDER.flatMap((signal) =>
    [hard, evictionSoft].flatMap((amounts): Threshold[] => {
      const amount = amounts[signal];
      // The real parser leaves these two out.
      if (amount === undefined || amount === '0%' || amount === '100%') return [];
      const isSoft = amounts === evictionSoft;
      const graceMs = isSoft ? durationOf(evictionSoftGracePeriod[signal], 0) : 0;
      return [{ signal, isSoft, amount, graceMs, minReclaim: evictionMinimumReclaim[signal] ?? '0' }];
    }),
  );
  return {
    thresholds,
    hasOwnThresholds: configuration.evictionHard !== undefined || configuration.evictionSoft !== undefined,
    transitionMs: durationOf(configuration.evictionPressureTransitionPeriod, DEFAULT_TRANSITION_MS),
    maxPodGraceSeconds: configuration.evictionMaxPodGracePeriod ?? 0,
    imageHighPercent: configuration.imageGCHighThresholdPercent ?? 85,
    imageLowPercent: configuration.imageGCLowThresholdPercent ?? 80,
    imageMinAgeMs: durationOf(configuration.imageMinimumGCAge, DEFAULT_IMAGE_AGE_MS),
  };
}

export const DEFAULT_SETTINGS = kubeletSettings();

function evictionHardOf({ evictionHard, mergeDefaultEvictionSettings = false }: KubeletConfiguration): Amounts {
  if (evictionHard === undefined) return DEFAULT_EVICTION_HARD;
  return mergeDefaultEvictionSettings ? { ...DEFAULT_EVICTION_HARD, ...evictionHard } : evictionHard;
}

/** A zero is as good as absent, as for the real defaults. */
function durationOf(text: string | undefined, otherwise: number): number {
  return parseDuration(text ?? '') || otherwise;
}

/** `5%` or `5Gi`. */
export function bytesOf(amount: string, capacityBytes: number): number {
  return amount.endsWith('%') ? Math.floor((Number.parseFloat(amount) / 100) * capacityBytes) : value(amount);
}

/**
 * What is left for Pods: the capacity but for what is reserved and for the hard thresholds.
 * Worked example: memory 8Gi, kubeReserved 1Gi, evictionHard memory.available 500Mi: 8192Mi - 1024Mi - 500Mi = 6668Mi.
 * @returns undefined if the configuration says nothing about that
 */
export function allocatableBy(configuration: KubeletConfiguration, capacity: Amounts): Record<string, string> | undefined {
  const { systemReserved, kubeReserved, evictionHard } = configuration;
  if (systemReserved === undefined && kubeReserved === undefined && evictionHard === undefined) return undefined;
  const kept = evictionHardOf(configuration);
  const left: Record<string, string> = { ...capacity };
  for (const [name, signal] of [
    ['cpu', ''],
    ['memory', 'memory.available'],
    ['ephemeral-storage', 'nodefs.available'],
  ] as const) {
    const total = capacity[name];
    if (total === undefined) continue;
    const reserved = milliValue(systemReserved?.[name]) + milliValue(kubeReserved?.[name]);
    const threshold = bytesOf(kept[signal] ?? '0', value(total));
    if (name === 'cpu') left[name] = formatQuantity(fromMilli(Math.max(0, milliValue(total) - reserved)));
    else left[name] = formatQuantity(fromValue(Math.max(0, value(total) - Math.ceil(reserved / 1000) - threshold), 'BinarySI'));
  }
  return left;
}
